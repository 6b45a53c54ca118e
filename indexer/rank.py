"""BM25F over whole arrays: what each part, each kind of match and each word adds to a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.facets import Mask
from indexer.postings import EMPTY, PART_BITS, PARTS, Ints, Postings, gathered
from indexer.segment import Segment

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """How much an occurrence in a part counts, and how strongly its length tells against it."""

    weight: float
    length: float  # BM25's b: 0 ignores the part's length, 1 divides by it wholly


PART_WEIGHTS = {
    # A title is the shortest description there is: what it names, the practice is about.
    "title": Part(4.0, 0.4),
    # The summary says what is done, for whom, in two sentences.
    "summary": Part(2.2, 0.4),
    # Labels and synonyms of the codes: chosen by people, but many documents share each one.
    "keywords": Part(1.2, 0.6),
    # Running text: many words, each of which says little; long texts must not win by length.
    "body": Part(1.0, 0.75),
}
# How soon a further occurrence stops adding (BM25's k1). Low, since short documents that say a
# word twice are already about it.
SATURATION = 1.2
# An occurrence in the language that the reader did not choose still counts, but less, so that
# of two equal practices the one that they can read stands first.
OTHER_LANGUAGE = 0.7
# A document that lacks some of the words keeps this power of the share that it has (by rarity).
COVERAGE_POWER = 1.5
# The least share of the words, by rarity, that a document must have to be shown at all where few
# have them all.
LEAST_COVERAGE = 0.45
# As long as fewer documents than this have every word, those with most of the words follow.
ENOUGH = 10


@dataclass(frozen=True)
class Run:
    """Words one after the other: for each, the terms that may stand there.

    `slack` is how many other words may stand between.
    """

    slots: tuple[tuple[str, ...], ...]
    slack: int = 0


Term = str | Run


@dataclass(frozen=True)
class Level:
    """One way of matching a word: its weight, its name, and the index's terms it consists of."""

    weight: float
    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Found:
    """What one word found: a score for each document, and how much the word tells (its idf)."""

    scores: Scores
    weight: float


class Corpus:
    """All segments of a generation, one after another, with what ranking needs of lengths."""

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        self.segments = segments
        self.live = live
        self.alive = int(live.sum())
        self.size = len(live)
        self._all_live = self.alive == self.size
        lengths = (
            np.concatenate([segment.lengths for segment in segments])
            if segments
            else np.zeros((0, len(PARTS)), np.int32)
        )
        self.averages = _averages(lengths[live])
        self._norms = {language: self._norm(lengths, language) for language in ("el", "en")}

    def _norm(self, lengths: Ints, language: str) -> Scores:
        """What one occurrence counts for, by document and part, as one flat array of cells."""
        norms = np.empty(lengths.shape, np.float64)
        for number, name in enumerate(PARTS):
            part = PART_WEIGHTS[name[:-3]]
            weight = part.weight * (1.0 if name.endswith(language) else OTHER_LANGUAGE)
            share = lengths[:, number] / self.averages[number]
            norms[:, number] = weight / (1.0 - part.length + part.length * share)
        return np.ravel(norms)

    def occurrences(self, term: Term) -> list[Postings]:
        """A term's postings in each segment."""
        if isinstance(term, str):
            return [segment.postings(term) for segment in self.segments]
        return [sequence_postings(segment, term) for segment in self.segments]

    def score(self, levels: Sequence[Level], language: str) -> Found:
        """BM25F of one word, matched at several levels, for every document.

        A level is scored together with all levels above it, as if they were one word; a document
        gets the best that any level gives it. So a wider level never takes from a document that
        the narrower ones already found, and counts for less the more documents it adds.
        """
        total = np.zeros(self.size)
        best = np.zeros(self.size)
        telling = 0.0
        for level in levels:
            self._add(total, level.terms, language)
            frequency = int(np.count_nonzero(total))
            if not frequency:
                continue
            idf = inverse_frequency(frequency, self.alive)
            telling = max(telling, idf)
            np.maximum(best, level.weight * idf * total / (SATURATION + total), out=best)
        return Found(best, telling or inverse_frequency(0, self.alive))

    def _add(self, total: Scores, terms: Sequence[Term], language: str) -> None:
        norms = self._norms[language]
        cells, counts = [], []
        for term in terms:
            base = 0
            for segment, postings in zip(self.segments, self.occurrences(term), strict=True):
                if len(postings.cells):
                    cells.append(postings.cells + (base << PART_BITS) if base else postings.cells)
                    counts.append(postings.counts)
                base += segment.size
        if cells:
            cell = np.concatenate(cells)
            weights = norms[cell] * np.concatenate(counts)
            total += np.bincount(cell >> PART_BITS, weights, minlength=self.size)
            if not self._all_live:
                total *= self.live


def inverse_frequency(frequency: int, documents: int) -> float:
    """BM25's idf in the form that is never negative (Lucene's)."""
    return float(np.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5)))


def _averages(lengths: Ints) -> Scores:
    """The mean length of each part over the documents that have it."""
    having = np.count_nonzero(lengths, axis=0)
    sums = lengths.sum(axis=0, dtype=np.float64)
    averages: Scores = np.maximum(sums / np.maximum(having, 1), 1.0)
    return averages


def sequence_postings(segment: Segment, sequence: Run) -> Postings:
    """Where the words of a sequence stand in order, as occurrences at its first word."""
    slots = [_slot_keys(segment, terms) for terms in sequence.slots]
    if not slots or not all(len(keys) for keys in slots):
        return EMPTY
    starts = slots[0]
    reached = starts
    for keys in slots[1:]:
        at = np.searchsorted(keys, reached, side="right")
        inside = at < len(keys)
        starts, reached, at = starts[inside], reached[inside], at[inside]
        near = keys[at] - reached <= 1 + sequence.slack
        starts, reached = starts[near], keys[at][near]
    docs = (starts >> 32).astype(np.int32)
    return gathered(docs, (starts & 0xFFFFFFFF).astype(np.uint32))


def _slot_keys(segment: Segment, terms: Sequence[str]) -> NDArray[np.int64]:
    """Sorted occurrences of any of the terms, document and place in one number."""
    keys = []
    for term in terms:
        postings = segment.postings(term)
        if len(postings.docs):
            keys.append((postings.docs.astype(np.int64) << 32) | postings.places)
    if not keys:
        return np.zeros(0, np.int64)
    return np.unique(np.concatenate(keys)) if len(keys) > 1 else keys[0]


@dataclass(frozen=True)
class Ranking:
    """Scores of all documents, which of them are found, and whether some lack a word."""

    scores: Scores
    found: Mask
    partial: bool


def combine(words: Sequence[Found], live: Mask) -> Ranking:
    """Add up the words' scores; all words first, then gracefully most of them."""
    if not words:
        return Ranking(np.zeros(len(live)), live, False)
    total = np.zeros(len(live))
    share = np.zeros(len(live))
    complete = live
    weights = sum(word.weight for word in words)
    for word in words:
        matched = word.scores > 0
        total += word.scores
        share += matched * (word.weight / weights)
        complete = complete & matched
    if np.count_nonzero(complete) >= ENOUGH:
        return Ranking(total, complete, False)
    found = (share >= LEAST_COVERAGE) & live
    total *= share**COVERAGE_POWER
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
