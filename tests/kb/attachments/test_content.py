"""Files as a part of a practice's content: their shape, what they lack, what they are to search."""

from __future__ import annotations

from typing import Any

import pytest
from sqlite_utils import Database

from kb.practices import actions, attached, documents, records
from kb.practices.completion import check_complete
from kb.practices.validation import check_shape
from tests.kb.practices.cases import changed

FILE = {
    "file": "a" * 64,
    "name": "Έντυπο.pdf",
    "media_type": "application/pdf",
    "size": 1000,
    "title": {"el": "Έντυπο"},
    "kind": "form",
    "licence": "cc-by-4-0",
}
IMAGE = FILE | {"file": "b" * 64, "name": "a.png", "media_type": "image/png"}
IMAGE |= {"width": 4, "height": 3}


def with_files(*rows: dict[str, Any]) -> dict[str, Any]:
    return changed(attachments=list(rows))


def test_a_file_is_kept_as_it_is_described(db: Database) -> None:
    content = with_files(FILE, {**IMAGE, "decorative": True, "language": "el"})
    assert check_shape(content, actions.known_codes(db)) == (content, [])


@pytest.mark.parametrize(
    "said",
    [
        {"file": "A" * 64},
        {"file": "../../secret_key"},
        {"file": None},
        {"name": "a/b.pdf"},
        {"name": "a\nb.pdf"},
        {"name": ".."},
        {"name": "a.html"},
        {"name": "a.pdf.exe"},
        {"name": "a.pdf€"},
        {"name": "a.docx"},
        {"media_type": "image/png", "name": "a.png"},
        {"name": ""},
        {"name": "a" * 201},
        {"media_type": "text/html"},
        {"media_type": "image/svg+xml"},
        {"size": 0},
        {"size": -1},
        {"size": "1000"},
        {"size": True},
        {"width": 1.5},
        {"decorative": "yes"},
        {"language": "fr"},
        {"kind": "virus"},
        {"licence": "none"},
        {"title": "plain"},
        {"alt": {"el": "two\nlines"}},
        {"path": "/etc/passwd"},
    ],
)
def test_a_wrong_description_is_named_and_left_out(db: Database, said: dict[str, Any]) -> None:
    content, problems = check_shape(with_files({**FILE, **said}), actions.known_codes(db))
    assert [problem.field for problem in problems] == ["attachments"]
    assert "attachments" not in content


def test_the_same_file_stands_once(db: Database) -> None:
    _, problems = check_shape(with_files(FILE, FILE), actions.known_codes(db))
    assert [problem.field for problem in problems] == ["attachments"]


@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        (FILE, []),
        ({**FILE, "kind": None}, ["kind"]),
        ({**FILE, "title": None}, ["title"]),
        (IMAGE, ["alt"]),
        ({**IMAGE, "kind": None, "alt": {"en": "A table"}}, []),
        ({**IMAGE, "kind": None, "decorative": True}, []),
    ],
)
def test_what_a_description_lacks_holds_a_submission_back(
    row: dict[str, Any], lacking: list[str]
) -> None:
    row = {name: value for name, value in row.items() if value is not None}
    assert [column for column, _message in attached.undescribed(row)] == lacking
    problems = check_complete(with_files(row), {"card"})
    assert len(problems) == len(lacking)


def test_search_reads_titles_and_descriptions_of_what_is_open(db: Database) -> None:
    image = {**IMAGE, "alt": {"el": "Άνθρωποι σε τραπέζι"}, "decorative": None}
    hidden = {**FILE, "file": "c" * 64, "title": {"el": "κρυφό"}, "licence": "network-only"}
    row = documents.texts(with_files(FILE, image, hidden), {"el": "λόγια", "en": "words"})
    assert "Έντυπο.pdf" in row["body_el"]
    assert "Άνθρωποι σε τραπέζι" in row["body_el"]
    assert row["body_el"].endswith("λόγια")
    assert row["body_en"].endswith("words")
    assert "κρυφό" not in row["body_el"] + row["body_en"]


def test_everybody_has_the_content_without_what_is_for_members() -> None:
    hidden = {**FILE, "file": "c" * 64, "licence": "network-only"}
    assert records.public_content(with_files(FILE, hidden))["attachments"] == [FILE]
    assert "attachments" not in records.public_content(with_files(hidden))


@pytest.mark.parametrize(
    ("text", "language"),
    [("Καλή πρακτική", "el"), ("Good practice", "en"), ("ΕΣΠΑ in brief of 2019", "en"), ("", "en")],
)
def test_a_document_s_language_is_that_of_its_letters(text: str, language: str) -> None:
    assert attached.language_of(text) == language
