"""Whoever asks to be forgotten is: nowhere does the name or the address stand any more."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts import actions, erasure, membership
from kb.accounts.model import FORMER
from kb.db import NotFound, transaction
from kb.practices import actions as practices
from kb.practices import store
from kb.search import record
from kb.search.syncing import indexes
from tests.kb.attachments import documents
from tests.kb.practices.cases import CARD, CONFIRMED, FORM
from tests.people import give_password

Find = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]

NAME = "Ευδοκία Χρυσοστομίδου"
EMAIL = "eudokia.chrysostomidou@example.gr"
# As it might stand on the disk: as written, and as mail and addresses write it.
TRACES = [text.encode() for text in (NAME, "Χρυσοστομίδου", EMAIL, quote(NAME), "χρυσοστομιδου")]


@pytest.fixture
def eudokia(db: Database, sign_in: SignIn) -> FlaskClient:
    """The browser of somebody with a name that nothing else could be."""
    client = sign_in("Anna")
    give_password(db, "Anna")
    with transaction(db):
        db.execute("UPDATE member SET name = ?, email = ? WHERE name = 'Anna'", (NAME, EMAIL))
    return client


@pytest.fixture
def lived(
    db: Database, app: Flask, sign_in: SignIn, member: Find, eudokia: FlaskClient
) -> FlaskClient:
    """She wrote, was told, commented, searched, gave feedback, and asked for a link."""
    mona = sign_in("Mona")
    eudokia.post("/el/my-practices", data={**FORM, "submission_key": "a key"})
    form = {**FORM, "title_el": "Νέος τίτλος", "page": "tab", "version": 1}
    eudokia.post("/el/my-practices/1/write/quick/autosave", data=form)
    version = store.find_draft(db, 1)
    assert version
    eudokia.post("/el/my-practices/1/submit", data={**CONFIRMED, "version": version.version})
    said = {"key": "a key of ours", "field": "title", "language": "el", "text": "Γιατί;"}
    mona.post("/el/review/1/comments", data=said)
    eudokia.post("/el/my-practices/1/comments/1", data={"key": "another key", "text": "Διότι."})
    mona.post("/el/review/1/publish", data={"revision": 1})
    file = (io.BytesIO(documents.photo()), "φωτογραφία.jpg")
    eudokia.post("/el/my-practices/1/files", data={"files": file})
    feedback = {"page": "/el/", "message": "Σας ευχαριστώ", "email": EMAIL}
    eudokia.post("/el/accessibility", data=feedback)
    actions.request_link(db, "sign_in", EMAIL, "127.0.0.1")
    app.test_client().get(f"/el/practices?q={quote(NAME)}", headers={"User-Agent": "Mozilla/5.0"})
    record.recorder(app).wait()
    app.test_cli_runner().invoke(args=["worker", "--once"])
    actions.request_link(db, "reset", EMAIL, "127.0.0.1")
    with transaction(db):
        mail.queue(
            db, key="x:1", kind="feedback", recipient="mona@example.gr", language="el",
            subject="Νέα πρακτική", body=f"Η {NAME} ({EMAIL}) υπέβαλε.",
        )  # fmt: skip
    indexes(app).wait()
    return eudokia


def traces(instance: Path) -> list[str]:
    """Every file of the installation in which something of her stands."""
    files = (path for path in instance.rglob("*") if path.is_file())
    return [path.name for path in files if any(each in path.read_bytes() for each in TRACES)]


@pytest.mark.usefixtures("lived")
def test_nothing_on_the_disk_names_whoever_was_erased(
    app: Flask, db: Database, instance: Path, member: Find
) -> None:
    number = member(NAME).id
    assert traces(instance)
    membership.deactivate(db, member("Ada"), number)
    erasure.erase(db, member("Ada"), number)
    assert traces(instance) == []
    assert store.get(db, 1).is_public
    assert db.execute("SELECT count(*) FROM comment").fetchone()[0] == 2
    (body,) = db.execute("SELECT body FROM outbox WHERE key = 'x:1'").fetchone()
    assert body.count(FORMER) == 2


def test_what_a_former_member_did_stays_readable(
    lived: FlaskClient, db: Database, sign_in: SignIn, member: Find
) -> None:
    number = member(NAME).id
    ada, mona = sign_in("Ada"), sign_in("Mona")
    ada.post(f"/en/members/{number}/deactivate")
    page = ada.get(f"/en/members/{number}").text
    assert f"/en/members/{number}/erase" in page
    assert NAME in ada.get(f"/en/members/{number}/erase").text
    assert ada.post(f"/en/members/{number}/erase").status_code == 303
    assert lived.get("/en/account").status_code == 303
    bruno = sign_in("Bruno")
    for reader, address in (
        (mona, "/en/review/1"),
        (mona, "/en/review/log"),
        (bruno, "/en/my-practices/1"),
        (ada, "/en/members"),
    ):
        answer = reader.get(address)
        assert answer.status_code == 200, address
        assert NAME not in answer.text
    assert "former member" in mona.get("/en/review/1").text
    for address in ("", "/erase"):
        assert ada.get(f"/en/members/{number}{address}").status_code == 404
    assert ada.post(f"/en/members/{number}/reactivate").status_code == 404


def test_only_a_closed_account_is_erased_and_only_by_administrators(
    db: Database, member: Find, sign_in: SignIn
) -> None:
    number = member("Clara").id
    with pytest.raises(NotFound):
        erasure.erase(db, member("Ada"), number)
    membership.deactivate(db, member("Ada"), number)
    with pytest.raises(NotFound):
        erasure.erase(db, member("Mona"), number)
    assert sign_in("Mona").post(f"/en/members/{number}/erase").status_code == 404
    assert member("Clara").id == number


def test_texts_that_name_the_person_are_told(
    app: Flask, db: Database, member: Find, eudokia: FlaskClient
) -> None:
    form = {**FORM, "submission_key": "a key", "contact_mailbox": EMAIL.title()}
    eudokia.post("/el/my-practices", data=form)
    membership.deactivate(db, None, member(NAME).id)
    run = app.test_cli_runner()
    assert (
        "Close it first"
        in run.invoke(args=["members", "erase", "clara@example.gr", "--yes"]).output
    )
    said = run.invoke(args=["members", "erase", EMAIL, "--yes"]).output
    assert "name the person: no. 1" in said
    assert CARD["title"]["el"] in str(store.find_draft(db, 1))


def test_letters_forget_to_whom_they_went(db: Database, member: Find) -> None:
    clara = member("Clara")
    practice = practices.create(db, clara, "a key", {**CARD, "municipality": "thessaloniki"})
    with transaction(db):
        db.execute(
            "INSERT INTO renewal (practice_id, since, recipient) VALUES (?, '2025-01-01', ?)",
            (practice.id, clara.email),
        )
    membership.deactivate(db, None, clara.id)
    erasure.erase(db, None, clara.id)
    assert db.execute("SELECT recipient FROM renewal").fetchone()[0] is None
    with pytest.raises(NotFound):
        erasure.erase(db, None, clara.id)
