"""The spreadsheet to fill in for an import: a table, an example, the codes that may stand there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from kb.office import columns
from kb.office.xlsx import Sheet, workbook
from kb.practices import records
from kb.practices.template import FIELDS, Field, Kind
from kb.practices.wording import Labels

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLE = Path(records.__file__).parent / "demo" / "practices.jsonl"
NARROW, WIDE = 22, 48
CODES = "codes"


def write(names: Labels) -> bytes:
    """The workbook, with its second rows and its help in the request's language."""
    headings = list(columns.headings())
    first, second = [each.name for each in headings], [each.label for each in headings]
    widths = [
        WIDE if each.field and each.field.kind in (Kind.PROSE, Kind.ROWS) else NARROW
        for each in headings
    ]
    codes, ranges = _codes(names)
    choices = {
        number: ranges[each.name]
        for number, each in enumerate(headings)
        if each.field and each.name in ranges and each.field.kind not in _SEVERAL
    }
    help_ = [[_("Column"), _("Name"), _("What to write in it")]]
    help_ += [[each.name, each.label, columns.how_to_fill(each, names)] for each in headings]
    return workbook(
        [
            Sheet("practices", [first, second], widths, head=2, choices=choices),
            Sheet("example", [first, second, _example(first)], widths, head=2),
            Sheet(CODES, codes, [NARROW, NARROW, WIDE, WIDE]),
            Sheet("help", help_, [NARROW, WIDE, 2 * WIDE]),
        ]
    )


_SEVERAL = (Kind.CODES, Kind.MUNICIPALITIES, Kind.ROWS)


def _example(first: list[str]) -> list[str]:
    with EXAMPLE.open(encoding="utf-8") as lines:
        record: dict[str, Any] = json.loads(next(lines))
    row = columns.row_of({code: value for code, value in record.items() if code != columns.SLUG})
    return [row.get(name, "") for name in first]


def _codes(names: Labels) -> tuple[list[list[str]], dict[str, str]]:
    """The rows of the sheet of codes, and where in it the codes of each column are."""
    rows = [[_("Column"), _("Code"), "Ελληνικά", "English"]]
    ranges: dict[str, str] = {}
    for each in FIELDS:
        for name, terms in _chosen_from(each, names):
            begin = len(rows) + 1
            rows += [[name, *cells] for cells in terms]
            ranges[name] = f"{CODES}!$B${begin}:$B${len(rows)}"
    return rows, ranges


def _chosen_from(each: Field, names: Labels) -> list[tuple[str, list[list[str]]]]:
    found: list[tuple[str, list[list[str]]]] = []
    if each.kind in (Kind.MUNICIPALITY, Kind.MUNICIPALITIES):
        towns = [town for town in names.towns.values() if each.on_card or not town.is_elsewhere]
        cells = [[town.code, town.name["el"], town.name["en"]] for town in towns]
        found.append((each.code, cells))
    for code, vocabulary in [
        (each.code, each.vocabulary),
        *((f"{each.code}.{column.code}", column.vocabulary) for column in each.columns),
    ]:
        if vocabulary and each.kind is not Kind.FILES:
            terms = names.books[vocabulary].offered()
            found.append((code, [[t.code, t.label["el"], t.label["en"]] for t in terms]))
    return found
