"""A part of a practice in words, line by line, for people who compare two versions of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kb import i18n
from kb.municipalities.model import Municipality
from kb.practices import merge, rows
from kb.practices.model import Content
from kb.practices.template import FIELDS, LANGUAGES, Field, Kind
from kb.vocabularies.model import Vocabularies


@dataclass(frozen=True)
class Labels:
    """What codes are called."""

    books: Vocabularies
    towns: Mapping[str, Municipality]


@dataclass(frozen=True)
class Difference:
    """One part that reads differently in two versions."""

    name: str
    field: Field
    language: str | None
    before: str
    after: str

    @property
    def words(self) -> int:
        """How many words more the later version has."""
        return len(self.after.split()) - len(self.before.split())


@dataclass(frozen=True)
class Answer:
    """What a field holds, as (language or None, text) pairs; no pair where it is empty."""

    field: Field
    texts: tuple[tuple[str | None, str], ...]


def differences(before: Content, after: Content, labels: Labels) -> Iterator[Difference]:
    """Every part that differs, in the order of the template."""
    old, new = merge.parts(before, FIELDS), merge.parts(after, FIELDS)
    for name, field, language in merge.names(FIELDS):
        if merge.mark(old[name]) != merge.mark(new[name]):
            texts = (in_words(field, each[name], labels) for each in (old, new))
            yield Difference(name, field, language, *texts)


def answers(content: Content, fields: Iterable[Field], labels: Labels) -> Iterator[Answer]:
    """Each of the fields in words, for whoever checks what they wrote."""
    for field in fields:
        values = merge.parts(content, [field])
        texts = tuple(
            (language, in_words(field, values[name], labels))
            for name, _field, language in merge.names([field])
        )
        yield Answer(field, texts if any(text for _language, text in texts) else ())


def in_words(field: Field, value: Any, labels: Labels) -> str:
    """A part's value as text; empty where there is none."""
    if not value:
        return ""
    if isinstance(value, str) and field.is_localised:
        return value
    return "\n".join(line for line in _lines(field, value, labels) if line)


def _lines(field: Field, value: Any, labels: Labels) -> Iterator[str]:
    codes = [value] if isinstance(value, str) else value
    if field.kind in (Kind.CODE, Kind.CODES) and field.vocabulary:
        book = labels.books[field.vocabulary]
        yield from (i18n.text(book.label(code)).value for code in codes)
    elif field.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
        yield from (i18n.text(labels.towns[code].name).value for code in codes)
    elif field.kind is Kind.ROWS:
        yield from (_row(field, row, labels) for row in value)
    elif field.kind is Kind.FILES:
        yield from (i18n.text(row.get("title")).value or row.get("name", "") for row in value)
    elif field.kind is Kind.CONTACT:
        yield from (value.get("service", {}).get(language, "") for language in LANGUAGES)
        yield value.get("mailbox", "")
        is_public = value["visibility"] == "public"
        yield _("Shown to everybody") if is_public else _("Shown to members of the network only")
    elif field.kind is Kind.PLACE:
        yield ", ".join(value.values())
    elif field.kind is Kind.LANGUAGE:
        yield str(i18n.LANGUAGE_NAMES.get(value, value))
    else:
        yield _("Yes") if value is True else str(value)


def _row(field: Field, row: Mapping[str, Any], labels: Labels) -> str:
    cells = rows.cells_of(field, [row], i18n.current())[0]
    for column in field.columns:
        if column.vocabulary and column.code in cells:
            label = labels.books[column.vocabulary].label(cells[column.code])
            cells[column.code] = i18n.text(label).value
    return " – ".join(cells.values())
