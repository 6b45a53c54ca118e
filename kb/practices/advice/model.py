"""What is pointed out to whoever writes: a kind of trouble, the words, where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from kb.practices.template import Field

# How the library explains abbreviations, by language and abbreviation (see acronyms.skeleton).
Expansions = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Kind:
    """One thing that is pointed out: what it is called, and what to do about it."""

    code: str
    label: LazyString
    todo: LazyString
    is_personal: bool = False


@dataclass(frozen=True)
class Found:
    """Words in a text and where they begin; ``better`` is what could stand there instead."""

    words: str
    place: int
    better: str = ""


@dataclass(frozen=True)
class Text:
    """One text of a practice; ``input`` is the name of the input in which it is written.

    ``language`` is None where a text has none, such as a mailbox.
    """

    field: Field
    language: str | None
    input: str
    value: str


@dataclass(frozen=True)
class Advice:
    """What one kind found in one text, in the order in which it stands there."""

    kind: Kind
    field: Field
    language: str | None
    input: str
    found: tuple[Found, ...]
