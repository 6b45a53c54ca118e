"""Whom the properties of a document name is taken out, and nothing else is changed."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
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


TRACKED = (
    '<w:p><w:ins w:id="1" w:author="Άννα Παπαδοπούλου" w:date="2026-01-01T00:00:00Z"><w:r><w:t>'
    'νέο, w:author="Μέσα"</w:t></w:r></w:ins><w:del w:id="2" w:author=\'Bruno O"Neil\'><w:r>'
    '<w:delText>παλιό</w:delText></w:r></w:del><w:ins w:id="3" w:author="Άννα Παπαδοπούλου"/></w:p>'
)
WORD_NAMES = f'{made.W} xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'
COMMENTED = {
    "word/document.xml": f"<w:document {made.W}><w:body>{TRACKED}</w:body></w:document>",
    "word/comments.xml": f'<w:comments {made.W}><w:comment w:id="0" w:author="Bruno O&quot;Neil"'
    ' w:initials="ΒΟ"><w:p><w:r><w:t>Σωστό;</w:t></w:r></w:p></w:comment></w:comments>',
    "word/people.xml": f'<w15:people {WORD_NAMES}><w15:person w15:author="Άννα Παπαδοπούλου">'
    '<w15:presenceInfo w15:providerId="AD" w15:userId="S::anna@example.gr::7"/></w15:person>'
    "</w15:people>",
}


def test_nobody_is_named_beside_a_change_or_a_comment(tmp_path: Path) -> None:
    sent = made.docx(more=dict(COMMENTED))
    finding, kept = inspected(tmp_path, "a.docx", sent)
    assert finding.people == ()
    after = {name: content.decode() for name, content in parts(kept).items()}
    assert after["word/document.xml"] == COMMENTED["word/document.xml"].replace(
        "Άννα Παπαδοπούλου", "Author 1"
    ).replace("'Bruno O\"Neil'", "'Author 2'")
    assert 'w:author="Author 3" w:initials="A3"' in after["word/comments.xml"]
    assert 'w15:author="Author 1"' in after["word/people.xml"]
    assert 'w15:providerId="None" w15:userId="Author 4"' in after["word/people.xml"]
    assert inspected(tmp_path, "a.docx", kept)[1] == kept


def test_the_place_of_a_template_on_somebody_s_disk_is_not_told(tmp_path: Path) -> None:
    relations = made.external("attachedTemplate", "file:///C:\\Users\\anna\\letter.dotx")
    sent = made.docx(more={"word/_rels/settings.xml.rels": relations})
    _finding, kept = inspected(tmp_path, "a.docx", sent)
    after = parts(kept)["word/_rels/settings.xml.rels"].decode()
    assert after == relations.replace("file:///C:\\Users\\anna\\letter.dotx", "Normal.dotm")
    assert inspected(tmp_path, "a.docx", kept)[1] == kept


def test_long_document_with_changes_keeps_every_byte_besides(tmp_path: Path) -> None:
    change = '<w:p><w:ins w:id="7" w:author="{}"><w:r><w:t>λέξη &lt;7&gt;</w:t></w:r></w:ins></w:p>'
    body = f"<w:document {made.W}><w:body>{{}}</w:body></w:document>"
    sent = body.format("".join(change.format(f"Άννα {n % 50}") for n in range(4000)))
    wanted = body.format("".join(change.format(f"Author {n % 50 + 1}") for n in range(4000)))
    _finding, kept = inspected(tmp_path, "a.docx", made.docx(more={"word/document.xml": sent}))
    assert parts(kept)["word/document.xml"].decode() == wanted


def test_nobody_is_named_beside_a_cell(tmp_path: Path) -> None:
    book, out = Workbook(), BytesIO()
    book.active["A1"].comment = Comment("Άννα Π.:\nΤι εννοείς;", "Άννα Π.")
    book.active["A2"].comment = Comment("Άννα Π. λέει ναι", "Bruno")
    book.properties.creator = None
    book.save(out)
    _finding, kept = inspected(tmp_path, "a.xlsx", out.getvalue())
    sheet = load_workbook(BytesIO(kept)).active
    told = [sheet[place].comment for place in ("A1", "A2")]
    assert [each.author for each in told] == ["Author 1", "Author 2"]
    assert told[1].text == "Άννα Π. λέει ναι"
    more = {
        "xl/comments1.xml": "<comments><authors><author>Άννα</author></authors><commentList>"
        "<comment><text><r><t>Άννα:</t></r><r><t>\nΆννα: ναι</t></r></text></comment>"
        "</commentList></comments>",
        "xl/persons/person.xml": '<personList><person displayName="Άννα" id="{1}"'
        ' userId="anna@example.gr" providerId="AD"/></personList>',
        "xl/workbook.xml": '<workbook><fileSharing userName="Άννα"/><absPath'
        ' url="C:\\Users\\anna\\"/><sheets/></workbook>',
    }
    _finding, kept = inspected(tmp_path, "b.xlsx", made.xlsx(more))
    after = {name: content.decode() for name, content in parts(kept).items()}
    assert "<author>Author 1</author>" in after["xl/comments1.xml"]
    assert "<t>Author 1:</t></r><r><t>\nΆννα: ναι</t>" in after["xl/comments1.xml"]
    assert after["xl/persons/person.xml"].count("Author") == 2
    assert "anna" not in after["xl/persons/person.xml"] + after["xl/workbook.xml"]


def test_nobody_is_named_beside_a_change_in_a_text_of_libreoffice(tmp_path: Path) -> None:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:x:meta"'
    note = f"<o:annotation {names}><dc:creator>Άννα</dc:creator><meta:creator-initials>ΑΠ"
    note += "</meta:creator-initials><t:p>Σωστό;</t:p></o:annotation>"
    _finding, kept = inspected(
        tmp_path, "a.odt", made.odt_with(note + note + "<t:creator>Άννα</t:creator>")
    )
    content = parts(kept)["content.xml"].decode()
    assert content.count("<dc:creator>Author 1</dc:creator><meta:creator-initials>A1</") == 2
    assert "<t:p>Σωστό;</t:p>" in content
    assert "<t:creator>Άννα</t:creator>" in content  # what people see stays


def test_signed_document_is_kept_and_its_people_are_told(tmp_path: Path) -> None:
    sent = made.docx(
        more={
            **COMMENTED,
            "docProps/core.xml": made.core("Clara"),
            "_xmlsignatures/sig1.xml": "<x/>",
        }
    )
    finding, kept = inspected(tmp_path, "a.docx", sent)
    assert kept == sent
    assert {"Clara", "Άννα Παπαδοπούλου", 'Bruno O"Neil'} <= set(finding.people)
