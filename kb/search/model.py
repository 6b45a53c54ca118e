"""What a reader asks of search, and the answer that pages, feeds and programs show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from kb.vocabularies.model import Text

Fragments = Sequence[tuple[str, bool]]  # pieces of a text, and whether each is what was sought

# A longer query is cut; the search box takes no more.
QUERY_LENGTH = 200
PER_PAGE = 20
# Nobody turns this many pages; whoever wants all hits takes the file.
MOST_PAGES = 250
# The most practices in a file or a feed.
MOST_TAKEN = 5_000

SORTS = ("relevance", "newest", "title", "start")


@dataclass(frozen=True)
class Asked:
    """A search as it was asked for, with what of it could not be used.

    ``ignored`` holds pairs of a parameter and its value; ``cut`` says that the text was too long.
    An empty ``sort`` is the usual order: the best match first, or the newest where there are no
    words.
    """

    text: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    ignored: Sequence[tuple[str, str]] = ()
    cut: bool = False

    @property
    def has_words(self) -> bool:
        """Whether there is anything to search for in the text."""
        return any(character.isalnum() for character in self.text)

    @property
    def has_aim(self) -> bool:
        """Whether anything at all narrows the search."""
        return self.has_words or any(self.filters.values())

    @property
    def order(self) -> str:
        """The order that results are to stand in."""
        return self.sort or ("relevance" if self.has_words else "newest")

    @property
    def parameters(self) -> dict[str, Any]:
        """What an address holds to ask for the same again, from its first page."""
        asked: dict[str, Any] = {"q": self.text} if self.text else {}
        asked |= {name: list(codes) for name, codes in self.filters.items() if codes}
        return asked | ({"sort": self.sort} if self.sort else {})

    def without(self, facet: str, code: str) -> Asked:
        """The same search with one choice fewer."""
        rest = [each for each in self.filters.get(facet, ()) if each != code]
        return replace(self, filters={**self.filters, facet: rest})

    def with_word(self, word: str, other: str = "") -> Asked:
        """The same search with another word, or none, in the place of a word or phrase."""
        pattern = rf'(?<!\w)[-+]?"?{re.escape(word)}"?(?!\w)'
        text = re.sub(pattern, lambda _: other, self.text)
        return replace(self, text=" ".join(text.split()), page=1)


@dataclass(frozen=True)
class Wider:
    """A search that finds more: without ``word``, or without the filters where that is empty."""

    word: str
    asked: Asked
    total: int


@dataclass(frozen=True)
class Card:
    """A published practice as the store has it now. ``place`` is for cases of other cities.

    ``changed`` says that it has changed since the index was last in step.
    """

    id: int
    slug: str
    title: Text
    summary: Text
    municipality: str
    place: Text
    areas: Sequence[str]
    start: str
    published_at: str
    confirmed_on: str
    changed: bool

    @property
    def year(self) -> str:
        """The year in which it began."""
        return self.start[:4]


@dataclass(frozen=True)
class Suggested:
    """What a text that is being typed may become.

    ``kind`` is area, municipality, practice or term; ``value`` its code, slug or the word itself;
    ``text`` is in ``language``.
    """

    kind: str
    value: str
    text: str
    language: str


@dataclass(frozen=True)
class Found:
    """A practice that answers the search, with what matched marked.

    ``passage`` is in ``passage_language``, title and summary in the reader's language where they
    have been written in it.
    """

    card: Card
    score: float
    title: Fragments
    summary: Fragments
    passage: Fragments
    passage_language: str


@dataclass(frozen=True)
class Answer:
    """What a search found.

    ``notes`` are the search engine's codes about how it answered; ``corrections`` maps a word to
    the one that was sought instead; ``missing`` are words that no practice has; ``drop`` names
    words to leave out where nothing was found.
    ``by_index`` is False where the index was not to be had and the store itself was searched.
    """

    total: int
    found: Sequence[Found]
    counts: Mapping[str, Mapping[str, int]]
    notes: Sequence[str]
    corrections: Mapping[str, str]
    missing: Sequence[str]
    drop: Sequence[str]
    by_index: bool


def pages_of(total: int, per_page: int, most: int = MOST_PAGES) -> int:
    """How many pages there are to turn."""
    return max(1, min(most, ceil(total / per_page)))
