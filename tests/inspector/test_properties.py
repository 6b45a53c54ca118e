"""Whom the properties of a document name is taken out, and nothing else is changed."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

import inspector
from inspector import Finding
from inspector.__main__ import inspect as within
from tests.kb.attachments import documents as made

NAMES = ["Άννα Παπαδοπούλου", "Anna (A.) O'Neil \\ B", "x" * 300]


def inspected(folder: Path, name: str, content: bytes) -> tuple[Finding, bytes]:
    """What is found, and the file as it would be kept."""
    source, anew = folder / "incoming", folder / "anew"
    anew.unlink(missing_ok=True)
    source.write_bytes(content)
    kind = inspector.by_name(name)
    finding = within(source, kind.code if kind else "", anew)
    assert source.read_bytes() == content
    return finding, (anew if anew.exists() else source).read_bytes()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(creator: str) -> bytes:
    book, out = Workbook(), BytesIO()
    book.active.append(["Δήμος", 12])
    book.properties.creator = book.properties.lastModifiedBy = creator
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", NAMES[:1])
@pytest.mark.parametrize("kind", ["docx", "xlsx", "odt"])
def test_nobody_is_named_in_an_office_file(tmp_path: Path, kind: str, name: str) -> None:
    sent = {
        "docx": made.docx(more={"docProps/core.xml": made.core(name, name)}),
        "odt": made.odt(more={"meta.xml": made.odt_meta(name)}),
        "xlsx": workbook(name),
    }[kind]
    finding, kept = inspected(tmp_path, f"a.{kind}", sent)
    assert finding.people == ()
    before, after = parts(sent), parts(kept)
    assert list(before) == list(after)
    changed = [each for each in before if before[each] != after[each]]
    assert changed in (["docProps/core.xml"], ["meta.xml"])
    assert name.encode() not in after[changed[0]]
    assert len(after[changed[0]]) > len(before[changed[0]]) - 3 * len(name.encode())
    # Looked through once more, it is taken as it is, and stays the very same file.
    (tmp_path / "again").mkdir()
    again, same = inspected(tmp_path / "again", f"a.{kind}", kept)
    assert (again.kind, same) == (kind, kept)


def test_a_workbook_opens_with_all_its_cells(tmp_path: Path) -> None:
    _finding, kept = inspected(tmp_path, "a.xlsx", workbook(NAMES[0]))
    book = load_workbook(BytesIO(kept))
    assert [cell.value for cell in book.active[1]] == ["Δήμος", 12]
    assert book.properties.creator in (None, "")


def test_what_names_nobody_is_kept_byte_for_byte(tmp_path: Path) -> None:
    for name, content in (("a.docx", made.docx()), ("a.odt", made.odt()), ("a.pdf", made.pdf())):
        assert inspected(tmp_path, name, content)[1] == content


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("xmp", ["", "Μαρία Ιωάννου"])
def test_nobody_is_named_in_a_pdf(tmp_path: Path, name: str, xmp: str) -> None:
    sent = made.pdf_by(name, xmp)
    finding, kept = inspected(tmp_path, "a.pdf", sent)
    assert (finding.people, finding.text) == ((), "Ένταξη προσφύγων")
    assert len(kept) == len(sent)
    before, after = PdfReader(BytesIO(sent)), PdfReader(BytesIO(kept))
    assert str((after.metadata or {})["/Author"]).strip() == ""
    assert (after.metadata or {})["/Title"] == (before.metadata or {})["/Title"]
    assert after.pages[0].extract_text() == before.pages[0].extract_text()
    assert "Μαρία".encode() not in kept


def test_what_cannot_be_taken_out_safely_is_told(tmp_path: Path) -> None:
    packed = made.pdf_by("Άννα", "Μαρία", packed=True)
    finding, kept = inspected(tmp_path, "a.pdf", packed)
    assert finding.people == ("Μαρία",)
    assert PdfReader(BytesIO(kept)).pages[0].extract_text() == "Ένταξη προσφύγων"
    signed = made.pdf_by("Άννα", signed=True)
    finding, kept = inspected(tmp_path, "b.pdf", signed)
    assert finding.people == ("Άννα",)
    assert kept == signed


def test_a_document_that_is_only_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    content = made.docx(more={"docProps/core.xml": made.core("Άννα")})
    path.write_bytes(content)
    assert within(path, "docx", path).people == ()
    assert path.read_bytes() == content
