"""Files that mean harm get a sentence: nothing is run, nothing fetched, nothing lost."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.office import markdown, model
from kb.practices import actions
from kb.practices.model import Practice
from tests.hostile_strings import naughty, scripts
from tests.inspector.test_reading import ENTITY, docx, paragraph, xlsx
from tests.kb.office.cases import FULL
from tests.kb.office.documents import changed_text, with_parts
from tests.kb.office.test_word import confirm, content_of, downloaded, upload
from tests.kb.practices.cases import write_all

SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def practice(db: Database, member: Callable[[str], Member]) -> Practice:
    """A draft of Anna's."""
    return actions.create(db, member("Anna"), "key", FULL)


@pytest.fixture
def request_in_greek(app: Flask) -> Iterator[None]:
    with app.test_request_context("/el/my-practices"):
        app.preprocess_request()
        yield


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose a file."),
        (b"hello", "not a file of the kind DOCX"),
        (with_parts(docx(""), {"word/vbaProject.bin": b"x"}), "macros"),
        (with_parts(docx(""), {"word/document.xml": ENTITY.encode()}), "declarations"),
        (docx(paragraph("α" * 30_000_000)), "unpacks to far more"),
        (docx("<w:ins>" * 5000 + "</w:ins>" * 5000), "takes too long"),
    ],
)  # fmt: skip
def test_document_that_is_none_gets_a_sentence(
    db: Database, practice: Practice, sign_in: SignIn, content: bytes, words: str
) -> None:
    anna = sign_in("Anna")
    if content:
        answer = upload(anna, practice, content, "en")
    else:
        answer = anna.post(f"/en/my-practices/{practice.id}/word/upload", data={})
    assert answer.status_code == 400
    assert words in answer.text
    assert content_of(db, practice) == FULL


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_parts(xlsx(""), {"xl/vbaProject.bin": b"x"}), "macros"),
        (with_parts(xlsx(""), {"xl/externalLinks/externalLink1.xml": b"<a/>"}), "elsewhere"),
        (xlsx(f"<sheetData>{'<row><c><v>1</v></c></row>' * 10_000}</sheetData>"), "2000 practices"),
        (docx(""), "not a file of the kind XLSX"),
    ],
)  # fmt: skip
def test_sheet_that_is_none_gets_a_sentence(sign_in: SignIn, content: bytes, words: str) -> None:
    data = {"file": (io.BytesIO(content), "practices.xlsx")}
    answer = sign_in("Mona").post("/en/import", data=data)
    assert answer.status_code == 400
    assert words in answer.text.replace(",", "")


HALF = (
    "\ud800"  # of a letter that needs two: JSON and spreadsheets can name it, nothing can show it
)


@pytest.mark.parametrize(
    "line",
    [{**FULL, "title": {"el": HALF}}, {**FULL, "stage": HALF}, {**FULL, HALF: "x"}],
    ids=["title", "code", "field"],
)
def test_line_with_half_a_letter_is_told(sign_in: SignIn, line: dict[str, object]) -> None:
    data = {"file": (io.BytesIO(json.dumps(line).encode()), "practices.jsonl")}
    answer = sign_in("Mona").post("/en/import", data=data, follow_redirects=True)
    assert answer.status_code == 200
    assert "This line is not JSON." in answer.text


def test_cell_with_half_a_letter_is_read_as_it_stands(sign_in: SignIn) -> None:
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    first = zip(("A1", "B1", "C1"), ("municipality", "areas", "title_el"), strict=True)
    second = zip(("A2", "B2", "C2"), ("athens", "housing", "ένα _xD800_ δύο"), strict=True)
    rows = "".join(
        f"<row>{''.join(cell.format(*each) for each in row)}</row>" for row in (first, second)
    )
    data = {"file": (io.BytesIO(xlsx(f"<sheetData>{rows}</sheetData>")), "practices.xlsx")}
    answer = sign_in("Mona").post("/en/import", data=data, follow_redirects=True)
    assert answer.status_code == 200
    assert "ένα _xD800_ δύο" in answer.text


def test_file_that_is_too_large_gets_a_sentence(
    practice: Practice, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "MOST_BYTES", 1000)
    assert "larger than 10 MB" in upload(sign_in("Anna"), practice, bytes(1001), "en").text
    data = {"file": (io.BytesIO(bytes(1001)), "practices.xlsx")}
    assert "larger than 10 MB" in sign_in("Mona").post("/en/import", data=data).text


def test_scripts_in_a_document_are_words(db: Database, practice: Practice, sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    document = downloaded(anna, practice)
    hostile = [text for text in [*scripts()[:40], *naughty()] if "<" in text]
    for texts in (hostile[:10], hostile[10:20], hostile[-10:]):
        safe = " ".join(texts).replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "")
        made = changed_text(document, "με ένα τηλεφώνημα", safe, 1)
        preview = upload(anna, practice, made)
        assert preview.status_code == 200
        assert "&lt;" in preview.text
        for text in texts:
            assert text not in preview.text


def test_what_the_document_is_made_of_cannot_be_written_into(
    db: Database, practice: Practice, sign_in: SignIn, member: Callable[[str], Member]
) -> None:
    """A title with the signs of XML is a title."""
    anna = sign_in("Anna")
    title = {"el": '"/><w:p>&lt;]]> \ufffe ή <!-- x', "en": "=1+1 {0} %(a)s \\1"}
    write_all(db, practice, member("Anna"), {**FULL, "title": title}, 1)
    answer = upload(anna, practice, downloaded(anna, practice))
    assert answer.status_code == 200
    assert 'name="found"' not in answer.text
    made = changed_text(downloaded(anna, practice), "με ένα τηλεφώνημα", "με ένα μήνυμα")
    confirm(anna, practice, upload(anna, practice, made).text)
    assert content_of(db, practice)["title"] == title


@pytest.mark.parametrize("text", ["[" * 20_000, "*a" * 10_000, "[a](" * 5_000, "**a " * 5_000])
def test_text_of_nothing_but_signs_takes_no_time(text: str) -> None:
    begun = time.monotonic()
    assert markdown.markdown_of(markdown.paragraphs_of(text)) == text.strip()
    assert time.monotonic() - begun < 2
