"""How long a session lasts, and what a request costs."""

from datetime import timedelta

import pytest

from kb import db as kb_db
from kb.accounts.model import SEEN_EVERY, SESSION_IDLE, SESSION_LIFETIME, from_now
from kb.db import GATE
from tests.people import is_signed_in

MINUTE = timedelta(minutes=1)


def age(db, *, unused: timedelta, signed_in: timedelta) -> None:
    db.execute(
        "UPDATE session SET last_seen_at = ?, created_at = ?",
        (from_now(-unused), from_now(-signed_in)),
    )


def seen(db) -> str:
    return db.execute("SELECT last_seen_at FROM session").fetchone()[0]


def test_form_that_was_open_for_days_still_submits(db, sign_in):
    browser = sign_in("Anna")
    age(db, unused=SESSION_IDLE - MINUTE, signed_in=SESSION_IDLE - MINUTE)
    answer = browser.post("/en/account", data={"name": "Anna M.", "language": "en"})
    assert answer.status_code == 303
    assert db.execute("SELECT name FROM member WHERE id = 1").fetchone()[0] == "Anna M."


@pytest.mark.parametrize(
    ("unused", "signed_in"),
    [(SESSION_IDLE + MINUTE, SESSION_IDLE + MINUTE), (MINUTE, SESSION_LIFETIME + MINUTE)],
)
def test_session_ends_when_unused_and_in_the_end(db, sign_in, unused, signed_in):
    browser = sign_in("Anna")
    age(db, unused=unused, signed_in=signed_in)
    assert not is_signed_in(browser)


def test_ended_sessions_are_forgotten_at_the_next_sign_in(db, sign_in):
    sign_in("Anna")
    age(db, unused=SESSION_IDLE + MINUTE, signed_in=SESSION_IDLE + MINUTE)
    sign_in("Bruno")
    assert db.execute("SELECT count(*) FROM session").fetchone()[0] == 1


def test_use_is_noted_now_and_then(db, sign_in):
    browser = sign_in("Anna")
    age(db, unused=SEEN_EVERY - MINUTE, signed_in=SEEN_EVERY)
    before = seen(db)
    browser.get("/en/account")
    assert seen(db) == before
    age(db, unused=SEEN_EVERY + MINUTE, signed_in=SESSION_IDLE)
    before = seen(db)
    browser.get("/en/account")
    assert seen(db) > before


def test_reading_goes_on_where_nothing_can_be_written(db, sign_in, instance):
    browser = sign_in("Anna")
    age(db, unused=SEEN_EVERY + MINUTE, signed_in=SESSION_IDLE)
    (instance / GATE).unlink()
    (instance / GATE).mkdir()
    before = seen(db)
    assert is_signed_in(browser)
    assert seen(db) == before


def test_visitor_costs_no_query(app, monkeypatch):
    def no_store(_path):
        raise AssertionError("the store was opened")

    monkeypatch.setattr(kb_db, "connect", no_store)
    assert app.test_client().get("/en/sign-in").status_code == 200


def test_unknown_secret_is_a_visitor(client):
    for secret in ("", "x", "é" * 50, "a" * 3000):
        client.set_cookie("kb_session", secret)
        assert client.get("/en/account").status_code == 303


def test_closed_account_is_signed_out_at_once(db, sign_in):
    browser = sign_in("Anna")
    db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    assert not is_signed_in(browser)
