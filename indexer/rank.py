"""BM25F over whole arrays: what each part, each kind of match and each word adds to a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.cache import Cache
from indexer.facets import Mask
from indexer.postings import EMPTY, PART_BITS, PARTS, Floats, Ints, Postings, gathered
from indexer.segment import Segment

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """How much an occurrence in a part counts, and how strongly its length tells against it."""

    weight: float
    length: float  # BM25's b: 0 ignores the part's length, 1 divides by it wholly


PART_WEIGHTS = {
    # A title is the shortest description there is: what it names, the practice is about.
    "title": Part(5.0, 0.4),
    # The summary says what is done, for whom, in two sentences.
    "summary": Part(3.0, 0.4),
    # Labels and synonyms of the codes: chosen by people, but many documents share each one.
    "keywords": Part(0.6, 0.2),
    # Running text: many words, each of which says little; long texts must not win by length.
    "body": Part(0.5, 0.75),
}
# How soon a further occurrence stops adding (BM25's k1). An occurrence in a title counts 5, so
# this is as much as the usual 1.2 with a title that counts 1.
SATURATION = 4.0
# An occurrence in the language that the reader did not choose still counts, but less, so that
# of two equal practices the one that they can read stands first.
OTHER_LANGUAGE = 0.5
# A document that lacks some of the words keeps this power of the share that it has (by rarity).
COVERAGE_POWER = 0.25
# The least share of the words, by rarity, that a document must have to be shown at all where few
# have them all.
LEAST_COVERAGE = 0.25
# Bytes of gathered occurrences that one generation keeps.
GROUPS_BUDGET = 32 * 1024 * 1024
WEIGHED_BUDGET = 16 * 1024 * 1024
# Two words that follow each other in the query gain this much of the less telling one's weight
# where they do so in the text, half of it with one word between, and so on.
CLOSENESS = 0.25
CLOSE = 5  # words
# The best that a word without a match of its own is raised to: nobody is helped if the one word
# that was misspelt counts for nothing beside the others.
LEAST_BEST = 0.8
# A match of at least this weight is as good as the word itself in deciding what is shown.
SURE = 0.45
# As long as fewer documents than this surely have every word, those with most of the words, or
# with something related, follow.
ENOUGH = 10
# In a query of more words than this, hardly anyone means every one of them.
FEW_WORDS = 2


@dataclass(frozen=True)
class Run:
    """Words one after the other: for each, the terms that may stand there.

    `slack` is how many other words may stand between.
    """

    slots: tuple[tuple[str, ...], ...]
    slack: int = 0

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.slots, self.slack))  # asked for often, and slots may be long


Term = str | Run
Marks = tuple[Ints, NDArray[np.uint32], Ints]  # documents, places, numbers of the query's words


@dataclass(frozen=True)
class Level:
    """One way of matching a word: its weight, its name, and the index's terms it consists of.

    `own`: these are forms of the word itself, not another name for it.
    """

    weight: float
    name: str
    terms: tuple[Term, ...]
    own: bool = True


@dataclass(frozen=True)
class Found:
    """What one word found: a score for each document, and how much the word tells (its idf).

    `sure` are the documents that have the word itself or as good as that: where there are enough
    of them, those that only have something related are not shown.
    """

    scores: Scores
    weight: float
    sure: Mask


@dataclass(frozen=True, slots=True)
class Group:
    """All occurrences of some terms in the live documents of a generation, in no order."""

    docs: Ints
    places: NDArray[np.uint32]
    cells: Ints
    counts: Floats

    @property
    def nbytes(self) -> int:
        return 400 + sum(a.nbytes for a in (self.docs, self.places, self.cells, self.counts))


@dataclass(frozen=True, slots=True)
class Weighed:
    """The documents that have some terms, with the weighed number of occurrences in each."""

    docs: Ints
    totals: Scores

    @property
    def nbytes(self) -> int:
        return 400 + self.docs.nbytes + self.totals.nbytes


class Corpus:
    """All segments of a generation, one after another, with what ranking needs of lengths."""

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        self.segments = segments
        self.live = live
        self.alive = int(live.sum())
        self.size = len(live)
        self._groups: Cache[tuple[Term, ...], Group] = Cache(GROUPS_BUDGET)
        self._weighed: Cache[tuple[tuple[Term, ...], str], Weighed] = Cache(WEIGHED_BUDGET)
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

    def group(self, terms: tuple[Term, ...]) -> Group:
        """The occurrences of several terms together."""
        found = self._groups.get(terms)
        if found is None:
            found = self._gather(terms)
            self._groups.put(terms, found)
        return found

    def _gather(self, terms: tuple[Term, ...]) -> Group:
        docs, places, cells, counts = [], [], [], []
        base = 0
        for segment in self.segments:
            for term in terms:
                postings = (
                    segment.postings(term) if isinstance(term, str) else run_postings(segment, term)
                )
                if len(postings.cells):
                    docs.append(postings.docs + base)
                    places.append(postings.places)
                    cells.append(postings.cells + (base << PART_BITS))
                    counts.append(postings.counts)
            base += segment.size
        if not docs:
            return Group(EMPTY.docs, EMPTY.places, EMPTY.cells, EMPTY.counts)
        doc, cell = np.concatenate(docs), np.concatenate(cells)
        place, count = np.concatenate(places), np.concatenate(counts)
        if self.alive == self.size:
            return Group(doc, place, cell, count)
        here, there = self.live[doc], self.live[cell >> PART_BITS]
        return Group(doc[here], place[here], cell[there], count[there])

    def score(self, levels: Sequence[Level], language: str) -> Found:
        """BM25F of one word, matched at several levels, for every document.

        A level of the word's own forms is scored together with the surer ones, as if they were
        one word; every other name by itself, with its own rarity. A document gets the best that
        any level gives it, so a wider level never takes from what a narrower one found.
        """
        total, best = np.zeros(self.size), np.zeros(self.size)
        sure = np.zeros(self.size, np.bool_)
        known, telling, widest = 0.0, 0.0, np.inf
        scale = 1.0
        for level in levels:
            weighed = self._weigh(level.terms, language)
            if not len(weighed.docs):
                continue
            if level.own:
                total[weighed.docs] += weighed.totals
                docs = np.flatnonzero(total).astype(np.int32)
                totals = total[docs]
            else:
                docs, totals = weighed.docs, weighed.totals
            idf = inverse_frequency(len(docs), self.alive)
            if level.own:
                known, widest = max(known, idf), idf
            else:
                idf = min(idf, widest)  # another name tells no more than the word itself
            telling = max(telling, idf)
            if not sure.any():
                scale = max(1.0, LEAST_BEST / level.weight)
            if level.weight >= SURE or not sure.any():
                sure[docs] = True
            scores = scale * level.weight * idf * totals / (SATURATION + totals)
            best[docs] = np.maximum(best[docs], scores)
        return Found(best, known or telling, sure)

    def _weigh(self, terms: tuple[Term, ...], language: str) -> Weighed:
        """How often the terms stand in each document that has them, by where they stand."""
        found = self._weighed.get((terms, language))
        if found is None:
            group = self.group(terms)
            weights = self._norms[language][group.cells] * group.counts
            totals = np.bincount(group.cells >> PART_BITS, weights, minlength=self.size)
            docs = np.flatnonzero(totals).astype(np.int32)
            found = Weighed(docs, totals[docs].astype(np.float64))
            self._weighed.put((terms, language), found)
        return found

    def marks(self, docs: Ints, words: Sequence[Sequence[Level]]) -> Marks:
        """Where the words of a query stand in some documents: document, place and number of the
        word, sorted."""
        wanted = np.zeros(self.size, np.bool_)
        wanted[docs] = True
        doc, place, word = [EMPTY.docs], [EMPTY.places], [EMPTY.docs]
        for number, levels in enumerate(words):
            for level in levels:
                for width, group in self._by_width(level.terms):
                    here = np.flatnonzero(wanted[group.docs])
                    for step in range(width):
                        doc.append(group.docs[here])
                        place.append(group.places[here] + np.uint32(step))
                        word.append(np.full(len(here), number, np.int32))
        all_docs, all_places = np.concatenate(doc), np.concatenate(place)
        all_words = np.concatenate(word)
        order = np.lexsort((all_words, all_places, all_docs))
        return all_docs[order], all_places[order], all_words[order]

    def _by_width(self, terms: tuple[Term, ...]) -> Iterator[tuple[int, Group]]:
        """Groups of terms by how many words each occurrence covers."""
        words = tuple(term for term in terms if isinstance(term, str))
        if len(words) == len(terms):
            yield 1, self.group(terms)
            return
        if words:
            yield 1, self.group(words)
        for term in terms:
            if not isinstance(term, str):
                yield len(term.slots), self.group((term,))


def closeness(marks: Marks, words: Sequence[Found], size: int) -> Scores:
    """What each of `size` documents gains by having neighbouring words of the query close."""
    gains = np.zeros(size)
    doc, place, word = marks
    telling = np.array([found.weight for found in words])
    for apart in (1, 2):
        # The next mark, or the next but one: words repeat and levels overlap.
        gap = place[apart:].astype(np.int64) - place[:-apart]
        pair = (doc[apart:] == doc[:-apart]) & (word[apart:] - word[:-apart] == 1)
        pair &= (gap > 0) & (gap <= CLOSE)
        at = np.flatnonzero(pair)
        worth = np.minimum(telling[word[at]], telling[word[at + apart]]) / gap[at]
        np.maximum.at(gains, doc[at], worth * CLOSENESS)
    return gains


def inverse_frequency(frequency: int, documents: int) -> float:
    """BM25's idf in the form that is never negative (Lucene's)."""
    return float(np.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5)))


def _averages(lengths: Ints) -> Scores:
    """The mean length of each part over the documents that have it."""
    having = np.count_nonzero(lengths, axis=0)
    sums = lengths.sum(axis=0, dtype=np.float64)
    averages: Scores = np.maximum(sums / np.maximum(having, 1), 1.0)
    return averages


def run_postings(segment: Segment, run: Run) -> Postings:
    """Where the words of a sequence stand in order, as occurrences at its first word."""
    slots = [_slot_keys(segment, terms) for terms in run.slots]
    if not slots or not all(len(keys) for keys in slots):
        return EMPTY
    starts = slots[0]
    reached = starts
    for keys in slots[1:]:
        at = np.searchsorted(keys, reached, side="right")
        inside = at < len(keys)
        starts, reached, at = starts[inside], reached[inside], at[inside]
        near = keys[at] - reached <= 1 + run.slack
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
    weights = sum(word.weight for word in asking)
    for word, must in zip(words, required, strict=True):
        matched = word.scores > 0
        total += word.scores
        if must:
            needed = needed & matched
        if word.weight:
            share += matched * (word.weight / weights)
            complete = complete & matched
            sure = sure & word.sure
    total *= share**COVERAGE_POWER
    if len(asking) <= FEW_WORDS and np.count_nonzero(sure) >= ENOUGH:
        return Ranking(total, sure, False)
    found = (share >= LEAST_COVERAGE) & needed
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
