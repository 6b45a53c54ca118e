"""What differs between two revisions: field by field, and word by word where there is text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from kb.i18n import LANGUAGES
from kb.moderation.texts import Piece, entries, words
from kb.municipalities.model import Municipality
from kb.practices.model import Content
from kb.practices.template import FIELDS, Column, Field, Kind
from kb.vocabularies.model import Text, Vocabularies


@dataclass(frozen=True)
class Part:
    """The difference within a field: in one language of a text, or in a list of entries."""

    pieces: tuple[Piece, ...]
    language: str | None = None

    @property
    def is_list(self) -> bool:
        return self.language is None


@dataclass(frozen=True)
class Change:
    """A field that differs."""

    field: Field
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Names:
    """What codes are called, in the language of who compares."""

    vocabularies: Vocabularies
    municipalities: Mapping[str, Municipality]
    language: str

    def term(self, vocabulary: str | None, code: str) -> str:
        return self._say(self.vocabularies[vocabulary or ""].label(code))

    def municipality(self, code: str) -> str:
        known = self.municipalities.get(code)
        return self._say(known.name) if known else code

    def _say(self, text: Text) -> str:
        return text.get(self.language) or next(iter(text.values()), "")


def compare(old: Content, new: Content, names: Names) -> list[Change]:
    """Every field that differs, in the order of the template."""
    return [
        Change(field, tuple(_parts(field, old.get(field.code), new.get(field.code), names)))
        for field in FIELDS
        if old.get(field.code) != new.get(field.code)
    ]


def _parts(field: Field, old: Any, new: Any, names: Names) -> Iterator[Part]:
    if not field.is_localised:
        yield Part(entries(_entries(field, old, names), _entries(field, new, names)))
        return
    for language in LANGUAGES:
        before, after = (old or {}).get(language, ""), (new or {}).get(language, "")
        if before != after:
            yield Part(words(before, after), language)


# How each kind of field reads as a list of entries.


def _entries(field: Field, value: Any, names: Names) -> list[str]:
    return ENTRIES[field.kind](field, value, names) if value else []


def _code(field: Field, value: str, names: Names) -> list[str]:
    return [names.term(field.vocabulary, value)]


def _codes(field: Field, value: Sequence[str], names: Names) -> list[str]:
    return [names.term(field.vocabulary, code) for code in value]


def _municipality(field: Field, value: str, names: Names) -> list[str]:
    return [names.municipality(value)]


def _municipalities(field: Field, value: Sequence[str], names: Names) -> list[str]:
    return [names.municipality(code) for code in value]


def _place(field: Field, value: Mapping[str, str], names: Names) -> list[str]:
    return [f"{_both(value)}, {value.get('country', '')}"]


def _itself(field: Field, value: str, names: Names) -> list[str]:
    return [value]


def _flag(field: Field, value: bool, names: Names) -> list[str]:
    return [_("Yes")]


def _language(field: Field, value: str, names: Names) -> list[str]:
    return [LANGUAGES.get(value, value)]


def _contact(field: Field, value: Mapping[str, Any], names: Names) -> list[str]:
    public = value.get("visibility") == "public"
    seen_by = _("Shown to everybody") if public else _("Shown to members of the network only")
    found = [_both(value.get("service", {})), value.get("mailbox", ""), seen_by]
    return [entry for entry in found if entry]


def _rows(field: Field, value: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    return [
        " · ".join(_cell(column, row[column.code], names) for column in _filled(field, row))
        for row in value
    ]


def _files(field: Field, value: Sequence[Mapping[str, Any]], names: Names) -> list[str]:
    return [
        f"{entry} ({', '.join(_facts(row))})"
        for entry, row in zip(_rows(field, value, names), value, strict=True)
    ]


def _facts(row: Mapping[str, Any]) -> Iterator[str]:
    if row.get("decorative"):
        yield _("decoration only")
    if language := row.get("language"):
        yield LANGUAGES.get(language, language)
    # Another file may come to stand under the same description: its hash tells them apart.
    yield row["file"][:8]


def _filled(field: Field, row: Mapping[str, Any]) -> Iterator[Column]:
    return (column for column in field.columns if column.code in row)


def _cell(column: Column, value: Any, names: Names) -> str:
    if column.kind == "text":
        return _both(value)
    if column.kind == "term":
        return names.term(column.vocabulary, value)
    return str(value)


def _both(value: Mapping[str, str]) -> str:
    """A short text in every language that it is written in: either may be what changed."""
    return " / ".join(value[language] for language in LANGUAGES if value.get(language))


ENTRIES: Mapping[Kind, Callable[[Field, Any, Names], list[str]]] = {
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.MUNICIPALITY: _municipality,
    Kind.MUNICIPALITIES: _municipalities,
    Kind.PLACE: _place,
    Kind.MONTH: _itself,
    Kind.FLAG: _flag,
    Kind.ROWS: _rows,
    Kind.FILES: _files,
    Kind.CONTACT: _contact,
    Kind.LANGUAGE: _language,
}
