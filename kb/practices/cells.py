"""Tables of a content as they are read: rows of cells, and files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from kb.practices import attached
from kb.practices.problems import Known, Malformed
from kb.practices.template import Column, Field, Kind
from kb.practices.values import (
    CELL_LENGTH,
    is_web_address,
    localised,
    plain_text,
    real_number,
    require_one_line,
    term,
)

PERIOD = re.compile(r"\d{4}(?:-\d{2})?(?:(?:[-–/]| – )\d{4}(?:-\d{2})?)?")
ADDRESS_LENGTH = 2000


def rows(field: Field, value: object, known: Known) -> list[dict[str, Any]]:
    """The rows of a table, without the empty ones; raises Malformed."""
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise Malformed(_("This is not a list."))
    if field.limit and len(value) > field.limit:
        raise Malformed(_("At most %(limit)d rows fit.", limit=field.limit))
    read = _file if field.kind is Kind.FILES else _row
    found = [read(field.columns, number, item, known) for number, item in enumerate(value)]
    return [row for row in found if row]


def files(field: Field, value: object, known: Known) -> list[dict[str, Any]]:
    """The files that a practice names, each once; raises Malformed."""
    found = rows(field, value, known)
    if len({row["file"] for row in found}) != len(found):
        raise Malformed(_("The same file stands there twice."))
    return found


def _file(columns: Iterable[Column], number: int, item: object, known: Known) -> dict[str, Any]:
    """One file: whether it was ever uploaded is not asked here (see attached.strangers)."""
    if not isinstance(item, Mapping) or (facts := attached.facts(item)) is None:
        raise Malformed(_("This is not the description of a file."))
    said = {name: value for name, value in item.items() if name not in attached.FACTS}
    return _row(columns, number, said, known) | facts


def _row(columns: Iterable[Column], number: int, item: object, known: Known) -> dict[str, Any]:
    names = {column.code for column in columns}
    if not isinstance(item, Mapping) or not set(item) <= names:
        raise Malformed(_("Each row has these columns: %(names)s.", names=", ".join(sorted(names))))
    row: dict[str, Any] = {}
    for column in columns:
        try:
            cell = _cell(column, item.get(column.code), known)
        except Malformed as error:
            part = f"{number}_{column.code}" + (f"_{error.part}" if error.part else "")
            raise Malformed(error.message, part) from error
        if cell not in (None, "", {}):
            row[column.code] = cell
    return row


def _cell(column: Column, value: object, known: Known) -> Any:
    if column.kind == "text":
        texts = localised(value, CELL_LENGTH)
        require_one_line(texts)
        return texts
    if column.kind == "term":
        return term(column.vocabulary, value, known) if value else ""
    if column.kind == "number":
        return real_number(column, value)
    text = plain_text(value, ADDRESS_LENGTH if column.kind == "url" else CELL_LENGTH).strip()
    if text and column.kind == "url" and not is_web_address(text):
        raise Malformed(_("Give a whole address that begins with https:// or http://."))
    if text and column.kind == "period" and not PERIOD.fullmatch(text):
        raise Malformed(_("Give a period such as 2019, 2019-05 or 2016-2019."))
    return text
