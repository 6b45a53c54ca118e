"""What may be wrong with a content, and the codes that it may use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.practices.template import Kind
from kb.vocabularies.model import Vocabularies

# What is said of a field of that kind that is empty, or that cannot be understood.
WANTED = {
    Kind.CODES: _("Choose at least one."),
    Kind.MONTH: _("Give a year, or a year and a month, such as 2019 or 2019-05."),
    Kind.CONTACT: _("Give the service to ask and its mailbox."),
    Kind.MUNICIPALITY: _("Choose the municipality."),
}


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, or a part of it, in words for the person who wrote it.

    ``part`` is a language, or a piece of a field that has several ("mailbox").
    """

    field: str
    message: LazyString
    part: str | None = None

    @property
    def where(self) -> str:
        return f"{self.field}.{self.part}" if self.part else self.field

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass(frozen=True)
class Known:
    """The codes that content may use."""

    vocabularies: Vocabularies
    municipalities: Collection[str]


class Malformed(Exception):
    """A value that does not have its field's shape."""

    def __init__(self, message: LazyString, part: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.part = part
