"""What administrators see of messages that do not go out, and what they can do about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import mail
from kb.db import transaction
from kb.notices import actions
from kb.notices.model import masked

SignIn = Callable[[str | None], FlaskClient]
SECRET = "Κείμενο που δεν φαίνεται"


@pytest.fixture(autouse=True)
def no_server(app: Flask) -> None:
    """A mail server that is away."""
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=9, SMTP_SECURITY="none")


def write(db: Database, key: str = "one", to: str = "anna@example.gr") -> None:
    with transaction(db):
        mail.queue(
            db, key=key, kind="publish", recipient=to, language="el", subject=SECRET, body=SECRET
        )


def as_if(db: Database, **columns: object) -> None:
    with transaction(db):
        for name, value in columns.items():
            db.execute(f"UPDATE outbox SET {name} = ?", (value,))


def test_failed_message_is_shown_with_what_happens_next(db: Database, sign_in: SignIn) -> None:
    write(db)
    mail.deliver(db)
    write(db, "two", "entaxi@athens.example.gr")
    page = sign_in("Ada").get("/en/messages").text
    assert "Anna" in page
    assert "anna@example.gr" not in page
    assert "e…@athens.example.gr" in page
    assert "Decision: published" in page
    assert "ConnectionRefusedError" in page
    assert "Try 1 of 24" in page
    assert SECRET not in page


def test_message_that_was_given_up_can_be_tried_again(
    app: Flask, db: Database, sign_in: SignIn
) -> None:
    write(db)
    as_if(db, attempts=mail.MOST_ATTEMPTS, error="TimeoutError", next_at="2026-01-01T00:00:00Z")
    ada = sign_in("Ada")
    assert "will not be tried again by itself" in ada.get("/en/messages").text
    app.config["SMTP_HOST"] = ""
    assert mail.deliver(db) == (0, 0)
    (path,) = re.findall(r'action="(/en/messages/\d+/again)"', ada.get("/en/messages").text)
    assert "1 message will be tried again" in ada.post(path, follow_redirects=True).text
    assert mail.deliver(db) == (1, 0)
    assert "nothing to try again" in ada.post(path, follow_redirects=True).text
    assert "Every message has gone out." in ada.get("/en/messages").text


def test_all_that_failed_is_tried_again_with_one_click(db: Database, sign_in: SignIn) -> None:
    for key in ("one", "two"):
        write(db, key)
        mail.deliver(db)
    answer = sign_in("Ada").post("/en/messages/again", follow_redirects=True)
    assert "2 messages will be tried again" in answer.text
    assert [mail.deliver(db), mail.deliver(db)] == [(0, 1), (0, 1)]


def test_message_that_is_being_sent_is_left_alone(db: Database) -> None:
    write(db)
    as_if(db, attempts=2, next_at="2100-01-01T00:00:00Z")
    assert actions.try_again(db) == 0


def test_tried_message_is_never_taken_for_a_new_one(db: Database) -> None:
    write(db, "event:1")
    mail.deliver(db)
    actions.try_again(db)
    with transaction(db):
        assert mail.withdraw(db, "event") == {"anna@example.gr"}


def test_administrator_is_told_on_the_page_of_the_members(db: Database, sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    assert "could not be sent" not in ada.get("/en/members").text
    write(db)
    mail.deliver(db)
    assert "1 message could not be sent." in ada.get("/en/members").text


@pytest.mark.parametrize("name", ["Anna", "Mona"])
def test_only_administrators_see_them(sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    assert browser.get("/en/messages").status_code == 404
    assert browser.post("/en/messages/again").status_code == 404
    assert browser.post("/en/messages/1/again").status_code == 404


def test_worker_says_what_failed_and_what_comes_next(app: Flask, db: Database) -> None:
    write(db)
    outcome = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert outcome.exit_code == 1
    assert re.fullmatch(
        r"Message \d+ \(publish\) was not sent: ConnectionRefusedError\."
        r" That was try 1 of 24; it is tried again at \S+Z\.\n0 sent, 1 failed\.\n",
        outcome.output,
    )
    as_if(db, attempts=mail.MOST_ATTEMPTS - 1, next_at="2026-01-01T00:00:00Z")
    outcome = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert "try 24 of 24; it is given up." in outcome.output


def test_check_says_when_nothing_takes_the_messages(app: Flask, db: Database) -> None:
    write(db)
    assert mail.faults(db) == []
    as_if(db, next_at="2026-01-01T00:00:00Z", created_at="2026-01-01T00:00:00Z")
    assert mail.faults(db) == ["due for more than an hour: 1; does flask worker run?"]
    mail.deliver(db)
    (fault,) = mail.faults(db)
    assert fault.startswith("failed: 1, and none has gone out since")
    outcome = app.test_cli_runner().invoke(args=["kb", "check"])
    assert outcome.exit_code == 1
    assert f"mail: {fault}" in outcome.output


def test_one_bad_address_among_good_ones_is_no_fault(app: Flask, db: Database) -> None:
    write(db)
    as_if(db, next_at="2026-01-01T00:00:00Z", created_at="2026-01-01T00:00:00Z")
    mail.deliver(db)
    app.config["SMTP_HOST"] = ""
    write(db, "two")
    mail.deliver(db)
    assert mail.faults(db) == []


def test_what_waits_for_the_digest_is_no_fault(db: Database, sign_in: SignIn) -> None:
    with transaction(db):
        db.execute("UPDATE member SET daily = 1 WHERE name = 'Anna'")
    write(db)
    yesterday = (datetime.now(UTC) - timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    as_if(db, next_at=yesterday, created_at=yesterday)
    assert mail.faults(db) == []
    assert "It goes with the next daily message." in sign_in("Ada").get("/en/messages").text


@pytest.mark.parametrize(
    ("address", "shown"),
    [("anna@example.gr", "a…@example.gr"), ("a@b.gr", "a…@b.gr"), ("nothing", "…@nothing")],
)
def test_address_is_shown_in_part(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_every_kind_of_message_has_a_name_for_administrators(app: Flask) -> None:
    with app.test_request_context("/en/messages"):
        assert all(str(label) for label in mail.KINDS.values())


def test_message_of_no_known_kind_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="no such kind"), transaction(db):
        mail.queue(db, key="k", kind="x", recipient="a@b.gr", language="el", subject="s", body="b")
