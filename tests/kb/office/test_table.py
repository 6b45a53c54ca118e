"""The spreadsheet of an import: what is in the template, and a row as a practice and back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlite_utils import Database

from inspector import sheet as sheets
from inspector.sheet import Sheet
from kb.office import columns, table, workbook
from kb.office.actions import NotTaken, names
from kb.office.xlsx import Sheet as Written
from kb.office.xlsx import workbook as written
from kb.practices import records
from kb.practices.actions import known_codes
from kb.practices.validation import check_shape
from tests.kb.practices.cases import CARD


@pytest.fixture(params=["el", "en"])
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request in each language."""
    with app.test_request_context(f"/{request.param}/import"):
        app.preprocess_request()
        yield request.param


def parsed(content: bytes) -> Sheet:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sheets.read(archive)


def filled(*rows: Mapping[str, str]) -> bytes:
    """The first sheet of the template with these rows in it."""
    headings = list(dict.fromkeys(name for row in rows for name in row))
    body = [[row.get(name, "") for name in headings] for row in rows]
    return written([Written("practices", [headings, *body], [20] * len(headings))])


def content_of(db: Database, row: Mapping[str, str], language: str) -> dict[str, Any]:
    lines = table.lines_of(parsed(filled(row)), names(db), language)
    raw = json.loads(lines.lines[1])
    raw.pop("slug", None)
    content, problems = check_shape(raw, known_codes(db))
    assert not problems
    return content


def test_template_can_be_filled_in_and_has_example_and_codes(db: Database, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(names(db))))
    assert book.sheetnames == ["practices", "example", "codes", "help"]
    first = [cell.value for cell in book["practices"][1]]
    assert {"title_el", "title_en", "areas", "indicators", "contact_mailbox"} <= set(first)
    assert "attachments" not in first
    assert book["example"].cell(3, first.index("municipality") + 1).value == "athens"
    codes = [(row[0].value, row[1].value) for row in book["codes"]]
    assert ("areas", "housing") in codes
    assert ("partners.type", "ngo") in codes


def test_example_of_the_template_can_be_imported(db: Database, language: str) -> None:
    sheet = parsed(workbook.write(names(db)))
    assert sheet.name == "practices"
    with records_of_demo() as example:
        row = columns.row_of(example)
    assert content_of(db, row, language) == {k: v for k, v in example.items() if v}


def saved_elsewhere(db: Database, row: Mapping[str, Any], merged: str = "") -> bytes:
    """The template filled in and saved by another program."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(names(db))))
    sheet = book["practices"]
    headings = [cell.value for cell in sheet[1]]
    for name, value in row.items():
        sheet.cell(3, headings.index(name) + 1, value).number_format = "General"
        if isinstance(value, date):
            sheet.cell(3, headings.index(name) + 1).number_format = "mmm-yy"
    if merged:
        sheet.merge_cells(merged)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_template_that_another_program_saved_is_read(db: Database, language: str) -> None:
    row = {
        "title_el": "Τίτλος",
        "municipality": "athens",
        "areas": "housing, health",
        "start": date(2019, 5, 1),
        "end": 2021,
        "regular_service": True,
    }
    lines = table.lines_of(parsed(saved_elsewhere(db, row)), names(db), language)
    raw = json.loads(lines.lines[2])
    assert lines.bad == lines.notes == []
    assert raw["areas"] == ["housing", "health"]
    assert (raw["start"], raw["end"], raw["regular_service"]) == ("2019-05", "2021", True)


def test_cells_that_another_program_merged_get_a_sentence(db: Database, language: str) -> None:
    made = saved_elsewhere(db, {"title_el": "x", "municipality": "athens"}, merged="D3:F4")
    with pytest.raises(NotTaken, match="D3:F4"):
        table.lines_of(parsed(made), names(db), language)


class records_of_demo:  # noqa: N801 – reads as the words it stands in
    """The first practice of the demo library."""

    def __enter__(self) -> dict[str, Any]:
        with workbook.EXAMPLE.open(encoding="utf-8") as lines:
            record = json.loads(next(lines))
        return {code: value for code, value in record.items() if code != "slug"}

    def __exit__(self, *_error: object) -> None:
        pass


def test_every_practice_of_the_demo_library_comes_back_from_its_row(
    db: Database, language: str
) -> None:
    known = known_codes(db)
    with workbook.EXAMPLE.open("rb") as lines:
        found = [item for item in records.read(lines, known) if isinstance(item, records.Record)]
    assert len(found) > 50
    rows = [columns.row_of(item.content, item.slug or "") for item in found]
    sheet = table.lines_of(parsed(filled(*rows)), names(db), language)
    again = list(records.read(sheet.lines, known))
    assert [item.content for item in again if isinstance(item, records.Record)] == [
        item.content for item in found
    ]
    assert [item.line for item in again] == list(range(2, len(found) + 2))


def test_second_row_of_labels_is_no_practice(db: Database, language: str) -> None:
    template = parsed(workbook.write(names(db)))
    with pytest.raises(NotTaken):
        table.lines_of(Sheet("practices", template.rows[:1]), names(db), language)
    assert not any(table.lines_of(template, names(db), language).lines)


def test_labels_serve_as_headings_and_as_codes(db: Database, language: str) -> None:
    labels = {each.name: each.label for each in columns.headings()}
    row = {"title_el": "Τίτλος", "municipality": "Αθήνα", "areas": "Στέγαση; health"}
    content = content_of(db, {labels[name]: value for name, value in row.items()}, language)
    assert content == {
        "title": {"el": "Τίτλος"},
        "municipality": "athens",
        "areas": ["housing", "health"],
    }


def test_upright_strokes_within_a_name_stay(db: Database, language: str) -> None:
    partners = [{"name": {"el": "Α | Β"}, "type": "ngo"}, {"name": {"en": "C"}, "type": "ngo"}]
    row = columns.row_of({"municipality": "athens", "areas": ["health"], "partners": partners})
    assert content_of(db, row, language)["partners"] == partners


def rows_xml(*rows: str) -> bytes:
    """A sheet of these rows, as a spreadsheet program writes them."""
    made = written([Written("practices", [["x"]], [20])])
    head = "".join(
        f'<c r="{chr(65 + number)}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for number, name in enumerate(("title_el", "municipality", "areas", "start", "end"))
    )
    body = f"<sheetData><row r='1'>{head}</row>{''.join(rows)}</sheetData>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet1.xml"):
                start, end = content.index(b"<sheetData>"), content.index(b"</sheetData>")
                content = content[:start] + body.encode() + content[end + len("</sheetData>") :]
            if name.endswith("styles.xml"):
                # The first look shows months, as Excel makes of 2019-05.
                content = content.replace(b'numFmtId="0" fontId="0"', b'numFmtId="17" fontId="0"')
            after.writestr(name, content)
    return buffer.getvalue()


def test_months_that_a_program_made_dates_of_are_months(db: Database, language: str) -> None:
    row = (
        '<row r="2"><c r="B2" t="inlineStr"><is><t>athens</t></is></c>'
        '<c r="D2" s="0"><v>43586</v></c><c r="E2" s="1"><v>2021</v></c></row>'
    )
    lines = table.lines_of(parsed(rows_xml(row)), names(db), language)
    raw = json.loads(lines.lines[1])
    assert (raw["start"], raw["end"]) == ("2019-05", "2021")


def test_formulas_are_not_computed_but_told(db: Database, language: str) -> None:
    row = (
        '<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x")</f><v>Τίτλος</v></c>'
        '<c r="B2" t="inlineStr"><is><t>athens</t></is></c><c r="C2"><f>1+1</f></c></row>'
    )
    lines = table.lines_of(parsed(rows_xml(row)), names(db), language)
    assert [(note.line, note.field) for note in lines.notes] == [(2, "title_el")]
    assert [(bad.line, bad.field) for bad in lines.bad] == [(2, "areas")]
    assert lines.column_of("areas") == "C"
    assert lines.lines[1] == b""


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (filled({"title_el": "x", "areas": "health"}), "municipality"),
        (filled({"municipality": "x", "areas": "health", "colour": "red"}), "colour"),
        (filled({"municipality": "x", "areas": "x", "Areas": "y"}), "Areas"),
        (written([Written("practices", [], [20])]), ""),
    ],
)
def test_wrong_headings_get_a_sentence(
    db: Database, language: str, sheet: bytes, words: str
) -> None:
    with pytest.raises(NotTaken) as caught:
        table.lines_of(parsed(sheet), names(db), language)
    assert words in caught.value.sentence


def test_merged_cells_get_a_sentence(db: Database, language: str) -> None:
    made = Sheet("practices", parsed(filled(columns.row_of(CARD))).rows, merged=["B3:C3"])
    with pytest.raises(NotTaken, match="B3:C3"):
        table.lines_of(made, names(db), language)


def test_too_many_rows_get_a_sentence(db: Database, language: str) -> None:
    made = filled(*[{"municipality": "athens", "areas": "health"}] * 10_000)
    with pytest.raises(NotTaken, match="2000"):
        table.lines_of(parsed(made), names(db), language)
