"""The same answer without an index, from the store itself: slower and plainer, never wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from indexer import Hit, Query, Results
from indexer.language import snowball, tokens
from kb.i18n import sort_key
from kb.search import store

# A word is sought without its ending where enough of it remains to tell it from others.
SHORTEST_STEM = 4
MOST_WORDS = 10

Facets = Mapping[str, Sequence[str]]


def search(db: Database, query: Query) -> Results:
    """All documents with every word of the query in them, narrowed, counted and ordered."""
    rows = list(store.list_documents(db, needles(query.text)))
    facets: list[Facets] = [json.loads(row["facets"]) for row in rows]
    fitting = [row for row, has in zip(rows, facets, strict=True) if _fits(has, query.filters)]
    page = _ordered(fitting, query)[query.offset : query.offset + query.limit]
    return Results(
        total=len(fitting),
        hits=[_hit(row, query.language) for row in page],
        facets=_counts(facets, query.filters),
    )


def needles(text: str) -> list[str]:
    """What a document must hold, folded, to have each of the words in some form."""
    return [_stem(token.term) for token in tokens(text)][:MOST_WORDS]


def _stem(term: str) -> str:
    stem = snowball(term)
    return stem if term.startswith(stem) and len(stem) >= SHORTEST_STEM else term


def _fits(has: Facets, filters: Facets, but: str = "") -> bool:
    """Whether a document has one of the chosen codes in each facet, leaving out facet ``but``."""
    return all(
        not set(codes).isdisjoint(has.get(name, ()))
        for name, codes in filters.items()
        if codes and name != but
    )


def _counts(documents: Sequence[Facets], filters: Facets) -> dict[str, dict[str, int]]:
    """How many documents have each code, a facet's own choice aside."""
    counts: dict[str, dict[str, int]] = {}
    for has in documents:
        for name, codes in has.items():
            if _fits(has, filters, but=name):
                counted = counts.setdefault(name, {})
                for code in codes:
                    counted[code] = counted.get(code, 0) + 1
    return counts


def _ordered(rows: list[sqlite3.Row], query: Query) -> list[sqlite3.Row]:
    """By title, by start, or the newest first; there is no telling which matches best."""

    def key(row: sqlite3.Row) -> str:
        sort: dict[str, str] = json.loads(row["sort"])
        return sort["start" if query.sort == "start" else "published"]

    if query.sort == "title":
        return sorted(rows, key=lambda row: sort_key(_text(row, "title", query.language)))
    return sorted(rows, key=key, reverse=True)


def _text(row: sqlite3.Row, part: str, language: str) -> str:
    own = row[f"{part}_{language}"]
    return str(own or row[f"{part}_el"] or row[f"{part}_en"])


def _hit(row: sqlite3.Row, language: str) -> Hit:
    return Hit(
        id=row["id"],
        slug=row["slug"],
        score=0.0,
        language_matched=language,
        title=[(_text(row, "title", language), False)],
        summary=[(_text(row, "summary", language), False)],
        passage=[],
    )
