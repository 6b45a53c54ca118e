"""What else a word or phrase may be called, in its own language and in the other one.

A phrase is known by its key: its words less their endings, function words left out; an acronym by
itself, since ΔΟΜ is no form of δομή. There are four sources: the domain's own thesaurus, whose
groups are equivalents; its wider word field (domain.tsv), near equivalents for finding; and two
general ones, of whose meanings only some fit: a bilingual dictionary (data/freedict-eng-ell, GPL)
and English synonyms (data/wordnet).
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from indexer.document import ACRONYM
from indexer.language import DATA, fold, form, stop_words, tokens

MOST_WORDS = 4


class Meaning(NamedTuple):
    """Another phrase for one: its key, and what kind of other name it is (weights.LEVELS)."""

    key: str
    kind: str


def key_of(phrase: str) -> str:
    if phrase.isupper() and phrase.isalpha():
        return ACRONYM + fold(phrase)
    return " ".join(form(t.term) for t in tokens(phrase) if t.term not in stop_words())


def meanings(key: str) -> list[Meaning]:
    """What a key may also be called; the general dictionaries where the thesaurus is silent."""
    found = dict.fromkeys(_thesaurus().get(key, ()))
    translated = any(meaning.kind == "translation" for meaning in found)
    found |= dict.fromkeys(_domain().get(key, ()))
    if not translated:
        found |= dict.fromkeys(Meaning(k, "dictionary") for k in _looked_up("freedict", key))
    found |= dict.fromkeys(Meaning(k, "general") for k in _looked_up("wordnet", key))
    return list(found)


@lru_cache(maxsize=1)
def _thesaurus() -> dict[str, list[Meaning]]:
    groups = json.loads((DATA / "thesaurus.json").read_text("utf-8"))
    phrases = ((group["el"], group["en"]) for group in groups)
    return _joined(phrases, "synonym", "translation")


@lru_cache(maxsize=1)
def _domain() -> dict[str, list[Meaning]]:
    lines = (DATA / "domain.tsv").read_text("utf-8").splitlines()
    groups = (line.split("\t") for line in lines if not line.startswith("#"))
    phrases = ((greek.split("|"), english.split("|")) for greek, english in groups)
    return _joined(phrases, "related", "related")


def _joined(
    groups: Iterable[tuple[Sequence[str], Sequence[str]]], same: str, other: str
) -> dict[str, list[Meaning]]:
    """For each phrase of a group all others of it, by whether they are of its language."""
    table: defaultdict[str, dict[Meaning, None]] = defaultdict(dict)
    for greek, english in groups:
        keys = [(key_of(phrase), language) for language in (greek, english) for phrase in language]
        for key, language in keys:
            for meaning, its in keys:
                if meaning != key and meaning:
                    table[key][Meaning(meaning, same if its is language else other)] = None
    return {key: list(found) for key, found in table.items()}


_FILES = {"freedict": "freedict-eng-ell/pairs.tsv", "wordnet": "wordnet/synonyms.tsv"}


@lru_cache(maxsize=2)
def _lines(name: str) -> list[str]:
    """A dictionary's lines, sorted by key: searched by bisection, since most are never asked."""
    return (DATA / _FILES[name]).read_text("utf-8").splitlines()


def _looked_up(name: str, key: str) -> list[str]:
    lines = _lines(name)
    at = bisect_left(lines, key + "\t")
    if at == len(lines) or not lines[at].startswith(key + "\t"):
        return []
    return lines[at].partition("\t")[2].split("|")
