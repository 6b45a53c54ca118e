"""A municipality, as the store knows it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.vocabularies.model import Text

# The code under which cases from outside the network are kept; their city is in "place".
ELSEWHERE = "other"


@dataclass(frozen=True)
class Municipality:
    """A member body of the network. Names are nominative; the official name is «Δήμος …»."""

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
