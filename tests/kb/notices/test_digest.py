"""One message a day for those who want that: when it comes, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import config, mail
from kb.access import Role
from kb.accounts import membership
from kb.accounts import store as accounts
from kb.db import transaction
from kb.notices import actions, digest
from tests.kb.notices.days import ANNA, CLARA, switch, texts, work, write


def test_events_of_a_day_come_in_one_message(db: Database, instance: Path) -> None:
    switch(db, ANNA, True)
    for number in (1, 2):
        write(db, number)
    assert mail.deliver(db) == (0, 0)
    assert work(db) == (1, 0)
    ((subject, text),) = texts(instance)
    assert "2" in subject
    for number in (1, 2):
        assert f"{number}. Θέμα {number}\n\nΗ απόφαση λέει event{number:04}x.\n\n> γιατί" in text
        assert f"https://x/{number}" in text
    assert text.count("Προς: Anna") == text.count("Καλημέρα σας,") == 1
    assert "/el/account" in text


def test_nothing_new_sends_nothing(db: Database) -> None:
    switch(db, ANNA, True)
    assert work(db) == (0, 0)
    write(db, 1)
    assert [work(db), work(db)] == [(1, 0), (0, 0)]


def test_what_concerns_the_account_waits_for_no_digest(db: Database, instance: Path) -> None:
    switch(db, ANNA, True)
    write(db, 1, at_once=True)
    assert mail.deliver(db) == (1, 0)


def test_links_to_sign_in_come_at_once(db: Database, client: FlaskClient) -> None:
    switch(db, ANNA, True)
    client.post("/el/sign-in/link", data={"email": ANNA})
    assert mail.deliver(db) == (1, 0)


def test_whoever_wants_each_at_once_again_gets_what_waited(
    db: Database, sign_in: Callable[[str], FlaskClient]
) -> None:
    browser, details = sign_in("Anna"), {"name": "Anna", "language": "el"}
    assert re.search(r'value="at_once"[^>]* checked', browser.get("/en/account").text)
    browser.post("/en/account", data={**details, "delivery": "daily"})
    assert re.search(r'value="daily"[^>]* checked', browser.get("/en/account").text)
    write(db, 1)
    assert mail.deliver(db) == (0, 0)
    browser.post("/en/account", data={**details, "delivery": "at_once"})
    assert mail.deliver(db) == (1, 0)
    assert work(db) == (0, 0)


def test_messages_come_at_once_or_daily_and_no_other_way(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    details = {"name": "Anna", "language": "el", "delivery": "weekly"}
    answer = sign_in("Anna").post("/en/account", data=details)
    assert answer.status_code == 400
    assert 'href="#delivery"' in answer.text


def test_event_taken_back_before_the_hour_is_never_told(db: Database, instance: Path) -> None:
    switch(db, ANNA, True)
    write(db, 1)
    write(db, 2)
    with transaction(db):
        assert mail.withdraw(db, "event:1") == set()
    work(db)
    ((_subject, text),) = texts(instance)
    assert "event0001x" not in text
    with transaction(db):
        assert mail.withdraw(db, "event:2") == {ANNA}


def test_each_day_has_its_message_when_the_clocks_change(db: Database) -> None:
    """At two in Athens it is midnight in UTC in winter, and the day before in summer."""
    current_app.config["DIGEST_HOUR"] = 2
    switch(db, ANNA, True)
    for day in (28, 29):
        write(db, day)
        with transaction(db):
            db.execute("UPDATE outbox SET created_at = ?", (f"2027-03-{day - 1}T12:00:00Z",))
        assert actions.gather(db, datetime(2027, 3, day, 12, tzinfo=UTC)) == 1


def test_message_that_was_tried_goes_on_by_itself(db: Database, instance: Path) -> None:
    write(db, 1)
    with transaction(db):
        db.execute("UPDATE outbox SET attempts = 1")
    switch(db, ANNA, True)
    assert work(db) == (1, 0)
    ((subject, _text),) = texts(instance)
    assert subject == "Θέμα 1"


def test_check_says_when_the_message_of_the_day_does_not_come(db: Database) -> None:
    switch(db, ANNA, True)
    write(db, 1)
    assert mail.faults(db) == []
    with transaction(db):
        db.execute("UPDATE outbox SET created_at = '2026-01-01T00:00:00Z'")
    assert mail.faults(db) == ["held for a message of the day that never came: 1"]
    with transaction(db):
        accounts.update_active(db, 1, False)
    assert mail.faults(db) == []


@pytest.mark.parametrize("role", ["contributor", "moderator", None])
def test_who_has_left_is_told_nothing_more_of_where_they_were(
    db: Database, instance: Path, role: Role | None
) -> None:
    switch(db, ANNA, True)
    write(db, 1)
    if role is None:
        membership.deactivate(db, None, 1)
        membership.reactivate(db, None, 1)
    else:
        town = "larissa" if role == "contributor" else None
        membership.change_rights(db, None, 1, role, town)
    write(db, 2)
    assert work(db) == (1, 0)
    ((_subject, text),) = texts(instance)
    assert "event0001x" not in text
    assert "event0002x" in text


def test_closed_account_gets_no_digest(db: Database) -> None:
    switch(db, ANNA, True)
    write(db, 1)
    with transaction(db):
        accounts.update_active(db, 1, False)
    assert work(db) == (0, 0)


def test_after_a_year_it_is_forgotten_to_whom_was_written(db: Database) -> None:
    switch(db, ANNA, True)
    write(db, 1)
    write(db, 2, CLARA)
    assert work(db) == (2, 0)
    actions.forget_messages(db)
    assert db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 3
    with transaction(db):
        db.execute(
            "UPDATE outbox SET sent_at = '2020-01-01T00:00:00Z' WHERE recipient = ?", (ANNA,)
        )
    actions.forget_messages(db)
    assert [row["recipient"] for row in db.execute("SELECT recipient FROM outbox")] == [CLARA]


def test_digest_is_of_its_readers_language(db: Database, instance: Path) -> None:
    switch(db, "bruno@example.gr", True)
    with transaction(db):
        db.execute("UPDATE member SET language = 'en' WHERE name = 'Anna'")
    write(db, 1, "bruno@example.gr")
    work(db)
    ((subject, text),) = texts(instance)
    assert subject == "Good-practice library: 1 message"
    assert "what the library has to tell you today, 1 message:" in text


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("2026-11-22T05:59:59Z", "2026-11-21T06:00:00Z"),
        ("2026-11-22T06:00:00Z", "2026-11-22T06:00:00Z"),
        ("2026-07-01T05:00:00Z", "2026-07-01T05:00:00Z"),
        # The clocks change between the two.
        ("2026-03-29T04:59:00Z", "2026-03-28T06:00:00Z"),
        ("2026-03-29T05:00:00Z", "2026-03-29T05:00:00Z"),
        ("2026-10-25T05:30:00Z", "2026-10-24T05:00:00Z"),
    ],
)
def test_hour_is_that_of_athens(when: str, due: str) -> None:
    found = digest.latest(8, datetime.fromisoformat(when))
    assert found.strftime("%Y-%m-%dT%H:%M:%SZ") == due


def test_hour_is_one_of_the_day(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(config.BadSetting, match="from 0 to 23"):
        make_app(DIGEST_HOUR=24)
