"""Which titles have which words: a table of a segment, made for what is being typed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer import columns
from indexer.document import title_words

# A place is one number: the document, and the word's number in its title in the lowest bits.
WORD_BITS = 8
LAST_WORD = (1 << WORD_BITS) - 1

Places = NDArray[np.uint32]
Mask = NDArray[np.bool_]


def title_table(language: str, titles: Iterable[str], terms: Mapping[str, int]) -> columns.Columns:
    """A table as columns: the places of each numbered term, and where each one's begin."""
    numbers: list[int] = []
    places: list[int] = []
    for doc, title in enumerate(titles):
        for term, positions in title_words(title).items():
            for position in positions:
                if position < LAST_WORD:  # one after it has a number, too
                    numbers.append(terms[term])
                    places.append(doc << WORD_BITS | position)
    of_term = np.array(numbers, np.int32)
    order = np.argsort(of_term, kind="stable")
    return {
        f"titles:{language}:starts": np.searchsorted(
            of_term[order], np.arange(len(terms) + 1)
        ).astype(np.int32),
        f"titles:{language}:places": np.array(places, np.uint32)[order],
    }


class Titles:
    """The titles of one segment in one language; `terms` are all of its terms, sorted."""

    def __init__(self, language: str, stored: columns.Columns, terms: Sequence[str]) -> None:
        self._terms = terms
        self._starts: NDArray[np.int32] = stored[f"titles:{language}:starts"]
        self._places: Places = stored[f"titles:{language}:places"]

    def beginning(self, prefix: str) -> Places:
        """Where a word begins so."""
        begin = bisect_left(self._terms, prefix)
        return self._between(begin, bisect_left(self._terms, prefix + "\U0010ffff", begin))

    def having(self, terms: Iterable[str]) -> Places:
        """Where any of the words stands."""
        found = [places for term in terms if len(places := self._of(term))]
        return np.concatenate(found) if found else self._places[:0]

    def _of(self, term: str) -> Places:
        at = bisect_left(self._terms, term)
        known = at < len(self._terms) and self._terms[at] == term
        return self._between(at, at + known)

    def _between(self, begin: int, end: int) -> Places:
        return self._places[self._starts[begin] : self._starts[end]]


def matched(size: int, words: Sequence[Places]) -> NDArray[np.int8]:
    """Of each of `size` titles how well it has the words: 0 not all of them, 1 all of them, 2
    one after the other, 3 so from its beginning."""
    having: Mask = np.ones(size, np.bool_)
    for places in words:
        here = np.zeros(size, np.bool_)
        here[places >> WORD_BITS] = True
        having &= here
    found = having.astype(np.int8)
    reached = _within(words[0], having)
    for places in words[1:]:
        reached = np.intersect1d(reached + np.uint32(1), _within(places, having))
    found[reached >> WORD_BITS] = 2
    leading = reached[reached & LAST_WORD == len(words) - 1]
    found[leading >> WORD_BITS] = 3
    return found


def _within(places: Places, titles: Mask) -> Places:
    within: Places = places[titles[places >> WORD_BITS]]
    return within
