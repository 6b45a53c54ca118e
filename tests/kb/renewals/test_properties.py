"""The law of asking, held to whatever happens: letters, answers, updates and time, in any order."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.access import Member
from kb.accounts import store as accounts
from kb.db import FILENAME, get_db, transaction
from kb.practices import store as practices
from kb.renewals import actions, asking, store
from kb.renewals.model import LETTERS, due_on, is_due, since
from tests.kb.moderation.conftest import Desk
from tests.kb.renewals.conftest import Years
from tests.people import address_of

PRACTICES = 3
Deed = tuple[str, int, int]

deeds = st.lists(
    st.tuples(
        st.sampled_from(
            ["wait", "wait", "wait", "confirm", "edit", "update", "archive", "move mailbox"]
        ),
        st.integers(0, PRACTICES - 1),
        st.integers(1, 70),
    ),
    min_size=1,
    max_size=12,
)


@contextmanager
def library(template: Path, make: Callable[..., Flask]) -> Iterator[Years]:
    """A fresh library with a few practices of one municipality."""
    with TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / FILENAME)
        with make(INSTANCE=Path(folder)).app_context():
            db = get_db()

            def member(name: str) -> Member:
                account = accounts.find_account(db, address_of(name))
                assert account
                return account.member

            years = Years(db, Desk(db, member), datetime(2026, 1, 31, 9, tzinfo=UTC))
            for number in range(PRACTICES):
                years.published(330 + 20 * number, key=f"key {number}")
            yield years


def act(years: Years, deed: Deed, when: datetime) -> None:
    """What a municipality or a moderator may do, at that moment."""
    what, number, _ = deed
    practice = practices.get(years.db, number + 1)
    anna = years.desk.member("Anna")
    is_open = store.find_due(years.db, practice.id, 12, when) is not None
    if what == "confirm" and is_open:
        actions.confirm_by(years.db, practice, anna, when)
    elif what == "edit" and is_open:
        actions.want_changes_by(years.db, practice, anna, when)
    elif what == "archive" and is_open and number:
        actions.end_by(years.db, practice, anna, "", when)
    elif what == "update" and practice.is_public:
        with transaction(years.db):
            practices.set_public_revision(years.db, practice.id, practice.public_revision_id or 0)
            years.db.execute(
                "UPDATE practice SET published_at = ?, confirmed_on = ? WHERE id = ?",
                (f"{when:%Y-%m-%dT%H:%M:%SZ}", f"{when:%Y-%m-%d}", practice.id),
            )
    elif what == "move mailbox":
        years.give_mailbox(f"box{number}@athens.example.gr" if number else None)


# The application that is made is new each time; only its maker stays.
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=deeds)
def test_law_of_asking(template: Path, make_app: Callable[..., Flask], deeds: list[Deed]) -> None:
    with library(template, make_app) as years:
        when, letters = years.start, dict[str, datetime]()
        for deed in deeds:
            for _ in range(deed[2] if deed[0] == "wait" else 1):
                when += timedelta(days=1)
                look(years, when, letters)
            act(years, deed, when)


def look(years: Years, when: datetime, letters: dict[str, datetime]) -> None:
    """One look of the worker, and what has to hold after it."""
    before = len(years.letters())
    earlier = {row["id"]: row for row in years.rows()}
    asking.ask(years.db, when)
    for letter in years.letters()[before:]:
        last = letters.get(letter["recipient"])
        assert last is None or when - last >= timedelta(days=7), "more than a letter a week"
        letters[letter["recipient"]] = when
    rows = {row["id"]: row for row in years.rows()}
    for number, row in rows.items():
        last_time = earlier.get(number, {"letters": 0, "answer": None})
        if row["letters"] != last_time["letters"]:
            assert last_time["letters"] < row["letters"] <= LETTERS
            assert last_time["answer"] is None, "asked again after an answer"
            practice = practices.get(years.db, row["practice_id"])
            start = since(practice.published_at, practice.confirmed_on)
            assert practice.is_public
            assert row["since"] == start
            assert due_on(start, 12) <= f"{when:%Y-%m-%d}", "asked too soon"
    listed = {case.practice_id for case in store.list_due(years.db, 12, when)}
    for number in range(1, PRACTICES + 1):
        practice = practices.get(years.db, number)
        start = since(practice.published_at, practice.confirmed_on)
        assert (number in listed) == (practice.is_public and is_due(start, 12, when))
    assert len(listed) == store.count_due(years.db, 12, when)
    for case in store.list_due(years.db, 12, when):
        if case.standing == "due" and case.mailbox:
            last = letters.get(case.mailbox.email)
            assert last is not None, "neither asked nor waiting for a week to pass"
            assert when - last < timedelta(days=7)
