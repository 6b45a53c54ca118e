"""What the pages show in short: a practice as a card, a municipality as a dot on the map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb.vocabularies.model import Text


@dataclass(frozen=True)
class Card:
    """A published practice in a list. ``place`` is empty where a municipality says it all."""

    slug: str
    title: Text
    summary: Text
    municipality: str
    place: Text
    areas: tuple[str, ...]
    start: str

    @property
    def year(self) -> str:
        """The year in which it began."""
        return self.start[:4]


@dataclass(frozen=True)
class Counts:
    """How many published practices there are, in all and by the code of one facet."""

    total: int
    by_area: Mapping[str, int]
    by_municipality: Mapping[str, int]


class TooMuchFeedback(Exception):
    """More messages within an hour than people write: the form is being abused."""
