"""What else a word or phrase may be called, in its own language and in the other one.

A phrase is known by its key: the stems of its words, function words left out. Two sources: the
domain's own thesaurus, whose groups are equivalents, and a general bilingual dictionary
(data/freedict-eng-ell, GPL), of whose meanings only some fit.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from indexer.language import DATA, is_greek, stem, stop_words, tokens

MOST_WORDS = 4


class Meaning(NamedTuple):
    """Another phrase for one: its key, and "synonym", "translation" or "dictionary"."""

    key: str
    kind: str


def key_of(phrase: str) -> str:
    return " ".join(stem(t.term) for t in tokens(phrase) if t.term not in stop_words())


def meanings(key: str) -> list[Meaning]:
    """What a key may also be called; the thesaurus alone where it knows the phrase."""
    found = _thesaurus().get(key, [])
    if any(meaning.kind == "translation" for meaning in found):
        return found
    return [*found, *(Meaning(other, "dictionary") for other in _dictionary(key))]


@lru_cache(maxsize=1)
def _thesaurus() -> dict[str, list[Meaning]]:
    table: defaultdict[str, dict[Meaning, None]] = defaultdict(dict)
    for group in json.loads((DATA / "thesaurus.json").read_text("utf-8")):
        keys = [key_of(phrase) for language in ("el", "en") for phrase in group[language]]
        for key in keys:
            for other in keys:
                if other != key:
                    same = is_greek(key) == is_greek(other)
                    table[key][Meaning(other, "synonym" if same else "translation")] = None
    return {key: list(found) for key, found in table.items()}


@lru_cache(maxsize=1)
def _lines() -> list[str]:
    """The dictionary's lines, sorted by key: searched by bisection, since most are never asked."""
    return (DATA / "freedict-eng-ell" / "pairs.tsv").read_text("utf-8").splitlines()


def _dictionary(key: str) -> list[str]:
    lines = _lines()
    at = bisect_left(lines, key + "\t")
    if at == len(lines) or not lines[at].startswith(key + "\t"):
        return []
    return lines[at].partition("\t")[2].split("|")
