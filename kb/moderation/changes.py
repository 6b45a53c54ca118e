"""What differs between two revisions: field by field, and word by word where there is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

from flask_babel import gettext as _

from kb.i18n import LANGUAGES
from kb.municipalities.model import Municipality
from kb.practices.model import Content
from kb.practices.template import FIELDS, Column, Field, Kind
from kb.vocabularies.model import Text, Vocabularies

Mark = Literal["same", "added", "removed"]

# Comparing takes time in proportion to the product of both lengths; beyond this many pairs of
# words, texts are compared by lines, and beyond as many pairs of lines as a whole.
MOST_PAIRS = 100_000
# Below this share of common words a text was written anew: single words that happen to stand in
# both would only make it hard to read.
REWRITTEN = 0.25

# A word keeps its combining accents. What stands between two words is a gap: signs and spaces.
WORD = re.compile(r"(\w[\w\u0300-\u036f]*)")
LINE = re.compile(r"([^\n]+)")
SIGN = re.compile(r"[^\w\u0300-\u036f]")


@dataclass(frozen=True)
class Piece:
    """A stretch of text, or one entry of a list, and whether it stands in both revisions."""

    mark: Mark
    text: str


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


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as one: without what was added it is ``old``, without what was removed ``new``."""
    for token in (WORD, LINE):
        before, after = token.split(old), token.split(new)
        if len(before) * len(after) <= 4 * MOST_PAIRS:
            return tuple(_joined(_aligned(before, after)))
    return tuple(_joined(iter((Piece("removed", old), Piece("added", new)))))


def entries(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Two lists as one, entry by entry; what only changed its place is removed and added."""
    pieces: list[Piece] = []
    for operation, a, a_end, b, b_end in _operations(old, new):
        if operation == "equal":
            pieces += [Piece("same", text) for text in old[a:a_end]]
        else:
            pieces += [Piece("removed", text) for text in old[a:a_end]]
            pieces += [Piece("added", text) for text in new[b:b_end]]
    return tuple(pieces)


def _operations(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Both texts given as gap, word, gap, word, …, gap. Only words hold them together."""
    operations = _operations(old[1::2], new[1::2])
    common = sum(a_end - a for operation, a, a_end, _, _ in operations if operation == "equal")
    if common < REWRITTEN * max(len(old[1::2]), len(new[1::2])):
        yield from _between("".join(old), "".join(new))
        return
    removed, added = old[0], new[0]
    for operation, a, a_end, b, b_end in operations:
        if operation != "equal":
            removed += "".join(old[2 * a + 1 : 2 * a_end + 1])
            added += "".join(new[2 * b + 1 : 2 * b_end + 1])
            continue
        for offset in range(a_end - a):
            yield from _between(removed, added)
            yield Piece("same", old[2 * (a + offset) + 1])
            removed, added = old[2 * (a + offset) + 2], new[2 * (b + offset) + 2]
    yield from _between(removed, added)


def _between(removed: str, added: str) -> Iterator[Piece]:
    """What stands between two common words; signs and spaces that both begin or end with stay."""
    start = _common_signs(removed, added)
    removed, added = removed[len(start) :], added[len(start) :]
    end = _common_signs(removed[::-1], added[::-1])[::-1]
    cut = -len(end) or None
    yield Piece("same", start)
    yield Piece("removed", removed[:cut])
    yield Piece("added", added[:cut])
    yield Piece("same", end)


def _common_signs(one: str, other: str) -> str:
    """The signs and spaces that both texts begin with."""
    count = 0
    while one[count : count + 1] == other[count : count + 1] and SIGN.match(one, count):
        count += 1
    return one[:count]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of the same mark as one piece, without empty ones."""
    for mark, group in groupby((piece for piece in pieces if piece.text), lambda p: p.mark):
        yield Piece(mark, "".join(piece.text for piece in group))


# How each kind of field reads as a list of entries.


def _entries(field: Field, value: Any, names: Names) -> list[str]:
    return _ENTRIES[field.kind](field, value, names) if value else []


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


_ENTRIES: Mapping[Kind, Callable[[Field, Any, Names], list[str]]] = {
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.MUNICIPALITY: _municipality,
    Kind.MUNICIPALITIES: _municipalities,
    Kind.PLACE: _place,
    Kind.MONTH: _itself,
    Kind.FLAG: _flag,
    Kind.ROWS: _rows,
    Kind.CONTACT: _contact,
    Kind.LANGUAGE: _language,
}
