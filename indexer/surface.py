"""A term of the index as people write it: with its accents, capitals and final sigma."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer import columns
from indexer.language import fold, is_greek

if TYPE_CHECKING:
    from indexer.document import Document
    from indexer.searcher import Searcher

MOST_WRITTEN = 3  # ways of writing a term that a segment remembers
# A word that stands so often, at least, in small letters is no name.
SHARE_IN_SMALL_LETTERS = 0.1

_WORDS = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_ASCII_LETTER = re.compile("[A-Za-z]")

Ways = Mapping[str, int]  # how often a term is written in which way


def surface(searcher: Searcher, term: str) -> str:
    """The term as documents write it most often; rather with accents than without, and never in
    capitals, unless it is an acronym."""
    ways: Counter[str] = Counter()
    for segment in searcher.segments:
        ways.update(segment.written.ways(term, segment.lexicon.frequency(term)))
    return _best(ways) if ways else _with_final_sigma(term)


def telling_labels(text: str) -> str:
    """The words of a document's labels whose terms do not tell how they are written."""
    words = dict.fromkeys(_WORDS.findall(unicodedata.normalize("NFC", text)))
    return " ".join(word for word in words if _small(word) != fold(word) or _is_capital(word))


def written_column(documents: Iterable[Document], terms: Sequence[str]) -> columns.Columns:
    """How the documents of a segment write each of its terms; labels where no text has it."""
    texts: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    for document in documents:
        for text in document["texts"].values():
            texts.update(_WORDS.findall(text))
        labels.update(document["labels"].split())
    in_texts, in_labels = _by_term(texts), _by_term(labels)
    acronyms = {term[1:] for term in terms if term[0] == "^"} | set(in_labels)
    ways = {**in_labels, **in_texts}
    lines = (_packed(term, ways.get(term, {}), term in acronyms) for term in terms)
    return {"written": columns.from_strings(lines)}


def _by_term(words: Ways) -> dict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, count in words.items():
        if not (is_greek(word) and _ASCII_LETTER.search(word)):  # mended when it was read
            found[fold(word)][unicodedata.normalize("NFC", word)] += count
    return found


def _packed(term: str, ways: Ways, may_be_acronym: bool) -> str:
    """The commonest ways of writing a term on a line; nothing where it is written as it is."""
    capital = sum(count for word, count in ways.items() if _is_capital(word))
    if not (may_be_acronym and 2 * capital > sum(ways.values())):
        ways = {word: count for word, count in ways.items() if not _is_capital(word)}
    if not set(ways) - {_with_final_sigma(term)}:
        return ""
    common = sorted(ways.items(), key=lambda item: (-item[1], item[0]))[:MOST_WRITTEN]
    return " ".join(f"{word} {count}" for word, count in common)


class Written:
    """How the documents of one segment write its terms, which come sorted."""

    def __init__(self, stored: columns.Columns, terms: Sequence[str]) -> None:
        self._terms = terms
        self._lines: NDArray[np.uint8] = stored["written"]

    def ways(self, term: str, frequency: int) -> dict[str, int]:
        """How often a term that so many documents have is written in which way."""
        at = bisect_left(self._terms, term)
        if at == len(self._terms) or self._terms[at] != term:
            return {}
        line = self._lines[self._begins[at] : self._begins[at + 1] - 1].tobytes().decode()
        if not line:
            return {_with_final_sigma(term): frequency}
        fields = line.split(" ")
        return dict(zip(fields[::2], map(int, fields[1::2]), strict=True))

    @cached_property
    def _begins(self) -> NDArray[np.int64]:
        ends = np.flatnonzero(self._lines == ord("\n")) + 1
        return np.concatenate(([0], ends, [len(self._lines) + 1]))


def _best(ways: Ways) -> str:
    capital = {word: count for word, count in ways.items() if _is_capital(word)}
    if 2 * sum(capital.values()) > sum(ways.values()):
        return _commonest(capital)
    words: Counter[str] = Counter()
    for word, count in ways.items():
        if word not in capital:
            words[word.lower()] += count
    accented = {word: count for word, count in words.items() if _small(word) != fold(word)}
    best = _commonest(accented or words)
    if ways.get(best, 0) >= SHARE_IN_SMALL_LETTERS * words[best]:
        return best
    return _commonest({word: count for word, count in ways.items() if word.lower() == best})


def _commonest(ways: Ways) -> str:
    return min(ways, key=lambda word: (-ways[word], word))


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _small(word: str) -> str:
    return word.lower().replace("ς", "σ")


def _with_final_sigma(term: str) -> str:
    return term[:-1] + "ς" if len(term) > 1 and term.endswith("σ") else term
