"""A municipality, as the store knows it."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from hashlib import sha256

from kb.vocabularies.model import Text

# The code under which cases from outside the network are kept; their city is in "place".
ELSEWHERE = "other"

# What the map of Greece shows, in degrees.
LATITUDES = (34.7, 41.8)
LONGITUDES = (19.3, 28.4)


class CodeTaken(Exception):
    """There is a municipality with this code already."""


class StaleSettings(Exception):
    """Somebody else has set the municipality's mailbox or approval since; ``saved`` is it now."""

    def __init__(self, saved: Municipality) -> None:
        super().__init__("set by somebody else")
        self.saved = saved


class StaleDetails(Exception):
    """Somebody else has changed the municipality since; ``saved`` is what they made of it."""

    def __init__(self, saved: Details) -> None:
        super().__init__("changed by somebody else")
        self.saved = saved


@dataclass(frozen=True)
class Municipality:
    """A member of the network, or a former one. Names are nominative; the official is «Δήμος …»."""

    code: str
    is_member: bool
    name: Text
    official_name: Text
    region: str
    region_name: Text
    population_2021: int | None
    lat: float | None
    lon: float | None
    category: str | None
    joined: str | None
    mailbox: str | None
    # Whether a coordinator of its own approves what is submitted, before the network reviews it.
    approves_first: bool = False

    @property
    def settings_mark(self) -> str:
        """A text that is equal for equal settings: a form carries it to know of changes."""
        return f"{int(self.approves_first)} {self.mailbox or ''}"

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stands for all the cities outside the network, and is no municipality."""
        return self.code == ELSEWHERE


@dataclass(frozen=True)
class Details:
    """What a municipality is called and where it lies: all that administrators say of it at once.

    ``region_el`` is genitive, as in «Περιφέρεια Αττικής».
    """

    name_el: str
    name_en: str
    official_name_el: str
    official_name_en: str
    genitive_el: str
    region: str
    region_el: str
    region_en: str
    population_2021: int | None
    lat: float | None
    lon: float | None
    joined: str | None
    is_member: bool
    aliases: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """A short text that is equal for equal details: a form carries it to know of changes."""
        return sha256(json.dumps(astuple(self)).encode()).hexdigest()[:16]
