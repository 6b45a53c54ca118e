"""What differs between two revisions: field by field, and word by word where there is text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
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
MOST_PAIRS = 400_000
# Below this share of common words a text was written anew: single words that happen to stand in
# both would only make it hard to read.
REWRITTEN = 0.25

# Words with their combining accents, single signs, and the white space between.
WORDS = re.compile(r"\s+|\w[\w\u0300-\u036f]*|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")


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
    for tokens in (WORDS, LINES):
        before, after = tokens.findall(old), tokens.findall(new)
        if len(before) * len(after) <= MOST_PAIRS:
            return tuple(_joined(_aligned(before, after)))
    return tuple(_joined(_replaced([old], [new])))


def entries(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Two lists as one, entry by entry; what only changed its place is removed and added."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(_pieces(matcher, old, new))


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    # A space or a comma never holds two texts together by itself, only beside a common word.
    matcher = SequenceMatcher(_is_sign, old, new, autojunk=False)
    common = sum(
        not _is_sign(token)
        for block in matcher.get_matching_blocks()
        for token in old[block.a : block.a + block.size]
    )
    longest = max(sum(not _is_sign(token) for token in text) for text in (old, new))
    if common < REWRITTEN * longest:
        return _replaced(old, new)
    return _pieces(matcher, old, new)


def _is_sign(token: str) -> bool:
    return not any(letter.isalnum() for letter in token)


def _pieces(
    matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]
) -> Iterator[Piece]:
    for operation, a, a_end, b, b_end in matcher.get_opcodes():
        if operation == "equal":
            yield from (Piece("same", text) for text in old[a:a_end])
        else:
            yield from _replaced(old[a:a_end], new[b:b_end])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    yield from (Piece("removed", text) for text in old)
    yield from (Piece("added", text) for text in new)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of the same mark as one piece."""
    mark: Mark = "same"
    texts: list[str] = []
    for piece in pieces:
        if piece.mark != mark:
            if any(texts):
                yield Piece(mark, "".join(texts))
            mark, texts = piece.mark, []
        texts.append(piece.text)
    if any(texts):
        yield Piece(mark, "".join(texts))


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
