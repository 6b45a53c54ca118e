"""Repeatable rows as inputs of a form: indicators_0_name_el, indicators_0_value, …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from kb.practices.template import LANGUAGES, Column, Field

# One row as its inputs hold it: the last part of each input's name, and what was typed.
Cells = dict[str, str]

# Far above every limit of the template; keeps made-up names from costing anything.
MOST = 200
# Between groups of three digits, as people of that language write them.
GROUPING = {"el": ".", "en": ","}
NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?")


def typed(field: Field, form: MultiDict[str, str]) -> list[Cells]:
    """The rows as typed, in the order of their numbers, empty and removed ones left out."""
    pattern = re.compile(rf"{field.code}_(\d{{1,4}})_(\w{{1,30}})")
    rows: dict[int, Cells] = {}
    names = set(inputs(field))
    for name in form:
        found = pattern.fullmatch(name)
        if found and found[2] in names:
            rows.setdefault(int(found[1]), {})[found[2]] = form.get(name, "")
    removed = form.get("remove", "")
    return [
        cells
        for number, cells in sorted(rows.items())[:MOST]
        if any(text.strip() for text in cells.values()) and removed != f"{field.code}_{number}"
    ]


def inputs(field: Field) -> Iterable[str]:
    """The last part of the name of each input of a row."""
    for column in field.columns:
        if column.kind == "text":
            yield from (f"{column.code}_{language}" for language in LANGUAGES)
        else:
            yield column.code


def read(field: Field, rows: Iterable[Cells], language: str) -> list[dict[str, Any]]:
    """What the rows say, for validation.check_shape; numbers as people of ``language`` write."""
    return [
        {column.code: _value(column, cells, language) for column in field.columns} for cells in rows
    ]


def cells_of(field: Field, rows: Sequence[Mapping[str, Any]], language: str) -> list[Cells]:
    """Stored rows as their inputs show them; read() makes the same of it."""
    return [_cells(field, row, language) for row in rows]


def number_of(text: str, language: str) -> int | float | str:
    """The number that was typed, or the text where it is none."""
    group = GROUPING.get(language, ",")
    point = "," if group == "." else "."
    plain = re.sub(r"[\s\u00a0\u202f]", "", text)
    whole = rf"[+-]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+"
    if re.fullmatch(rf"{whole}(?:{re.escape(point)}\d+)?", plain):
        plain = plain.replace(group, "")
    plain = plain.replace(",", ".")
    if not NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)


def _value(column: Column, cells: Cells, language: str) -> Any:
    if column.kind == "text":
        return {
            lang: " ".join(cells.get(f"{column.code}_{lang}", "").split()) for lang in LANGUAGES
        }
    text = " ".join(cells.get(column.code, "").split())
    if column.kind == "number":
        return number_of(text, language) if text else None
    return text


def _cells(field: Field, row: Mapping[str, Any], language: str) -> Cells:
    cells: Cells = {}
    for column in field.columns:
        value = row.get(column.code)
        if value is None:
            continue
        if column.kind == "text":
            cells |= {f"{column.code}_{lang}": text for lang, text in value.items()}
        elif column.kind == "number":
            cells[column.code] = _shown(value, language)
        else:
            cells[column.code] = value
    return cells


def _shown(value: float, language: str) -> str:
    text = f"{value:.9f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return text.replace(".", ",") if GROUPING.get(language) == "." else text
