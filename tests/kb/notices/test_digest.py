"""One message a day for those who want that: each event is told once, whatever happens."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlite_utils import Database

from kb import config, mail
from kb.accounts import store as accounts
from kb.db import FILENAME, get_db, transaction
from kb.notices import actions, digest

ANNA, CLARA = "anna@example.gr", "clara@example.gr"
TOMORROW = timedelta(days=1)
# What a kill leaves is the same there, and it is many times as fast as a disk.
MEMORY = Path("/dev/shm")


def write(db: Database, number: int, to: str = ANNA, *, at_once: bool = False) -> None:
    """Tell somebody of an event, with a word that stands in its message alone."""
    with transaction(db):
        mail.queue(
            db,
            key=f"event:{number}:{to}",
            kind="sign_in" if at_once else "decline",
            recipient=to,
            language="el",
            subject=f"Θέμα {number}",
            body=f"Προς: Anna\n\nΚαλημέρα σας,\n\nη απόφαση λέει event{number:04}x.\n\n> γιατί\n\nhttps://x/{number}\n",
            at_once=at_once,
        )


def switch(db: Database, to: str, daily: bool) -> None:
    with transaction(db):
        account = accounts.find_account(db, to)
        assert account
        accounts.update_details(
            db, account.member.id, "Anna", "el", "daily" if daily else "at_once"
        )


def work(db: Database, later: timedelta = TOMORROW) -> tuple[int, int]:
    """What the worker does, some time from now."""
    actions.gather(db, datetime.now(UTC) + later)
    return mail.deliver(db)


def texts(instance: Path) -> list[tuple[str, str]]:
    """Subject and text of everything that went out."""
    letters = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (instance / "mail").glob("*.eml")
    ]
    return [(letter["Subject"], letter.get_content()) for letter in letters]


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
        assert mail.withdraw(db, "event:1") is False
    work(db)
    ((_subject, text),) = texts(instance)
    assert "event0001x" not in text
    with transaction(db):
        assert mail.withdraw(db, "event:2") is True


def test_message_that_was_tried_goes_on_by_itself(db: Database, instance: Path) -> None:
    write(db, 1)
    with transaction(db):
        db.execute("UPDATE outbox SET attempts = 1")
    switch(db, ANNA, True)
    assert work(db) == (1, 0)
    ((subject, _text),) = texts(instance)
    assert subject == "Θέμα 1"


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


# What may happen: somebody is told of something (again), changes their mind, an event is taken
# back, a day passes, the worker runs and may be killed at its so many-th word to the store.
NUMBERS = st.integers(0, 5)
PEOPLE = st.sampled_from([ANNA, CLARA])
HAPPENINGS = st.one_of(
    st.tuples(st.just("write"), PEOPLE, NUMBERS),
    st.tuples(st.just("account"), PEOPLE, NUMBERS),
    st.tuples(st.just("switch"), PEOPLE, st.booleans()),
    st.tuples(st.just("withdraw"), PEOPLE, NUMBERS),
    st.tuples(st.just("day"), PEOPLE, st.just(1)),
    st.tuples(st.just("work"), PEOPLE, st.just(0)),
    st.tuples(st.just("die"), PEOPLE, st.integers(1, 45)),
)


@dataclass
class History:
    """What happened to the messages of one store, and which of them must arrive."""

    app: Flask
    instance: Path
    day: int = 1
    wanted: dict[int, bool] = field(default_factory=dict)

    @contextmanager
    def store(self) -> Iterator[Database]:
        with self.app.app_context():
            yield get_db()

    def happen(self, what: str, who: str, value: Any) -> None:
        number = value + 10 * (who == CLARA) + 100 * (what == "account")
        with self.store() as db:
            if what in ("write", "account") and self.wanted.get(number, True):
                write(db, number, who, at_once=what == "account")
                self.wanted[number] = True
            if what == "switch":
                switch(db, who, value)
            if what == "withdraw" and number in self.wanted:
                with transaction(db):
                    self.wanted[number] = mail.withdraw(db, f"event:{number}")
        self.day += what == "day"
        if what in ("work", "die"):
            self.work(value)

    def work(self, kill_at: int = 0) -> None:
        """Let a worker run in a process of its own, which may be killed."""
        with self.store() as db, transaction(db):
            db.execute("UPDATE outbox SET next_at = '2000-01-01T00:00:00Z' WHERE attempts > 0")
        if (child := os.fork()) == 0:
            _run_and_end(self.app, timedelta(days=self.day), kill_at)
        status = os.waitpid(child, 0)[1]
        assert status in (0, signal.SIGKILL)

    def arrived(self) -> list[list[int]]:
        """The events of each message that went out."""
        return [
            [int(number) for number in re.findall(r"event(\d{4})x", text)]
            for _subject, text in texts(self.instance)
        ]


def _run_and_end(app: Flask, later: timedelta, kill_at: int) -> None:
    left = kill_at

    def count(_statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        with app.app_context():
            db = get_db()
            db.conn.set_trace_callback(count)
            work(db, later)
        os._exit(0)
    except BaseException:
        os._exit(1)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_each_event_is_told_exactly_once_whatever_happens(
    make_app: Callable[..., Flask], template: Path
) -> None:
    app = make_app()

    @examples(max_examples=40)
    @given(st.lists(HAPPENINGS, max_size=25))
    def check(happenings: list[tuple[str, str, Any]]) -> None:
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            shutil.copy(template, Path(folder) / FILENAME)
            app.config["INSTANCE"] = folder
            history = History(app, Path(folder))
            for happening in happenings:
                history.happen(*happening)
            for _ in range(2):
                history.happen("day", ANNA, 1)
                history.work()
            messages = history.arrived()
            told = Counter(number for message in messages for number in message)
            assert told == {number: 1 for number, wanted in history.wanted.items() if wanted}
            assert all(len(message) == 1 for message in messages if max(message) >= 100)

    check()
