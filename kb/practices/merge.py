"""Three versions of a draft into one: as it was opened, as it was saved since, as it is typed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kb.practices.model import Content
from kb.practices.rows import MOST
from kb.practices.table_merge import merge_rows
from kb.practices.template import LANGUAGES, Field, Kind

MARK_LENGTH = 12
NOTHING = "-"
JOINT = "."

# A part is what two people cannot change independently: one language of a text, or a whole field
# of any other kind. It is named as its input: title_el, areas. A mark tells two values apart; that
# of a table is the marks of its rows, each of which two people can change independently.
Marks = Mapping[str, str]


@dataclass(frozen=True)
class Merge:
    """``content`` has both sides' changes; the parts that both changed stay as they were saved.

    ``written`` are the parts taken from what was typed, with their marks; ``newer`` names those
    that only the others changed; ``joined`` those of ``written`` in which others' rows are, too.
    """

    content: dict[str, Any]
    written: dict[str, str]
    conflicts: tuple[str, ...]
    newer: tuple[str, ...]
    joined: tuple[str, ...] = ()


def parts(content: Content, fields: Iterable[Field]) -> dict[str, Any]:
    """The value of each part of those fields, None where there is none."""
    return {name: _get(content, field, language) for name, field, language in names(fields)}


def marks(content: Content, fields: Iterable[Field]) -> dict[str, str]:
    """What a form carries along to know later which parts were changed, and by whom."""
    return {
        name: mark_of(field, _get(content, field, language))
        for name, field, language in names(fields)
    }


def mark_of(field: Field, value: Any) -> str:
    """The mark of a part of that field."""
    if field.kind is Kind.ROWS and value:
        return JOINT.join(mark(row) for row in value)
    return mark(value)


def mark(value: object) -> str:
    """A short text that is equal for equal values."""
    if value in (None, "", [], {}, False):
        return NOTHING
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:MARK_LENGTH]


def merge(
    mine: Content, theirs: Content, opened: Marks, fields: Iterable[Field], own: Marks | None = None
) -> Merge:
    """What was typed (``mine``) put into what is saved (``theirs``), part by part.

    ``opened`` are the marks of what the typing began with; ``own`` those of what the same page
    wrote since: that is no change by others, even where the page never heard of its success.
    """
    content, written = dict(theirs), {}
    conflicts, newer, joined = [], [], []
    for name, field, language in names(fields):
        typed, value = _get(mine, field, language), _get(theirs, field, language)
        sent, saved = mark_of(field, typed), mark_of(field, value)
        known = [each[name] for each in (own or {}, opened) if name in each]
        if sent == saved:
            continue
        if saved in known:
            _put(content, field, language, typed)
            written[name] = sent
        elif sent == opened.get(name):
            newer.append(name)
        elif (rows := _joined(field, typed, value, known)) is not None:
            _put(content, field, language, rows)
            written[name] = sent
            joined.append(name)
        else:
            conflicts.append(name)
    return Merge(content, written, tuple(conflicts), tuple(newer), tuple(joined))


def _joined(field: Field, mine: Any, theirs: Any, known: Iterable[str]) -> list[Any] | None:
    """Both sides' rows in one table, where they can be told apart and there is room for them."""
    if field.kind is not Kind.ROWS:
        return None
    sides = [[(mark(row), row) for row in side or ()] for side in (mine, theirs)]
    for opened in known:
        before = [] if opened == NOTHING else opened.split(JOINT)[:MOST]
        rows = merge_rows(sides[0], sides[1], before)
        if rows is not None and len(rows) <= (field.limit or len(rows)):
            return rows
    return None


def names(fields: Iterable[Field]) -> Iterator[tuple[str, Field, str | None]]:
    """Each part of those fields: its name, its field, its language where it has one."""
    for field in fields:
        if field.is_localised:
            for language in LANGUAGES:
                yield f"{field.code}_{language}", field, language
        else:
            yield field.code, field, None


def _get(content: Content, field: Field, language: str | None) -> Any:
    value = content.get(field.code)
    return (value or {}).get(language) if language else value


def _put(content: dict[str, Any], field: Field, language: str | None, value: Any) -> None:
    if language:
        texts = {**content.get(field.code, {}), language: value}
        value = {lang: texts[lang] for lang in LANGUAGES if texts.get(lang)}
    if mark(value) == NOTHING:
        content.pop(field.code, None)
    else:
        content[field.code] = value
