"""Articles of Greek law, and their official headings as questions with one right answer."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.document import ROW

CODES = Path(__file__).parent / "data" / "laws"


def articles(path: Path) -> Iterator[tuple[str, str]]:
    """Each article's id and text; its heading is what is asked for, so it is left out."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        next(file)
        for line in file:
            key, _heading, text = line.rstrip("\n").split("\t")
            yield key, text


def rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """The articles as rows of the index's view, with the text as body."""
    for number, (key, text) in enumerate(articles(path), start=1):
        values = {"id": number, "version": 1, "kind": "practice", "slug": key, "language": "el"}
        values |= {"body_el": text, "facets": "{}", "sort": "{}"}
        yield tuple(values.get(name, "") for name in ROW)


def headings(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each question's id, the heading, and the article that it is of."""
    for line in path.read_text("utf-8").splitlines()[1:]:
        query, text, answer = line.split("\t")
        yield query, text, answer
