"""What documents and sheets say, read in a process of its own: whatever the file, within limits."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import inspector
from inspector import sheet, word
from inspector.word import Paragraph, Run
from tests.kb.office.documents import with_parts

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MEDIA = "application/vnd.openxmlformats-officedocument"
MEGABYTES = 1024  # kilobytes


def packed(parts: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def types(main: str, kind: str) -> str:
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml"'
        f' ContentType="application/xml"/><Override PartName="{main}"'
        f' ContentType="{MEDIA}.{kind}.main+xml"/></Types>'
    )


def docx(body: str, **parts: str) -> bytes:
    return packed(
        {
            "[Content_Types].xml": types("/word/document.xml", "wordprocessingml.document"),
            "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>{body}'
            "</w:body></w:document>",
            **{name.replace("__", "/") + ".xml": content for name, content in parts.items()},
        }
    )


def xlsx(rows: str, **parts: str) -> bytes:
    return packed(
        {
            "[Content_Types].xml": types("/xl/workbook.xml", "spreadsheetml.sheet"),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}">{rows}</worksheet>',
            **{name.replace("__", "/") + ".xml": content for name, content in parts.items()},
        }
    )


def read_word(tmp_path: Path, content: bytes) -> word.Document:
    path = tmp_path / "file"
    path.write_bytes(content)
    return word.from_plain(inspector.read(path, "docx"))


def refused(tmp_path: Path, content: bytes, kind: str) -> str:
    path = tmp_path / "file"
    path.write_bytes(content)
    begun = time.monotonic()
    with pytest.raises(inspector.Refused) as caught:
        inspector.read(path, kind)
    assert time.monotonic() - begun < 15
    return caught.value.reason


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_words_of_a_paragraph_come_together(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>δη</w:t></w:r><w:smartTag><w:r><w:t>μος</w:t></w:r></w:smartTag>"
        "<w:ins><w:r><w:t xml:space='preserve'> νέος</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText> παλιός</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>εδώ</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:b/></w:rPr><w:t>!</w:t></w:r><w:r><w:rPr><w:b w:val='0'/></w:rPr>"
        "<w:t>?</w:t></w:r></w:p>"
    )
    (found,) = read_word(tmp_path, docx(body)).blocks
    assert isinstance(found, Paragraph)
    assert found.text == "δημος νέος!?"
    assert [run.text for run in found.runs if run.bold] == ["!"]


def test_paragraphs_are_one_where_the_mark_between_them_was_deleted(tmp_path: Path) -> None:
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>ένα </w:t></w:r></w:p>"
    found = read_word(tmp_path, docx(first + paragraph("δύο"))).blocks
    assert [block.text for block in found if isinstance(block, Paragraph)] == ["ένα δύο"]


def test_words_are_kept_where_nothing_follows_the_deleted_mark(tmp_path: Path) -> None:
    last = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
    cell = f"<w:tbl><w:tr><w:tc>{last.format('κελί')}</w:tc></w:tr></w:tbl>"
    found = read_word(tmp_path, docx(last.format("πριν") + cell + last.format("τέλος"))).blocks
    texts = [each.text if isinstance(each, Paragraph) else each.rows for each in found]
    assert texts == ["πριν", [["κελί"]], "τέλος"]


def test_links_lead_where_they_did(tmp_path: Path) -> None:
    field = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> HYPERLINK"
        ' "https://a.gr" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        "<w:r><w:t>α</w:t></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t>β</w:t></w:r>"
        "</w:p>"
    )
    (found,) = read_word(tmp_path, docx(field)).blocks
    assert isinstance(found, Paragraph)
    assert found.runs == [Run("α", link="https://a.gr"), Run("β")]


def test_words_in_boxes_and_notes_are_not_lost(tmp_path: Path) -> None:
    box = (
        "<w:p><w:r><w:pict><w:txbxContent>" + paragraph("μέσα") + "</w:txbxContent></w:pict></w:r>"
        "<w:r><w:pict/></w:r></w:p>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote>{paragraph("κάτω")}</w:footnote></w:footnotes>'
    )
    found = read_word(tmp_path, docx(box, word__footnotes=notes))
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["", "μέσα"]
    assert found.notes == ["κάτω"]
    assert found.pictures == 1


ENTITY = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"hello", "mislabelled"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "old-office"),
        (b"PK\x03\x04" + bytes(100), "unreadable"),
        (packed({"a.txt": "x"}), "unreadable"),
        (with_parts(docx(""), {"word/vbaProject.bin": b"x"}), "macros"),
        (
            packed(
                {
                    "[Content_Types].xml": types("/word/document.xml", "wordprocessingml.document")
                    .replace("vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                             "vnd.ms-word.document.macroEnabled.main")
                }
            ),
            "macros",
        ),
        (with_parts(docx(""), {"word/document.xml": ENTITY.encode() + b"<a>&e;</a>"}), "entities"),
        (with_parts(docx(""), {"word/styles.xml": b"<!DOCTYPE a><a/>"}), "entities"),
        (
            with_parts(
                docx(""),
                {
                    "word/_rels/settings.xml.rels": (
                        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r"'
                        f' Type="{OFFICE}/attachedTemplate" Target="http://evil/x.dotm"'
                        ' TargetMode="External"/></Relationships>'
                    ).encode()
                },
            ),
            "external",
        ),
        (docx(paragraph("α" * 30_000_000)), "bomb"),
        (docx("<w:p/>" * 2_500_000), "bomb"),
        (xlsx(""), "mislabelled"),
    ],
)  # fmt: skip
def test_document_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, "docx") == reason


@pytest.mark.parametrize("wrapper", ["sdt><w:sdtContent", "smartTag", "ins"])
def test_document_that_is_nested_without_end_is_refused(tmp_path: Path, wrapper: str) -> None:
    opening = f"<w:{wrapper}>" * 5000
    closing = "".join(f"</w:{each}>" for each in reversed(wrapper.split("><w:"))) * 5000
    assert refused(tmp_path, docx(opening + closing), "docx") == "too-heavy"


EMPTY = "<sheetData/>"
SHORT_STRINGS = "".join(f"<si><t>{n * 7919 % 100003}</t></si>" for n in range(310_000))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (xlsx(EMPTY, xl__sharedStrings="<sst>" + SHORT_STRINGS + "</sst>"), "too-heavy"),
        (xlsx(EMPTY, xl__sharedStrings=f"<sst>{'<si><t>x</t></si>' * 900_000}</sst>"), "bomb"),
        (with_parts(xlsx(""), {"xl/styles.xml": b"<!DOCTYPE a><a/>"}), "entities"),
        (with_parts(xlsx(""), {"xl/vbaProject.bin": b"x"}), "macros"),
        (xlsx("<sheetData><row><c t='s'><v>7</v></c></row></sheetData>"), "unreadable"),
        (xlsx("<sheetData><row><c><v>x</v></c></row></sheetData>"), "unreadable"),
        (docx(""), "mislabelled"),
    ],
)  # fmt: skip
def test_sheet_that_is_none_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refused(tmp_path, content, "xlsx") == reason


def test_sheet_with_a_row_that_no_program_writes_is_refused(tmp_path: Path) -> None:
    cell = '<c r="A{0}" t="inlineStr"><is><t>x</t></is></c>'
    row = '<sheetData><row r="{0}">' + cell + "</row></sheetData>"
    assert refused(tmp_path, xlsx(row.format(999_999_999_999)), "xlsx") == "unreadable"


def test_sheet_of_a_hundred_thousand_rows_is_read_no_further_than_needed(tmp_path: Path) -> None:
    """Of the size that takes a general library 37 seconds and 1.3 GB."""
    rows = "".join(
        f"<row r='{n}'><c><v>{n * 7919 % 10007}</v></c></row>" for n in range(1, 100_000)
    )
    path = tmp_path / "file"
    path.write_bytes(xlsx(f"<sheetData>{rows}</sheetData>"))
    begun = time.monotonic()
    raw = inspector.read(path, "xlsx")
    assert time.monotonic() - begun < 5
    assert raw["peak"] < 100 * MEGABYTES
    found = sheet.from_plain(raw)
    assert found.more
    assert len(found.rows) == sheet.MOST_ROWS


def test_large_document_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(docx("".join(paragraph(f"λέξη {n} {n * 7919}") for n in range(40_000))))
    raw = inspector.read(path, "docx")
    assert raw["peak"] < 300 * MEGABYTES
    assert len(raw["blocks"]) == 40_000
