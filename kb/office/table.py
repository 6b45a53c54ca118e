"""A spreadsheet as the lines of an import, and what is wrong with its headings and cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy
from flask_babel.speaklater import LazyString

from inspector.sheet import Cell, Sheet
from kb import i18n
from kb.office.actions import NotTaken
from kb.office.columns import SLUG, Heading, headings, parts
from kb.office.columns import choices as choices_in
from kb.office.model import MOST_ROWS, TOO_MANY_ROWS
from kb.office.slots import Choice, choices_of, code_of, plain, speaking
from kb.office.xlsx import letters
from kb.practices import rows
from kb.practices.records import BadLine
from kb.practices.template import FIELDS, LANGUAGES, Field, Kind
from kb.practices.wording import Labels

Choices = Mapping[str, tuple[Choice, ...]]
BETWEEN_CODES = re.compile(r"[;,\n]")
BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
FEW = 5  # of what is wrong, named in one sentence


@dataclass
class Lines:
    """A sheet as the lines that records.read takes: a line's number is its row's.

    ``bad`` are cells that cannot be read, ``notes`` those that were read but should be looked at.
    """

    lines: list[bytes]
    headings: Mapping[int, Heading]
    bad: list[BadLine] = field(default_factory=list)
    notes: list[BadLine] = field(default_factory=list)

    def column_of(self, where: str) -> str:
        """The letters of the column in which a problem is, where it is in one."""
        names = {heading.name: letters(number) for number, heading in self.headings.items()}
        code, _point, part = where.partition(".")
        for name in (where.replace(".", "_"), f"{code}_{part}", code):
            if name in names:
                return names[name]
        return next((at for name, at in names.items() if name.startswith(f"{code}_")), "")


def lines_of(sheet: Sheet, names: Labels, language: str) -> Lines:
    """The sheet as lines of JSON. Raises NotTaken for what is no table of practices."""
    if sheet.merged:
        some = ", ".join(sheet.merged[:FEW])
        raise NotTaken(
            _("Cells are merged: %(cells)s. Separate them, so that each has its own.", cells=some)
        )
    if sheet.more or len(sheet.rows) > MOST_ROWS + 2:
        raise NotTaken(str(TOO_MANY_ROWS))
    if len(sheet.rows) < 2:
        raise NotTaken(_("There is no practice in the first sheet."))
    _number, first = sheet.rows[0]
    known = _headings_of(first)
    found = Lines([], known)
    labels, choices = _labels(), _all_choices(names)
    for number, cells in sheet.rows[1:]:
        if number <= len(found.lines):
            raise NotTaken(_("The rows of the sheet are out of order. Save it anew."))
        found.lines += [b""] * (number - 1 - len(found.lines))
        # The second row says what the columns are called.
        if sum(plain(str(cell.value)) in labels for cell in cells) * 2 > len(cells):
            continue
        found.lines.append(_line(number, cells, found, choices, language))
    return found


def _headings_of(cells: Sequence[Cell]) -> Mapping[int, Heading]:
    """The column of each heading, known by its name or by its label in either language."""
    by_name: dict[str, Heading] = {}
    for language in i18n.LANGUAGES:
        with speaking(language):
            for heading in headings():
                by_name |= {plain(heading.name): heading, plain(heading.label): heading}
    found: dict[int, Heading] = {}
    strange = []
    for cell in cells:
        asked = by_name.get(plain(str(cell.value)))
        if asked is None or asked.name in {each.name for each in found.values()}:
            strange.append(f"{letters(cell.column)}: {str(cell.value)[:40]}")
        else:
            found[cell.column] = asked
    if strange:
        raise NotTaken(
            _(
                "The first row has headings that the template does not have, or twice: %(names)s."
                " Take them from the template.",
                names="; ".join(strange[:FEW]),
            )
        )
    missing = {"municipality", "areas"} - {each.name for each in found.values()}
    if missing:
        raise NotTaken(
            _(
                "The first row lacks these headings: %(names)s. Take them from the template.",
                names=", ".join(sorted(missing)),
            )
        )
    return found


def _labels() -> set[str]:
    """What the columns are called, in either language."""
    labels: set[str] = set()
    for language in i18n.LANGUAGES:
        with speaking(language):
            labels |= {plain(heading.label) for heading in headings()}
    return labels


def _all_choices(names: Labels) -> Choices:
    """What may be chosen, by the field, or by the field and the column of its rows."""
    found = {each.code: tuple(choices_in(each, names)) for each in FIELDS}
    for each in FIELDS:
        for column in each.columns:
            if column.vocabulary:
                found[f"{each.code}.{column.code}"] = tuple(choices_of(column, names))
    return found


def _line(
    number: int, cells: Sequence[Cell], found: Lines, choices: Choices, language: str
) -> bytes:
    texts: dict[str, str] = {}
    trouble = False
    for cell in cells:
        heading = found.headings.get(cell.column)
        where = heading.name if heading else letters(cell.column)
        wrong = _wrong(cell, heading)
        if wrong:
            found.bad.append(BadLine(number, where, wrong))
            trouble = True
        elif heading:
            texts[where] = _text_of(cell, heading)
            if cell.formula:
                note = _("This is a formula; what it gave when the file was saved is taken.")
                found.notes.append(BadLine(number, where, note))
    if trouble or not texts:
        return b""
    return json.dumps(_raw(texts, choices, language), ensure_ascii=False).encode()


def _wrong(cell: Cell, heading: Heading | None) -> LazyString | None:
    if heading is None:
        return _lazy("This cell stands under no heading.")
    if cell.kind == "error":
        return _lazy("The cell holds an error: %(name)s.", name=str(cell.value)[:20])
    if cell.formula and cell.value == "":
        return _lazy("The cell holds a formula without a value. Write the value itself.")
    return None


def _text_of(cell: Cell, heading: Heading) -> str:
    if cell.kind == "flag":
        return "yes" if cell.value else ""
    if cell.kind == "date" and heading.field and heading.field.kind is Kind.MONTH:
        return str(cell.value)[: len("2019-05")]
    if isinstance(cell.value, float):
        return f"{cell.value:.9f}".rstrip("0").rstrip(".")
    return str(cell.value)


def _raw(texts: Mapping[str, str], choices: Choices, language: str) -> dict[str, Any]:
    """A row as a record of the import, for records.read."""
    raw: dict[str, Any] = {}
    for name, text in texts.items():
        if name == SLUG:
            raw[SLUG] = text.strip() or None
    for each in FIELDS:
        mine = {name: texts[name] for name, _more in parts(each) if texts.get(name, "").strip()}
        if mine:
            raw[each.code] = _value(each, mine, choices, language)
    return raw


def _value(each: Field, texts: Mapping[str, str], choices: Choices, language: str) -> Any:
    text = texts.get(each.code, "").strip()
    cut = {name.removeprefix(f"{each.code}_"): value.strip() for name, value in texts.items()}
    if each.kind is Kind.LINE or each.kind is Kind.PROSE:
        return cut
    if each.kind is Kind.PLACE:
        return {**cut, "country": cut.get("country", "").upper()}
    if each.kind is Kind.CONTACT:
        service = {code: cut[f"service_{code}"] for code in LANGUAGES if f"service_{code}" in cut}
        rest = {name: cut[name] for name in ("mailbox", "visibility") if name in cut}
        return {"service": service, **rest}
    if each.kind is Kind.ROWS:
        return _rows(each, text, choices, language)
    if each.kind is Kind.FLAG:
        return True if plain(text) in ("yes", "ναι", "true", "1", "x") else text
    if each.kind in (Kind.CODES, Kind.MUNICIPALITIES):
        return _codes(text, choices[each.code])
    return code_of(text, choices[each.code])


def _codes(text: str, choices: tuple[Choice, ...]) -> list[str]:
    whole = code_of(text, choices)
    if whole != text or whole in {code for code, _label, _names in choices}:
        return [whole]
    pieces = (piece.strip() for piece in BETWEEN_CODES.split(text))
    return [code_of(piece, choices) for piece in pieces if piece]


def _rows(each: Field, text: str, choices: Choices, language: str) -> list[dict[str, Any]]:
    inputs = list(rows.inputs(each))
    found = []
    for line in filter(str.strip, text.splitlines()):
        parts = [_unescaped(part).strip() for part in BETWEEN_CELLS.split(line)]
        if len(parts) > len(inputs):
            parts[len(inputs) - 1 :] = [" | ".join(parts[len(inputs) - 1 :])]
        cells = dict(zip(inputs, parts, strict=False))
        found.append({n: code_of(v, choices.get(f"{each.code}.{n}", ())) for n, v in cells.items()})
    return rows.read(each, found, language)


def _unescaped(part: str) -> str:
    return part.replace("\\|", "|")
