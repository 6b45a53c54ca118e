"""One generation opened for reading: queries in, results out; shared by a worker's threads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage

from indexer import highlight
from indexer.corpus import Corpus, Level
from indexer.document import OWNER, Document
from indexer.expand import Expander
from indexer.facets import Bits, FacetTable, Mask, pack
from indexer.model import ALL_FACETS, Fragment, Hit, Query, Results
from indexer.owners import Owners
from indexer.postings import Ints
from indexer.query import Parsed, parse
from indexer.rank import (
    Found,
    Marks,
    Ranking,
    Scores,
    aside,
    closeness,
    combine,
    earliness,
    top,
)
from indexer.segment import PostingsCache, Segment
from indexer.surface import surface
from indexer.vocabulary import Vocabulary

Marked = dict[int, list[tuple[int, int]]]  # document → (place, number of the query's word)

MOST_HITS = 100_000
# What -without leaves out: the word and its forms, not what it may mean.
SURE = frozenset({"exact", "form"})

# So many of the best documents are looked at more closely.
RERANKED = 50


@dataclass(frozen=True)
class Asked:
    """A query's words as levels of terms, what each found, and which were read as another."""

    words: list[list[Level]]
    found: list[Found]
    corrections: dict[str, str]


class Searcher:
    """The segments of one generation with everything derived from them."""

    def __init__(
        self, folder: Path, cache: PostingsCache, previous: Searcher | None = None
    ) -> None:
        """Open a generation; segments that `previous` has open already are taken from it."""
        # Not mapped into memory: a file that is cut short under a running worker would kill it.
        index = FileStorage(str(folder), supports_mmap=False).open_index()
        opened = {s.id: s for s in previous.segments} if previous else {}
        self.segments: list[Segment] = []
        masks: list[Mask] = []
        for stored in index._segments():
            deleted = list(stored.deleted_docs())
            segment = opened.get(stored.segment_id()) or Segment(folder, index, stored, cache)
            self.segments.append(segment)
            mask = np.ones(segment.size, np.bool_)
            mask[deleted] = False
            masks.append(mask)
        kept = {segment.id for segment in self.segments}
        cache.forget(lambda key: key[0] not in kept)
        live: Mask = np.concatenate(masks) if masks else np.zeros(0, np.bool_)
        self.corpus = Corpus(self.segments, live)
        self.facets = FacetTable(self.segments, live)
        self.vocabulary = Vocabulary(self.corpus)
        self.expander = Expander(self.vocabulary)
        self.owners = Owners(name for s in self.segments for name in s.lexicon.with_prefix(OWNER))
        self._bases = list(accumulate((segment.size for segment in self.segments), initial=0))

    def search(self, query: Query) -> Results:
        parsed = parse(query.text, self.facets.codes, self.expander.retyped)
        asked = self._ask(parsed, query.language)
        ranking = self._rank(asked, parsed, query.language)
        chosen = self.facets.chosen(_merged(query.filters, parsed.filters))
        matched = pack(ranking.found)
        narrowed = self.facets.narrow(matched, chosen)
        total = int(np.bitwise_count(narrowed).sum())
        names = self.facets.names if tuple(query.facets) == ALL_FACETS else query.facets
        corrections = {
            typed: surface(self, term) for typed, term in asked.corrections.items() if total
        }
        return Results(
            total=total,
            hits=self._hits(query, ranking, self.facets.unpack(narrowed), asked),
            facets=self.facets.counts(matched, chosen, names) if names else {},
            notes=[
                *parsed.notes,
                *(["most-words"] if ranking.partial else []),
                *(["corrected"] if corrections else []),
            ],
            corrections=corrections,
            missing=[
                clause.typed
                for clause, found in zip(parsed.clauses, asked.found, strict=True)
                if not found.weight and not clause.asks
            ],
            drop=[] if total else self._droppable(parsed, asked, chosen),
        )

    def _droppable(self, parsed: Parsed, asked: Asked, chosen: Mapping[str, Bits]) -> list[str]:
        """The words without any one of which something would be found, most found first."""
        helped = []
        required = [clause.required for clause in parsed.clauses]
        for number, clause in enumerate(parsed.clauses):
            others = [f for n, f in enumerate(asked.found) if n != number]
            must = [r for n, r in enumerate(required) if n != number]
            if others:
                found = combine(others, must, self.corpus.live).found
                left = int(np.bitwise_count(self.facets.narrow(pack(found), chosen)).sum())
                if left:
                    helped.append((-left, number, clause.typed))
        return [typed for _, _, typed in sorted(helped)]

    def _ask(self, parsed: Parsed, language: str) -> Asked:
        expansion = self.expander.expand(parsed.clauses)
        found = [self.corpus.score(levels, language) for levels in expansion.words]
        asking = [clause.asks for clause in parsed.clauses]
        if not all(asking):
            found = [aside(f) if asks else f for f, asks in zip(found, asking, strict=True)]
        return Asked(expansion.words, found, expansion.corrections)

    def _rank(self, asked: Asked, parsed: Parsed, language: str) -> Ranking:
        required = [clause.required for clause in parsed.clauses]
        ranking = combine(asked.found, required, self.corpus.live)
        owned = self.corpus.group(self.owners.named(asked.words)).docs
        if len(owned):
            # No word can gain more by standing early or close than it tells.
            most = ranking.scores.max() + sum(word.weight for word in asked.found)
            ranking.scores[owned] += most
        if not parsed.without:
            return ranking
        remaining = ranking.found.copy()
        for item in parsed.without:
            sure = [level for level in self.expander.levels(item) if level.name in SURE]
            remaining &= self.corpus.score(sure, language).scores == 0
        return Ranking(ranking.scores, remaining, ranking.partial)

    def _hits(self, query: Query, ranking: Ranking, found: Mask, asked: Asked) -> list[Hit]:
        first = max(query.offset, 0)
        wanted = min(first + max(query.limit, 0), MOST_HITS)
        if wanted <= first or not self.corpus.size:
            return []
        if query.sort != "relevance" or not asked.words:
            nothing = np.zeros(len(found))
            docs = top(nothing, found, self._order(query.sort, query.language), wanted)
            marks = self.corpus.marks(docs[first:], asked.words)
        else:
            docs = top(ranking.scores, found, self.standing, max(wanted, RERANKED))
            marks = self.corpus.marks(docs, asked.words)
            docs = self._reranked(docs, ranking, asked, marks)
        shown = docs[first:wanted].tolist()
        marked = _marked(shown, marks)
        return [
            self._hit(doc, float(ranking.scores[doc]), marked[doc], query.language) for doc in shown
        ]

    def _reranked(self, docs: Ints, ranking: Ranking, asked: Asked, marks: Marks) -> Ints:
        """The first documents again, those in front that have the words side by side, or early."""
        leading = docs[:RERANKED]
        gains = closeness(marks, asked.found, self.corpus.size)
        before = self.corpus.read_before(marks[0], marks[1])
        gains += earliness(marks, before, asked.found, self.corpus.size)
        ranking.scores[leading] += gains[leading]
        order = np.lexsort((self.standing[leading], -ranking.scores[leading]))
        return np.concatenate((leading[order], docs[RERANKED:]))

    def shown(self, scores: Scores, found: Mask, language: str, limit: int) -> list[Hit]:
        """The best of some documents as hits without marks."""
        docs = top(scores, found, self.standing, limit)
        return [self._hit(doc, float(scores[doc]), [], language) for doc in docs.tolist()]

    def document(self, doc: int) -> Document:
        """The stored document with this number."""
        which = bisect_right(self._bases, doc) - 1
        return self.segments[which].document(doc - self._bases[which])

    def number_of(self, key: int) -> int | None:
        """The number of the live document with this id."""
        for base, segment in zip(self._bases, self.segments, strict=False):
            for number in np.flatnonzero(segment.ids == key).tolist():
                if self.corpus.live[base + number]:
                    return int(base + number)
        return None

    def _hit(self, doc: int, score: float, places: list[tuple[int, int]], language: str) -> Hit:
        document = self.document(doc)
        marks = highlight.marks_by_part(places)
        matched = _matched_language(document["language"], marks, language)
        body = f"body_{matched}"
        return Hit(
            id=document["id"],
            slug=document["slug"],
            score=score,
            language_matched=matched,
            title=_whole(document, "title", marks, language),
            summary=_whole(document, "summary", marks, language),
            passage=highlight.passage(document, body, marks[body]) if body in marks else [],
        )

    @cached_property
    def standing(self) -> NDArray[np.int64]:
        """Each document's place among equals: the more complete, then the newer, stands first."""
        merits = np.concatenate([segment.merits for segment in self.segments])
        return _ranks(np.lexsort((self._ids, -merits)))

    def _order(self, sort: str, language: str) -> NDArray[np.int64]:
        key, falling = {
            "title": (f"title_{language}", False),
            "start": ("start", True),
            "newest": ("published", True),
        }.get(sort, ("", True))
        if not key:
            return self.standing
        found = self._orders.get(key)
        if found is None:
            found = self._orders[key] = self._ranked(self._sort_values(key), falling)
        return found

    @cached_property
    def _orders(self) -> dict[str, NDArray[np.int64]]:
        return {}

    def _sort_values(self, key: str) -> list[str]:
        return [value for segment in self.segments for value in segment.sort_values(key)]

    def _ranked(self, values: list[str], falling: bool) -> NDArray[np.int64]:
        """Ranks by value, empty values last, equal ones by id so that paging is stable."""
        order: list[int] = np.argsort(self._ids).tolist()
        order.sort(key=values.__getitem__, reverse=falling)
        filled = [number for number in order if values[number]]
        return _ranks([*filled, *(number for number in order if not values[number])])

    @property
    def _ids(self) -> NDArray[np.int64]:
        return np.concatenate([segment.ids for segment in self.segments])


def _ranks(order: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Of each number in an order its place there."""
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


def _marked(docs: Sequence[int], marks: Marks) -> Marked:
    """Where the query's words stand in each of the documents shown.

    What is only related to a word is marked where a document has nothing better for it.
    """
    doc, place, word, sure = (column[np.isin(marks[0], docs)] for column in marks)
    pairs = doc.astype(np.int64) * (int(word.max(initial=0)) + 1) + word
    best = sure | ~np.isin(pairs, pairs[sure])
    marked: Marked = {number: [] for number in docs}
    for number, *mark in zip(*(c[best].tolist() for c in (doc, place, word)), strict=True):
        marked[number].append((mark[0], mark[1]))
    return marked


def _merged(
    first: Mapping[str, Sequence[str]], second: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Choices made beside the query and in it: those of one facet are alternatives."""
    return {name: [*first.get(name, ()), *second.get(name, ())] for name in {*first, *second}}


def _whole(
    document: Document, name: str, marks: dict[str, highlight.Marks], language: str
) -> list[Fragment]:
    """A text in the reader's language, else in the other one."""
    part = f"{name}_{language}"
    if not document["texts"].get(part):
        part = f"{name}_{_other(language)}"
    return highlight.whole(document, part, marks.get(part, {}))


def _other(language: str) -> str:
    return "en" if language == "el" else "el"


def _matched_language(origin: str, marks: dict[str, highlight.Marks], wanted: str) -> str:
    """The reader's language where anything matched in it, else the one that did."""
    matched = {part[-2:] for part in marks}
    if wanted in matched or not matched:
        return wanted if matched else origin
    return _other(wanted)
