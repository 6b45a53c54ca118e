"""What the worker does now and then: at its pace, by one worker only, again where it failed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlite_utils import Database

from kb import chores, mail
from kb.chores import AGAIN, every
from kb.db import transaction

DAY = timedelta(days=1)


class Sweeping:
    """A chore that counts how often it was done."""

    __name__ = "sweeping"

    def __init__(self) -> None:
        self.times = 0
        self.trouble = False

    def __call__(self, _db: Database) -> None:
        self.times += 1
        if self.trouble:
            raise OSError("full")


@pytest.fixture
def sweeping() -> Sweeping:
    return Sweeping()


def later(db: Database, span: timedelta) -> None:
    """Let that much time pass."""
    for row in db.execute("SELECT * FROM chore").fetchall():
        moment = datetime.fromisoformat(row["next_at"]) - span
        with transaction(db):
            db.execute(
                "UPDATE chore SET next_at = ? WHERE name = ?",
                (f"{moment:%Y-%m-%dT%H:%M:%SZ}", row["name"]),
            )


def test_a_chore_is_done_once_in_its_time(db: Database, sweeping: Sweeping) -> None:
    chore = every(DAY, sweeping)
    chore(db)
    chore(db)
    # Another worker, or the same one started again.
    every(DAY, sweeping)(db)
    later(db, DAY - timedelta(minutes=1))
    chore(db)
    assert sweeping.times == 1
    later(db, timedelta(minutes=1))
    chore(db)
    assert sweeping.times == 2


def test_a_chore_that_failed_is_tried_again_soon(db: Database, sweeping: Sweeping) -> None:
    chore, sweeping.trouble = every(DAY, sweeping), True
    with pytest.raises(OSError, match="full"):
        chore(db)
    chore(db)
    assert sweeping.times == 1
    later(db, AGAIN)
    sweeping.trouble = False
    chore(db)
    later(db, AGAIN)
    chore(db)
    assert sweeping.times == 2


def test_a_clock_that_went_wrong_holds_no_chore_up(db: Database, sweeping: Sweeping) -> None:
    chore = every(DAY, sweeping)
    chore(db)
    later(db, -10 * 365 * DAY)
    chore(db)
    assert sweeping.times == 2


def test_each_thing_that_ages_has_its_chore(app: Flask, db: Database) -> None:
    names = [chore.__name__ for chore in mail.CHORES]
    assert len(set(names)) == len(names)
    assert {
        "forget_old_drafts",
        "forget_expired",
        "forget_decisions",
        "forget_imports",
        "sweep_files",
    } <= set(names)
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    assert db.execute("SELECT count(*) FROM chore WHERE name = 'sweep_files'").fetchone()[0]


def test_what_time_has_ended_goes(app: Flask, db: Database) -> None:
    with transaction(db):
        db.execute("INSERT INTO session VALUES ('old', 1, '2001-01-01', '2001-01-01')")
        db.execute(
            "INSERT INTO link VALUES ('old', 'reset', 1, NULL, '2001-01-01', '2001-01-01', NULL)"
        )
        db.execute("INSERT INTO attempt VALUES ('old', '2001-01-01')")
    app.test_cli_runner().invoke(args=["worker", "--once"])
    for table in ("session", "link", "attempt"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_what_fails_holds_up_none_of_the_others(caplog: pytest.LogCaptureFixture) -> None:
    assert chores.each([2, 0, 5], lambda number: 10 // number > 1) == 2
    assert "ZeroDivisionError" in caplog.text
