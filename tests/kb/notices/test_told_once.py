"""Each event is told exactly once: whoever changes their mind, whatever fails or is killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlite_utils import Database

from kb import mail
from kb.db import FILENAME, get_db, transaction
from kb.notices import actions
from tests.kb.notices.days import ANNA, CLARA, switch, texts, work, write

FORKS = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")

# What may happen: somebody is told of something (again), changes their mind, an event is taken
# back, a day passes, an administrator wants what failed tried again; a worker runs, or two at
# once, the mail server is away, or the worker is killed at its so many-th word to the store.
NUMBERS = st.integers(0, 5)
PEOPLE = st.sampled_from([ANNA, CLARA])
HAPPENINGS = st.one_of(
    st.tuples(st.just("write"), PEOPLE, NUMBERS),
    st.tuples(st.just("account"), PEOPLE, NUMBERS),
    st.tuples(st.just("switch"), PEOPLE, st.booleans()),
    st.tuples(st.just("withdraw"), PEOPLE, NUMBERS),
    st.tuples(st.just("day"), PEOPLE, st.just(1)),
    st.tuples(st.sampled_from(["work", "two", "away", "again"]), PEOPLE, st.just(0)),
    st.tuples(st.just("die"), PEOPLE, st.integers(1, 45)),
)


@dataclass
class History:
    """What happened to the messages of one store, and which of them must arrive."""

    app: Flask
    instance: Path
    day: int = 1
    wanted: dict[int, bool] = field(default_factory=dict)
    # Taken back when they may have gone out: they did or they never will.
    doubtful: set[int] = field(default_factory=set)

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
                    self.wanted[number] = False
                    if mail.withdraw(db, f"event:{number}"):
                        self.doubtful.add(number)
        self.day += what == "day"
        if what == "again":
            self.try_again()
        if what in ("work", "die", "two", "away"):
            self.app.config.update(SMTP_HOST="127.0.0.1" if what == "away" else "", SMTP_PORT=9)
            self.work(value, at_once=1 + (what == "two"))
            self.app.config["SMTP_HOST"] = ""

    def try_again(self) -> None:
        with self.store() as db:
            actions.try_again(db)

    def work(self, kill_at: int = 0, at_once: int = 1) -> bool:
        """Let the worker run, several in processes of their own; whether one was killed."""
        later = timedelta(days=self.day)
        with self.store() as db:
            with transaction(db):
                db.execute("UPDATE outbox SET next_at = '2000-01-01T00:00:00Z' WHERE attempts > 0")
            if not kill_at and at_once == 1:
                work(db, later)
                return False
        children = []
        for _ in range(at_once):
            if (child := os.fork()) == 0:
                _run_and_end(self.app, later, kill_at)
            children.append(child)
        ends = [os.waitpid(child, 0)[1] for child in children]
        assert set(ends) <= {0, signal.SIGKILL}
        return signal.SIGKILL in ends

    def check(self) -> None:
        """Two more days, and everything was told once."""
        for _ in range(2):
            self.happen("day", ANNA, 1)
            self.try_again()
            self.work()
        messages = self.arrived()
        told = Counter(number for message in messages for number in message)
        assert all(told.pop(number, 0) <= 1 for number in self.doubtful)
        assert told == {number: 1 for number, wanted in self.wanted.items() if wanted}
        assert all(len(message) == 1 for message in messages if max(message) >= 100)

    def arrived(self) -> list[list[int]]:
        """The events of each message that went out."""
        return [
            [int(number) for number in re.findall(r"event(\d{4})x", text)]
            for _subject, text in texts(self.instance)
        ]


def _run_and_end(app: Flask, later: timedelta, kill_at: int) -> None:
    left = kill_at

    def count_down(_statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        with app.app_context():
            db = get_db()
            db.conn.set_trace_callback(count_down)
            work(db, later)
        os._exit(0)
    except BaseException:
        os._exit(1)


@pytest.fixture
def histories(
    make_app: Callable[..., Flask], template: Path
) -> Callable[[], AbstractContextManager[History]]:
    """Begins one history after another, each with a store of its own."""
    app = make_app()

    @contextmanager
    def begin() -> Iterator[History]:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(template, Path(folder) / FILENAME)
            app.config["INSTANCE"] = folder
            yield History(app, Path(folder))

    return begin


@FORKS
@pytest.mark.parametrize("later", [True, False])
def test_each_event_is_told_once_wherever_the_worker_dies(
    histories: Callable[[], AbstractContextManager[History]], later: bool
) -> None:
    for moment in count(1):
        with histories() as history:
            history.happen("switch", ANNA, True)
            for what, who, number in (
                *(("write", ANNA, 1), ("write", ANNA, 2), ("account", ANNA, 3)),
                *(("write", CLARA, 1),),
            ):
                history.happen(what, who, number)
            was_killed = history.work(moment)
            # What she wants by then makes no difference.
            history.happen("switch", ANNA, later)
            history.check()
        if not was_killed:
            break
    assert moment > 20


@FORKS
def test_each_event_is_told_exactly_once_whatever_happens(
    histories: Callable[[], AbstractContextManager[History]],
) -> None:
    @examples(max_examples=30)
    @given(st.lists(HAPPENINGS, max_size=25))
    def check(happenings: list[tuple[str, str, Any]]) -> None:
        with histories() as history:
            for happening in happenings:
                history.happen(*happening)
            history.check()

    check()
