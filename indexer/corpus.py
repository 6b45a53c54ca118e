"""All segments of a generation as one: where terms stand, and what a word scores by them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from indexer import weights
from indexer.cache import Cache
from indexer.facets import Mask
from indexer.postings import (
    EMPTY,
    LAST_POSITION,
    PART_BITS,
    PARTS,
    PLACE_SHIFT,
    Floats,
    Ints,
    Postings,
    gathered,
)
from indexer.rank import Found, Marks, Scores, inverse_frequency
from indexer.segment import Segment

# Bytes that one generation keeps of gathered occurrences, and of them weighed.
GROUPS_BUDGET = 32 * 1024 * 1024
WEIGHED_BUDGET = 16 * 1024 * 1024

_PART = (1 << PART_BITS) - 1
# By part: what one occurrence says of what a document is about (title and summary say it for
# good, labels are counted apart), and whether it is among the labels.
_SAID = np.array([{"body": 1, "keywords": 0}.get(part[:-3], weights.ABOUT) for part in PARTS])
_LABEL = np.array([part.startswith("keywords") for part in PARTS])


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


@dataclass(frozen=True)
class Level:
    """One way of matching a word: its weight, its name, and the index's terms it consists of.

    `own`: these are forms of the word itself, not another name for it. `share`: what is left of
    the weight where they are another name of a word that is itself a guess.
    """

    weight: float
    name: str
    terms: tuple[Term, ...]
    own: bool = True
    share: float = 1.0

    @property
    def reach(self) -> float:
        """How far a document found in this way can reach beside one that has the word."""
        return self.weight * self.share

    @property
    def is_sure(self) -> bool:
        return self.weight >= weights.SURE


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
    """The documents that have some terms, with the weighed number of occurrences in each, and
    which of them are about what the terms say, rather than mention it in passing."""

    docs: Ints
    totals: Scores
    about: Mask

    @property
    def nbytes(self) -> int:
        return 400 + sum(a.nbytes for a in (self.docs, self.totals, self.about))


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
        bases = accumulate((segment.size for segment in segments), initial=0)
        self._whole = {
            s.id: bool(live[b : b + s.size].all()) for s, b in zip(segments, bases, strict=False)
        }
        self._starts = _reading_starts(lengths)
        self._norms = {language: self._norm(lengths, language) for language in ("el", "en")}

    def _norm(self, lengths: Ints, language: str) -> Scores:
        """What one occurrence counts for, by document and part, as one flat array of cells."""
        norms = np.empty(lengths.shape, np.float64)
        for number, name in enumerate(PARTS):
            part = weights.PARTS[name[:-3]]
            weight = part.weight * (1.0 if name.endswith(language) else weights.OTHER_LANGUAGE)
            share = lengths[:, number] / self.averages[number]
            norms[:, number] = weight / (1.0 - part.length + part.length * share)
        return np.ravel(norms)

    def occurrences(self, term: str) -> int:
        """How often a term stands in live documents; postings are only read where some are not."""
        count, base = 0, 0
        for segment in self.segments:
            if self._whole[segment.id]:
                count += segment.lexicon.occurrences(term)
            else:
                count += int(np.count_nonzero(self.live[segment.postings(term).docs + base]))
            base += segment.size
        return count

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
                scale = max(1.0, weights.LEAST_BEST / level.reach)
            if not sure.any():
                sure[docs] = True
            elif level.is_sure:
                passing = level.name in weights.OTHER_NAMES
                sure[docs[weighed.about] if passing else docs] = True
            scores = scale * level.reach * idf * totals / (weights.SATURATION + totals)
            best[docs] = np.maximum(best[docs], scores)
        return Found(best, known or telling, sure)

    def _weigh(self, terms: tuple[Term, ...], language: str) -> Weighed:
        """How often the terms stand in each document that has them, by where they stand."""
        found = self._weighed.get((terms, language))
        if found is None:
            group = self.group(terms)
            worth = self._norms[language][group.cells] * group.counts
            totals = np.bincount(group.cells >> PART_BITS, worth, minlength=self.size)
            docs = np.flatnonzero(totals).astype(np.int32)
            about = self._about(group)[docs] >= weights.ABOUT
            found = Weighed(docs, totals[docs].astype(np.float64), about)
            self._weighed.put((terms, language), found)
        return found

    def _about(self, group: Group) -> Scores:
        """How often each document says the terms, labels counting as once; see weights.ABOUT."""
        docs, part = group.cells >> PART_BITS, group.cells & _PART
        said = np.bincount(docs, group.counts * _SAID[part], minlength=self.size)
        labelled = np.bincount(docs, _LABEL[part], minlength=self.size) > 0
        return np.asarray(said + labelled, np.float64)

    def marks(self, docs: Ints, words: Sequence[Sequence[Level]]) -> Marks:
        """Where the words of a query stand in some documents, sorted by document and place."""
        wanted = np.zeros(self.size, np.bool_)
        wanted[docs] = True
        doc, place, word = [EMPTY.docs], [EMPTY.places], [EMPTY.docs]
        sure = [np.zeros(0, np.bool_)]
        for number, levels in enumerate(words):
            for level in levels:
                for width, group in self._by_width(level.terms):
                    here = np.flatnonzero(wanted[group.docs])
                    for step in range(width):
                        doc.append(group.docs[here])
                        place.append(group.places[here] + np.uint32(step))
                        word.append(np.full(len(here), number, np.int32))
                        sure.append(np.full(len(here), level.is_sure))
        all_docs, all_places = np.concatenate(doc), np.concatenate(place)
        all_words, all_sure = np.concatenate(word), np.concatenate(sure)
        order = np.lexsort((all_words, all_places, all_docs))
        return all_docs[order], all_places[order], all_words[order], all_sure[order]

    def read_before(self, docs: Ints, places: NDArray[np.uint32]) -> Scores:
        """How many words of a document, read from its title on, come before some of its places.

        Labels are not read: before what stands among them comes no end of words (infinity).
        """
        parts = (places >> PLACE_SHIFT).astype(np.int32)
        before: Scores = self._starts[(docs << PART_BITS) | parts] + (places & LAST_POSITION)
        return before

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


def _reading_starts(lengths: Ints) -> Scores:
    """After how many words of a document, read in one language, each part begins, by cell."""
    earlier = {"title": (), "summary": ("title",), "body": ("title", "summary")}
    starts = np.full(lengths.shape, np.inf)
    for number, name in enumerate(PARTS):
        part, language = name[:-3], name[-3:]
        if part in earlier:
            columns = [PARTS.index(before + language) for before in earlier[part]]
            starts[:, number] = lengths[:, columns].sum(axis=1)
    return np.ravel(starts)


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
