"""What callers of the search engine ask with and get back: queries, results, hits and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Fragment = tuple[str, bool]  # a piece of text, and whether it is what was searched for

ALL_FACETS: tuple[str, ...] = ("*",)


class IndexUnavailable(Exception):
    """The index is missing, damaged or of another schema version; a sync heals it."""


@dataclass(frozen=True)
class Query:
    """One search: what was typed, the reader's language, and the choices beside it.

    `filters` maps a facet to the codes chosen in it: any of them within a facet, all facets
    together. `sort` is "relevance", "newest", "title" or "start". `facets` names the facets to
    count; the default counts every one that the documents have.
    """

    text: str = ""
    language: str = "el"
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    facets: Sequence[str] = ALL_FACETS


@dataclass(frozen=True)
class Hit:
    """One document found. Fragments join to plain text; the caller escapes each piece."""

    id: int
    slug: str
    score: float
    language_matched: str
    title: list[Fragment]
    summary: list[Fragment]
    passage: list[Fragment]


@dataclass(frozen=True)
class Facet:
    """One value of a facet with the number of documents that choosing it would show."""

    code: str
    count: int


@dataclass(frozen=True)
class Results:
    """The answer to a query.

    `notes` are codes about how it was answered: "most-words" (some hits lack a word),
    "too-long" (only the beginning of the query was used), "corrected" (a word was unknown and a
    near spelling was searched; `corrections` says which), "without-words" (only operators or
    common words were typed).
    `corrections` maps a typed word to the word that was searched instead.
    `missing` lists words that no document has, in any form; the others were searched.
    `drop` lists, where nothing was found, the words to leave out, most useful first.
    """

    total: int
    hits: list[Hit]
    facets: dict[str, dict[str, int]]
    notes: list[str] = field(default_factory=list)
    corrections: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Suggestion:
    """Something that what is being typed may become.

    `kind` is "practice", with its slug as `value`, or "term", a word to search for.
    """

    text: str
    kind: str
    value: str


@dataclass(frozen=True)
class SyncReport:
    """What a sync or rebuild did. `skipped` means that another process is at it already."""

    changed: bool = False
    full: bool = False
    skipped: bool = False
    documents: int = 0
    sequence: int = 0
    generation: str = ""
    seconds: float = 0.0
    reason: str = ""
