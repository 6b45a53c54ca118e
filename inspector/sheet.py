"""The cells of a spreadsheet's first table as they are typed: nothing is computed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from inspector.findings import Refused

# text: str; number: int | float; flag: bool; date: "2019-05-01"; error: the error's name.
Kind = Literal["text", "number", "flag", "date", "error"]

MOST_ROWS = 2010  # with something in them; whoever asks has a limit of their own below this
LAST_ROW = 1_048_576  # that a spreadsheet can have
MOST_COLUMNS = 200
MOST_STRINGS = 300_000
MOST_LETTERS = 20_000_000  # of all cells together
MOST_MERGED = 20
REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# A letter by its number; but not half of one that needs two.
ESCAPED = re.compile(r"_x(?![dD][89A-Fa-f])([0-9A-Fa-f]{4})_")
# Numbers of the formats that every spreadsheet knows and that show a date.
DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
NOT_OF_DATES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
LAST_DAY = 2_958_465  # 31 December 9999


@dataclass
class Cell:
    """``formula``: the value is what was computed when the file was saved last."""

    column: int
    kind: Kind
    value: str | int | float | bool
    formula: bool = False


@dataclass
class Sheet:
    """``rows``: number and cells of each row that has any; ``more``: there were too many."""

    name: str
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    more: bool = False


def from_plain(raw: Mapping[str, Any]) -> Sheet:
    """The sheet that was written as JSON (see reading.py)."""
    rows = [(number, [Cell(**cell) for cell in cells]) for number, cells in raw["rows"]]
    return Sheet(raw["name"], rows, raw["merged"], raw["more"])


def read(archive: zipfile.ZipFile) -> Sheet:
    """The first sheet of an archive that was looked through before. Raises Refused."""
    name, path, from_1904 = _first_sheet(archive)
    sheet = Sheet(name)
    formats = list(_date_styles(archive))
    strings = list(_strings(archive))
    letters = 0
    for element in _each(archive, path, frozenset({"row", "mergeCell"})):
        if _local(element) == "mergeCell":
            sheet.merged.append(element.get("ref", ""))
            if len(sheet.merged) >= MOST_MERGED:
                break
            continue
        cells = list(_cells(element, strings, formats, from_1904))
        letters += sum(len(cell.value) for cell in cells if isinstance(cell.value, str))
        if letters > MOST_LETTERS:
            raise Refused("too-heavy")
        if cells:
            sheet.rows.append((_number_of_row(element, sheet), cells))
        if len(sheet.rows) >= MOST_ROWS:
            sheet.more = True
            break
    return sheet


def _number_of_row(row: Element, sheet: Sheet) -> int:
    """What it says, or one more than the row before. Raises Refused for what no program writes."""
    said = row.get("r", "")
    number = int(said) if said.isdecimal() else (sheet.rows[-1][0] if sheet.rows else 0) + 1
    if number > LAST_ROW:
        raise Refused("unreadable")
    return number


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _each(archive: zipfile.ZipFile, name: str, wanted: frozenset[str]) -> Iterator[Element]:
    """Each wanted element as it ends, and then forgotten."""
    if name not in archive.namelist():
        return
    with archive.open(name) as part:
        path: list[Element] = []
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                continue
            path.pop()
            if _local(element) in wanted:
                yield element
                if path:
                    path[-1].remove(element)


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, str, bool]:
    """Its name, its part, and whether days are counted from 1904 on."""
    relations = {
        each.get("Id"): each.get("Target", "")
        for each in _each(archive, "xl/_rels/workbook.xml.rels", frozenset({"Relationship"}))
    }
    from_1904 = False
    for element in _each(archive, "xl/workbook.xml", frozenset({"workbookPr", "sheet"})):
        if _local(element) == "workbookPr":
            from_1904 = element.get("date1904") in ("1", "true")
            continue
        target = next(
            (relations.get(v, "") for k, v in element.attrib.items() if k.endswith("}id")), ""
        )
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist():
            return element.get("name", ""), path, from_1904
        break
    raise Refused("unreadable")


def _date_styles(archive: zipfile.ZipFile) -> Iterator[bool]:
    """Of each cell style, whether it shows a date."""
    wanted = frozenset({"numFmt", "cellXfs"})
    own: dict[str, str] = {}
    for element in _each(archive, "xl/styles.xml", wanted):
        if _local(element) == "numFmt":
            own[element.get("numFmtId", "")] = element.get("formatCode", "")
            continue
        for style in element:
            number = style.get("numFmtId", "0")
            code = NOT_OF_DATES.sub("", own.get(number, ""))
            built_in = number.isdecimal() and int(number) in DATE_FORMATS
            yield bool(re.search("[ymd]", code, re.IGNORECASE)) if number in own else built_in


def _strings(archive: zipfile.ZipFile) -> Iterator[str]:
    letters = 0
    for count, element in enumerate(_each(archive, "xl/sharedStrings.xml", frozenset({"si"}))):
        text = _text(element)
        letters += len(text)
        if count > MOST_STRINGS or letters > MOST_LETTERS:
            raise Refused("too-heavy")
        yield text


def _text(element: Element) -> str:
    """The text of a string, which may be in several pieces; how it is pronounced is no part."""
    pieces: list[str] = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces += [each.text or "" for each in child if _local(each) == "t"]
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(pieces))


def _cells(
    row: Element, strings: list[str], formats: list[bool], from_1904: bool
) -> Iterator[Cell]:
    column = -1
    for element in row:
        if _local(element) != "c":
            continue
        found = REFERENCE.fullmatch(element.get("r", ""))
        column = _number_of(found[1]) if found else column + 1
        if column >= MOST_COLUMNS:
            return
        style = element.get("s", "0")
        is_date = style.isdecimal() and int(style) < len(formats) and formats[int(style)]
        cell = _cell(column, element, strings, is_date, from_1904)
        if cell is not None:
            yield cell


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _cell(
    column: int, element: Element, strings: list[str], is_date: bool, from_1904: bool
) -> Cell | None:
    parts = {_local(each): each for each in element}
    formula = "f" in parts
    kind = element.get("t", "n")
    if kind == "inlineStr":
        text = _text(parts["is"]) if "is" in parts else ""
        return Cell(column, "text", text) if text.strip() else None
    raw = (parts["v"].text or "") if "v" in parts else ""
    if not raw.strip():
        return Cell(column, "text", "", formula=True) if formula else None
    if kind == "s":
        place = int(raw) if raw.isdecimal() else len(strings)
        if place >= len(strings):
            raise Refused("unreadable")
        return Cell(column, "text", strings[place]) if strings[place].strip() else None
    if kind == "b":
        return Cell(column, "flag", raw.strip() == "1", formula)
    if kind == "e":
        return Cell(column, "error", raw, formula)
    if kind == "d":
        return Cell(column, "date", raw[:10], formula)
    if kind == "str":
        return Cell(column, "text", raw, formula)
    return _number(column, raw, is_date, from_1904, formula)


def _number(column: int, raw: str, is_date: bool, from_1904: bool, formula: bool) -> Cell:
    value = float(raw)
    if is_date and 0 < value < LAST_DAY - 1462 * from_1904:
        begin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        day = (begin + timedelta(days=int(value))).date().isoformat()
        return Cell(column, "date", day, formula)
    whole = value.is_integer() and abs(value) < 1e15
    return Cell(column, "number", int(value) if whole else value, formula)
