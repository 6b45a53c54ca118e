"""Any number of documents of real text in the shape that the index reads: laws and practices."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from evaluation import laws
from indexer.document import ROW

DEMO = Path(__file__).parent.parent / "kb" / "practices" / "demo" / "practices.jsonl"
WORDS = 150  # in a passage; a document has two of them and a title
SECTIONS = ("challenge", "goals", "how_it_works", "results", "lessons", "transferability")
# How many codes each facet has in the real vocabularies, and how many a document has of them.
FACETS = {
    "municipality": (18, 1), "area": (25, 3), "target_group": (22, 3), "type": (10, 1),
    "stage": (6, 1), "year": (25, 2), "region": (13, 1), "legal_status": (11, 2),
    "structure": (15, 1), "partner_type": (15, 3), "cost_band": (8, 1), "setup_time": (5, 1),
    "funding": (20, 2), "staff": (11, 2), "language": (2, 2), "evidence": (5, 1),
}  # fmt: skip


def rows(count: int) -> list[tuple[Any, ...]]:
    """`count` documents, the same ones every time: two passages of Greek law or of a practice,
    the first words of a third as title, and codes of every facet."""
    chance = random.Random(1)
    pool = list(_passages())
    found = []
    for number in range(1, count + 1):
        first, second, third = (chance.choice(pool) for _ in range(3))
        title = " ".join(third.split()[:9])
        values = {
            "id": number, "version": 1, "kind": "practice", "slug": f"document-{number}",
            "language": "el", "title_el": title, "summary_el": " ".join(second.split()[:30]),
            "body_el": f"{first}\n\n{second}", "facets": json.dumps(_codes(chance)),
            "sort": json.dumps({"published": f"2026-01-{1 + number % 28:02}",
                                "completeness": number % 101}),
        }  # fmt: skip
        found.append(tuple(values.get(name, "") for name in ROW))
    return found


def _passages() -> Iterator[str]:
    for _, text in laws.articles(laws.CODES / "articles.tsv.gz"):
        yield from _cut(text)
    for line in DEMO.read_text(encoding="utf-8").split("\n"):
        practice = json.loads(line) if line else {}
        for section in SECTIONS:
            for text in practice.get(section, {}).values():
                yield from _cut(text)


def _cut(text: str) -> Iterator[str]:
    words = text.split()
    for first in range(0, len(words), WORDS):
        yield " ".join(words[first : first + WORDS])


def _codes(chance: random.Random) -> dict[str, list[str]]:
    return {
        facet: sorted({f"{facet}-{chance.randrange(codes)}" for _ in range(each)})
        for facet, (codes, each) in FACETS.items()
    }


def queries(count: int) -> list[str]:
    """The first words of headings of laws, as people would type them."""
    headings = (text for _, text, _ in laws.headings(laws.CODES / "headings.tsv"))
    return [" ".join(text.split()[:3]) for text in islice(headings, count)]
