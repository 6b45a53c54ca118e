"""What the words of a query found put together: scores, who is shown, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer import weights
from indexer.facets import Mask
from indexer.postings import Ints

Scores = NDArray[np.float64]
# Of each occurrence of a query's words: document, place, number of the word, and whether it is
# the word itself or as good as that.
Marks = tuple[Ints, NDArray[np.uint32], Ints, Mask]


@dataclass(frozen=True)
class Found:
    """What one word found: a score for each document, and how much the word tells (its idf).

    `sure` are the documents that have the word itself or as good as that: where there are enough
    of them, those that only have something related are not shown.
    """

    scores: Scores
    weight: float
    sure: Mask


def aside(word: Found) -> Found:
    """A word that people ask with, beside those that they ask for: no document needs it."""
    share = weights.ASKING
    return Found(word.scores * share, word.weight * share, np.ones_like(word.sure))


def inverse_frequency(frequency: int, documents: int) -> float:
    """BM25's idf in the form that is never negative (Lucene's)."""
    return float(np.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5)))


def closeness(marks: Marks, words: Sequence[Found], size: int) -> Scores:
    """What each of `size` documents gains by having neighbouring words of the query close."""
    gains = np.zeros(size)
    doc, place, word, _ = marks
    telling = np.array([found.weight for found in words])
    for apart in (1, 2):
        # The next mark, or the next but one: words repeat and levels overlap.
        gap = place[apart:].astype(np.int64) - place[:-apart]
        pair = (doc[apart:] == doc[:-apart]) & (word[apart:] - word[:-apart] == 1)
        pair &= (gap > 0) & (gap <= weights.CLOSE)
        at = np.flatnonzero(pair)
        worth = np.minimum(telling[word[at]], telling[word[at + apart]]) / gap[at]
        np.maximum.at(gains, doc[at], worth * weights.CLOSENESS)
    return gains


def earliness(marks: Marks, before: Scores, words: Sequence[Found], size: int) -> Scores:
    """What each of `size` documents gains by coming to speak of the query's words early.

    `before` says of each mark how many words are read before it; of each word the first counts,
    by whichever name it is called there.
    """
    marked, row = np.unique(marks[0], return_inverse=True)
    early = np.zeros((len(marked), len(words)))
    np.maximum.at(early, (row, marks[2]), np.exp(-before / weights.OPENING))
    gains = np.zeros(size)
    gains[marked] = weights.EARLINESS * (early @ np.array([found.weight for found in words]))
    return gains


@dataclass(frozen=True)
class Ranking:
    """Scores of all documents, which of them are found, and whether some lack a word."""

    scores: Scores
    found: Mask
    partial: bool


def combine(words: Sequence[Found], required: Sequence[bool], live: Mask) -> Ranking:
    """Add up the words' scores; all words first, then gracefully most of them.

    A word that no document has (weight 0) asks nothing of any, unless it is `required`.
    """
    asking = [word for word in words if word.weight]
    if not asking:
        return Ranking(np.zeros(len(live)), live if not words else np.zeros_like(live), False)
    total = np.zeros(len(live))
    share = np.zeros(len(live))
    complete = sure = live
    needed = live
    telling = sum(word.weight for word in asking)
    for word, must in zip(words, required, strict=True):
        matched = word.scores > 0
        total += word.scores
        if must:
            needed = needed & matched
        if word.weight:
            share += matched * (word.weight / telling)
            complete = complete & matched
            sure = sure & word.sure
    total *= share**weights.COVERAGE_POWER
    if len(asking) <= weights.FEW_WORDS and np.count_nonzero(sure) >= weights.ENOUGH:
        return Ranking(total, sure, False)
    found = (share >= weights.LEAST_COVERAGE) & needed
    if np.count_nonzero(found) < weights.ENOUGH:
        found = (share > 0) & needed
    return Ranking(total, found, bool(np.any(found & ~complete)))


def top(scores: Scores, found: Mask, standing: NDArray[np.int64], count: int) -> Ints:
    """The `count` best documents in order: by score, equal ones by their `standing`."""
    docs = np.flatnonzero(found)
    if len(docs) > 4 * count:
        values = scores[docs]
        least = np.partition(values, len(docs) - count)[len(docs) - count]
        docs = docs[values >= least]
    order = np.lexsort((standing[docs], -scores[docs]))
    return docs[order[:count]].astype(np.int32)
