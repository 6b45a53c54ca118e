"""Killed between any two steps of what people do: all of it is there, or nothing of it.

Each deed is done once to learn which states the store goes through, one for each transaction;
then again and again, killed before its first step, its second, and so on to its last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

import inspector
from inspector.__main__ import inspect as within
from kb.attachments import upkeep
from kb.db import FILENAME, connect, get_db
from kb.search.syncing import indexes
from tests import deeds as do
from tests.conftest import MakeApp
from tests.deeds import Deed, People
from tests.mailbox import Mailbox
from tests.moments import State, World, state_of

# Since Python 3.12 a fork beside threads, which the test runner may have, is warned of.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture
def app(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application; it looks through files in its own process, where steps can be counted."""

    def inspect(path: Path, name: str, into: Path) -> inspector.Finding:
        kind = inspector.by_name(name)
        return within(path, kind.code if kind else "", into)

    monkeypatch.setattr(inspector, "inspect", inspect)
    return make_app()


@pytest.fixture
def world(instance: Path, tmp_path: Path) -> World:
    return World(instance, tmp_path / "kept", tmp_path / "report")


@pytest.fixture
def people(app: Flask) -> Iterator[People]:
    """They leave no connection behind: a fork would share it."""
    with app.app_context():
        anna, bruno, mona = (do.browser_of(app, name) for name in ("Anna", "Bruno", "Mona"))
    yield People(app, anna, bruno, mona)
    indexes(app).wait()


@dataclass(frozen=True)
class Case:
    """Something that is done, what has been done before, and in how many transactions."""

    deed: Deed
    before: tuple[Deed, ...] = ()
    transactions: int = 1

    @property
    def name(self) -> str:
        return self.deed.__name__


CASES = [
    Case(do.begin),
    Case(do.autosave, (do.begin,)),
    Case(do.upload, (do.begin,)),
    Case(do.submit, (do.begin,)),
    Case(do.submit_in_house, (do.approve_first, do.begin)),
    Case(do.withdraw, (do.begin, do.submit)),
    Case(do.join, (do.begin,)),
    Case(do.hand_over, (do.begin, do.join)),
    Case(do.take_off, (do.begin, do.join)),
    Case(do.approve, (do.approve_first, do.begin, do.submit)),
    Case(do.send_back, (do.approve_first, do.begin, do.submit)),
    Case(do.remind, (do.approve_first, do.begin, do.submit, do.wait_for_a_coordinator)),
    Case(do.take_up, (do.begin, do.submit)),
    Case(do.comment, (do.begin, do.submit)),
    Case(do.request_changes, (do.begin, do.submit)),
    Case(do.publish, (do.begin, do.join, do.submit)),
    Case(do.assess, (do.begin, do.submit, do.publish)),
    Case(do.archive, (do.begin, do.submit, do.publish)),
    Case(do.take_down, (do.begin, do.submit, do.publish, do.hold_an_update_back)),
    Case(do.undo, (do.begin, do.submit, do.publish)),
    Case(do.plan, (do.begin, do.submit)),
    Case(do.publish_planned, (do.begin, do.submit, do.plan, do.come_due)),
    Case(
        do.gather,
        (do.want_one_message_a_day, do.begin, do.submit, do.publish, do.let_a_day_pass),
        transactions=2,
    ),
    Case(do.erase, (do.begin, do.submit, do.publish, do.close_anna)),
    Case(do.rename),
    Case(do.reword),
    Case(do.bulk_publish, (do.begin_two, do.submit_two), transactions=2),
    Case(do.confirm_by_link, (do.begin, do.submit, do.publish, do.grow_old, do.ask_if_true)),
    Case(do.end_by_link, (do.begin, do.submit, do.publish, do.grow_old, do.ask_if_true)),
    Case(do.preview_import, transactions=0),
    Case(do.confirm_import, (do.preview_import,)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_all_or_nothing_of_it_is_done(people: People, world: World, case: Case) -> None:
    states = prepare(people, world, case)
    assert len(states) == case.transactions + 1
    moment, told, seen = 0, None, []
    while told is None or told.was_killed:
        world.put_back()
        moment += 1
        told = world.run(lambda: case.deed(people), kill_at=moment)
        found = state_of(world.instance)
        assert found == states[-1] if told.acknowledged else found in states, moment
        if (disk := (found, world.files())) not in seen:
            seen.append(disk)
            check_whole(people.app, world.instance)
            # Whoever saw no answer does it again: nothing is done twice.
            world.run(lambda: case.deed(people))
            assert state_of(world.instance) == states[-1], moment
    assert len(seen) > 1


def prepare(people: People, world: World, case: Case) -> list[State]:
    """The states that the deed leads through, without what is the same twice in a row."""
    for deed in case.before:
        assert deed(people)
    indexes(people.app).wait()
    world.keep()
    told = world.run(lambda: case.deed(people), watch=True)
    assert told.acknowledged
    states = told.states
    return [each for each, last in zip(states, [None, *states], strict=False) if each != last]


def test_municipality_is_asked_once(people: People, world: World) -> None:
    """The letters have secrets in them, so their rows are counted."""
    prepare(
        people,
        world,
        Case(do.ask_if_true, (do.begin_two, do.submit_two, do.bulk_publish, do.grow_old)),
    )
    moment, told, seen = 0, None, set()
    while told is None or told.was_killed:
        world.put_back()
        moment += 1
        told = world.run(lambda: do.ask_if_true(people), kill_at=moment)
        seen.add(asked(world))
        world.run(lambda: do.ask_if_true(people))
        assert asked(world) == (1, 2, 2)
    assert seen == {(0, 0, 0), (1, 2, 2)}


def asked(world: World) -> tuple[int, ...]:
    """How many letters, rounds and links there are."""
    with closing(connect(world.instance / FILENAME)) as db:
        wanted = ("outbox WHERE kind = 'renewal'", "renewal", "renewal_link")
        counted = [db.execute(f"SELECT count(*) FROM {each}").fetchone()[0] for each in wanted]
        return tuple(counted)


def check_whole(app: Flask, instance: Path) -> None:
    """The store is sound, and every row has its file."""
    with closing(connect(instance / FILENAME)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    with app.app_context():
        assert list(upkeep.faults(get_db())) == []


def test_each_event_is_told_once(people: People, world: World, mailbox: Mailbox) -> None:
    """Between the server's word that it took a message, and our note of it, nobody can know.

    Then the message goes again, as the same one by its Message-ID: programs show it once.
    """
    people.app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=mailbox.port, SMTP_SECURITY="none")
    prepare(
        people, world, Case(do.send_mails, (do.begin, do.join, do.submit, do.publish, do.come_due))
    )
    events = {letter["Message-ID"] for letter in mailbox.received}
    assert len(events) == len(mailbox.received)
    told = Counter(str(letter["To"]) for letter in mailbox.received)
    assert told == {"anna@example.gr": 3, "bruno@example.gr": 1, "mona@example.gr": 1}
    moment, end, doubtful = 0, None, 0
    while end is None or end.was_killed:
        world.put_back()
        mailbox.received.clear()
        moment += 1
        end = world.run(lambda: do.send_mails(people), kill_at=moment)
        taken, noted = len(mailbox.received), mails_sent(world)
        assert 0 <= taken - noted <= 1
        doubtful += taken - noted
        do.come_due(people)
        assert world.run(lambda: do.send_mails(people)).acknowledged
        letters = [letter["Message-ID"] for letter in mailbox.received]
        assert set(letters) == events
        assert len(letters) == len(events) + taken - noted
        assert mails_sent(world) == len(events)
    # To note it takes the gate, BEGIN, UPDATE and COMMIT; no step more is in doubt.
    assert doubtful == 4 * len(events)


def mails_sent(world: World) -> int:
    with closing(connect(world.instance / FILENAME)) as db:
        row = db.execute("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL").fetchone()
        return int(row[0])
