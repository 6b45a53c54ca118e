"""The page of a practice's files: adding, describing and removing them."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlite_utils import Database

from inspector.findings import Reason
from kb import files
from kb.attachments import actions, forms, model
from kb.attachments.model import FILE_BYTES, SENTENCES, Row
from kb.practices import actions as practices
from kb.practices import store
from kb.practices.model import Practice
from kb.vocabularies import actions as vocabularies
from tests.kb.attachments import documents as made
from tests.kb.attachments.conftest import Find, Put, Send
from tests.kb.practices.cases import written_with
from tests.people import enter, give_password

Rows = Callable[[], list[Row]]
SignIn = Callable[[str | None], FlaskClient]


def described(row: Row, **said: str) -> dict[str, str]:
    """The form of one file as it was sent out, with some of it typed anew."""
    key = forms.key(row)
    return forms.values(row) | {f"{name}-{key}": value for name, value in said.items()}


def test_files_are_added_together_and_described_by_their_names(send: Send, rows: Rows) -> None:
    answer = send({"Καλή πρακτική.pdf": made.pdf(), "group photo.JPG": made.photo()})
    assert answer.status_code == 303
    document, photo = rows()
    assert document["name"] == "Καλή πρακτική.pdf"
    assert document["title"] == {"el": "Καλή πρακτική"}
    assert (document["media_type"], document["language"]) == ("application/pdf", "el")
    assert (photo["title"], photo["licence"]) == ({"en": "group photo"}, "cc-by-4-0")
    assert (photo["width"], photo["height"]) == (480, 640)


def test_licence_and_kind_out_of_use_stay_with_the_file_that_has_them(
    db: Database, practice: Practice, put: Put, sign_in: SignIn
) -> None:
    put(practice, "a.pdf", made.pdf(), licence="all-rights-reserved", kind="mou")
    for vocabulary, codes in {
        "licences": ["all-rights-reserved"],
        "attachment_kinds": ["mou", "survey"],
    }.items():
        for code in codes:
            vocabularies.retire(db, vocabulary, code)
    page = sign_in("Anna").get(f"/en/my-practices/{practice.id}/files").text
    assert '<option value="all-rights-reserved" selected>' in page
    assert '<option value="mou" selected>' in page
    assert 'value="survey"' not in page


def test_what_is_sound_is_kept_beside_what_is_refused(send: Send, rows: Rows) -> None:
    answer = send({"bad.docx": made.docm(), "good.pdf": made.pdf(), "worse.jpg": b"MZ"})
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert [row["name"] for row in rows()] == ["good.pdf"]
    assert "bad.docx</strong>: There are macros in this file." in answer.text
    assert "The other file was added." in answer.text


def test_each_file_by_itself_is_answered_for_the_page_s_module(send: Send, rows: Rows) -> None:
    good = send({"good.pdf": made.pdf()}, accept="application/json").json
    assert good["refused"] == []
    assert f'name="title_el-{forms.key(rows()[0])}"' in good["added"][0]
    bad = send({"bad.docx": made.docm()}, accept="application/json").json
    assert bad["added"] == []
    assert bad["refused"][0].startswith("bad.docx: There are macros")


def test_what_is_said_is_saved_while_it_is_typed(send: Send, rows: Rows) -> None:
    send({"a.pdf": made.pdf()})
    form = described(rows()[0], title_el="Πρώτο")
    first = send({}, accept="application/json", **form).json
    assert (rows()[0]["title"]["el"], first["problems"]) == ("Πρώτο", [])
    second = form | first["marks"] | described(rows()[0], title_el="Δεύτερο")
    assert send({}, accept="application/json", **second).json["problems"] == []
    # The page that still has the first mark is told that another one came before it.
    late = send({}, accept="application/json", **form).json
    assert "meanwhile" in late["problems"][0]
    assert late["marks"] == {}
    assert rows()[0]["title"]["el"] == "Δεύτερο"


def test_no_name_becomes_markup(send: Send) -> None:
    answer = send({"<img src=x onerror=alert(1)>.pdf": made.pdf()}, accept="application/json").json
    assert "<img src=x" not in answer["added"][0]
    assert "&lt;img src=x" in answer["added"][0]


def test_a_file_says_what_it_is_in_both_languages(send: Send, rows: Rows) -> None:
    send({"photo.png": made.photo(form="PNG")})
    said = {"title_el": "Συνάντηση", "alt_en": "A meeting", "licence": "network-only"}
    answer = send({}, then="save", **described(rows()[0], **said))
    assert answer.status_code == 303
    (row,) = rows()
    assert row["title"]["el"] == "Συνάντηση"
    assert (row["alt"], row["licence"]) == ({"en": "A meeting"}, "network-only")


def test_an_image_needs_a_description_or_is_decoration(send: Send, rows: Rows) -> None:
    send({"photo.png": made.photo(form="PNG")})
    (row,) = rows()
    key = forms.key(row)
    refused = send({}, then="save", **described(row, title_en="Typed"))
    assert refused.status_code == 400
    assert f'href="#alt_el-{key}"' in refused.text
    assert 'value="Typed"' in refused.text
    assert send({}, then="save", **described(row, decorative="yes")).status_code == 303
    assert rows()[0]["decorative"] is True


def test_a_tick_is_not_lost_with_an_error_beside_it(send: Send, rows: Rows) -> None:
    send({"photo.png": made.photo(form="PNG")})
    said = {"decorative": "yes", "title_el": "α" * 301}
    page = send({}, then="save", **described(rows()[0], **said)).text
    assert re.search(r'name="decorative-[^>]*checked', page)


def test_a_document_needs_a_kind_before_it_is_submitted(
    send: Send, rows: Rows, db: Database, practice: Practice, member: Find
) -> None:
    send({"a.pdf": made.pdf()})
    version = practices.working_copy(db, practice).version
    with pytest.raises(practices.Incomplete) as incomplete:
        practices.submit(db, practice, member("Anna"), version)
    assert [problem.field for problem in incomplete.value.problems] == ["attachments"]
    assert "Choose what kind of document" in str(incomplete.value.problems[0].message)
    send({}, then="save", **described(rows()[0], kind="form"))
    practices.submit(db, practice, member("Anna"), version + 1)


def test_a_description_that_cannot_be_kept_is_a_400_with_everything_typed(
    send: Send, rows: Rows
) -> None:
    send({"a.pdf": made.pdf()})
    row = rows()[0]
    answer = send({"b.pdf": made.pdf("Άλλο")}, **described(row, title_el="α" * 301, kind="form"))
    assert answer.status_code == 400
    assert "α" * 301 in answer.text
    assert 'value="form" selected' in answer.text
    # The new file is kept all the same.
    assert [each["name"] for each in rows()] == ["a.pdf", "b.pdf"]


def test_what_was_described_meanwhile_is_shown_and_not_overwritten(
    send: Send, rows: Rows, db: Database, practice: Practice, member: Find
) -> None:
    send({"a.pdf": made.pdf()})
    row = rows()[0]
    theirs = actions.Description({**row, "title": {"el": "Του Μπρούνο"}}, actions.mark(row))
    written_with(db, practice, member("Bruno"))
    actions.save(db, practice, member("Bruno"), [], {row["file"]: theirs})
    answer = send({}, **described(row, title_el="Της Άννας"))
    assert answer.status_code == 400
    assert "Του Μπρούνο" in answer.text
    assert "Της Άννας" in answer.text
    assert rows()[0]["title"] == {"el": "Του Μπρούνο"}
    again = described(rows()[0], title_el="Της Άννας")
    assert send({}, **again).status_code == 303
    assert rows()[0]["title"] == {"el": "Της Άννας"}


def test_removing_one_keeps_what_was_typed_beside_another(send: Send, rows: Rows) -> None:
    send({"a.pdf": made.pdf(), "b.docx": made.docx()})
    first, second = rows()
    answer = send({}, remove=first["file"], **described(first), **described(second, title_el="Νέο"))
    assert answer.status_code == 303
    assert [row["title"].get("el") for row in rows()] == ["Νέο"]


def test_the_same_file_twice_is_one(send: Send, rows: Rows) -> None:
    send({"a.pdf": made.pdf()})
    content = made.docx()
    answer = send({"b.docx": content, "c.docx": content})
    assert "This file is there already." in answer.text
    assert [row["name"] for row in rows()] == ["a.pdf", "b.docx"]


def test_what_is_too_large_is_a_sentence(
    send: Send, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FILE_BYTES", 500)
    answer = send({"a.docx": made.docx()})
    assert f"larger than {FILE_BYTES // 1_000_000} MB" in answer.text
    assert rows() == []


def test_there_is_an_end_to_number_and_size(
    send: Send, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_FILES", 2)
    three = {f"{name}.docx": made.docx(name) for name in "abc"}
    assert "at most 30 files" in send(three).text
    assert len(rows()) == 2
    monkeypatch.setattr(actions, "MOST_FILES", 30)
    monkeypatch.setattr(actions, "MOST_BYTES", sum(row["size"] for row in rows()) + 10)
    assert "at most 100 MB together" in send({"d.docx": made.docx("d")}).text
    assert len(rows()) == 2


def test_more_than_other_forms_may_be_sent_here_and_only_by_those_who_may(
    send: Send, sign_in: SignIn, practice: Practice, app: Flask
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10_000

    def large() -> dict[str, tuple[BytesIO, str]]:
        return {"files": (BytesIO(b"%PDF-1.7" + bytes(20_000)), "a.pdf")}

    address = f"/en/my-practices/{practice.id}/files"
    anna = sign_in("Anna").post(address, data=large())
    assert (anna.status_code, "damaged" in anna.text) == (400, True)
    assert sign_in("Anna").post("/en/my-practices", data=large()).status_code == 413
    # The token is looked for in the form before anybody asks who sent it.
    for name in ("Clara", "Mona"):
        client = sign_in(name)
        with client:
            client.post(address, data=large())
            assert request.max_content_length == app.config["MAX_CONTENT_LENGTH"]


def test_who_made_a_document_is_not_told_or_the_uploader_is(send: Send, rows: Rows) -> None:
    send({"a.pdf": made.pdf_by("Άννα Παπαδοπούλου")})
    assert "Παπαδοπούλου".encode() not in files.path_of(rows()[0]["file"]).read_bytes()
    signed = {"b.pdf": made.pdf_by("Άννα Παπαδοπούλου", signed=True)}
    (note,) = send(signed, accept="application/json").json["notes"]
    assert "“b.pdf”" in note
    assert "Άννα Παπαδοπούλου" in note


def test_the_same_document_is_the_same_file_without_its_author(send: Send, rows: Rows) -> None:
    document = made.docx(more={"docProps/core.xml": made.core("Άννα")})
    send({"a.docx": document})
    again = send({"b.docx": document})
    assert "is there already" in again.text
    assert len(rows()) == 1


def test_words_beside_large_files_go_on_after_signing_in(
    app: Flask, db: Database, send: Send, rows: Rows, practice: Practice, instance: Path
) -> None:
    send({"a.pdf": made.pdf()})
    give_password(db, "Anna")
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    address, client = f"/en/my-practices/{practice.id}/files", app.test_client()
    words = described(rows()[0], title_en="What it took")
    large = (BytesIO(b"%PDF-1.7" + bytes(200_000)), "μεγάλο.pdf")
    asked = client.post(
        address, data={"files": large, **words}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert asked.status_code == 401
    assert "<li>μεγάλο.pdf</li>" in asked.text
    carried = re.search(r'name="carried" type="hidden" value="([^"]*)"', asked.text)
    assert carried
    page = enter(client, "Anna", carried=carried[1]).text
    assert "Choose them again" in page
    assert "μεγάλο.pdf" in page
    assert "What it took" in page
    assert len([path for path in (instance / "files").rglob("*") if path.is_file()]) == 1


def test_nothing_is_added_while_the_moderators_have_the_practice(
    send: Send, rows: Rows, db: Database, practice: Practice, member: Find
) -> None:
    practices.submit(db, practice, member("Anna"), 1)
    assert send({"a.pdf": made.pdf()}).status_code == 409
    assert rows() == []
    assert list(files.stored()) == []


def test_nothing_is_left_of_what_was_refused(send: Send, instance: Path) -> None:
    send({"a.docx": made.docm(), "b.jpg": made.photo()[:500]})
    assert [path for path in (instance / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Καλή πρακτική.pdf", "Καλή πρακτική.pdf"),
        ("C:\\Users\\anna\\έντυπο.docx", "έντυπο.docx"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("a\0\n.pdf", "a.pdf"),
        (".pdf", "file.pdf"),
        ("α" * 300 + ".pdf", "α" * 147 + ".pdf"),
        (None, "file"),
    ],
)
def test_a_name_is_kept_as_people_read_it(sent: str | None, kept: str) -> None:
    assert forms.name_of(sent) == kept


def test_every_reason_has_a_sentence(app: Flask) -> None:
    assert set(get_args(Reason)) <= set(SENTENCES)
    with app.test_request_context("/en/"):
        assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


def test_the_task_list_leads_to_the_files(
    sign_in: SignIn, send: Send, practice: Practice, db: Database
) -> None:
    anna = sign_in("Anna")
    address = f"/en/my-practices/{practice.id}/files"
    assert address in anna.get(f"/en/my-practices/{practice.id}/write").text
    send({"a.pdf": made.pdf()})
    check = anna.get(f"/en/my-practices/{practice.id}/submit").text
    assert f"{address}#attachments" in check
    assert store.get(db, practice.id).status == "draft"


def test_files_that_were_replaced_again_and_again_do_not_fill_the_disk(
    send: Send, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made.pdf("first"), made.pdf("second")
    monkeypatch.setattr(actions, "MOST_KEPT", len(first) + len(second) // 2)
    assert send({"a.pdf": first}).status_code == 303
    assert send({}, remove=rows()[0]["file"]).status_code == 303
    answer = send({"b.pdf": second})
    assert "Too many files of this practice were replaced." in answer.text
    assert rows() == []
    assert send({"a.pdf": first}).status_code == 303  # it is kept already


def test_a_form_whose_files_take_long_is_not_looked_through_without_end(
    send: Send, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "LONGEST_LOOK", -1.0)
    answer = send({"a.pdf": made.pdf()})
    assert "Upload this one by itself." in answer.text
    assert rows() == []
