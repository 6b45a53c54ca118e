"""Killed between any two steps of what people do: all of it is there, or nothing of it.

Each deed is done once to learn which states the store goes through, one for each transaction;
then again and again, killed before its first step, its second, and so on to its last.
"""

from __future__ import annotations

import io
import json
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import inspector
from inspector.__main__ import inspect as within
from kb import mail
from kb.accounts import erasure, membership, sessions
from kb.accounts import store as accounts
from kb.attachments import upkeep
from kb.db import FILENAME, connect, get_db, transaction
from kb.moderation import actions
from kb.notices import actions as notices
from kb.practices import approval
from kb.renewals import asking
from kb.search.syncing import indexes
from tests.conftest import MakeApp
from tests.kb.attachments import documents
from tests.kb.practices.cases import CONFIRMED, FORM, changed
from tests.mailbox import Mailbox
from tests.moments import State, World, state_of

# Since Python 3.12 a fork beside threads, which the test runner may have, is warned of.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

REASON = {"reason": "Λείπουν τα αποτελέσματα."}
LONG_AGO = "2000-01-01T00:00:00Z"


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


@dataclass
class People:
    """Anna, Bruno and Mona at their browsers, and the worker."""

    app: Flask
    anna: FlaskClient
    bruno: FlaskClient
    mona: FlaskClient

    def begin(self, key: str = "one") -> bool:
        return done(self.anna.post("/en/my-practices", data={**FORM, "submission_key": key}))

    def submit(self, practice: int = 1) -> bool:
        data = {**CONFIRMED, "version": 1}
        return done(self.anna.post(f"/en/my-practices/{practice}/submit", data=data))

    def decide(self, action: str, practice: int = 1, **fields: Any) -> bool:
        data = {"revision": practice, **fields}
        return done(self.mona.post(f"/en/review/{practice}/{action}", data=data))


def done(answer: Any) -> bool:
    """Whether the server said that it did what it was asked."""
    return int(answer.status_code) < 400


def browser_of(app: Flask, name: str) -> FlaskClient:
    """A browser in which somebody is signed in."""
    client, token = app.test_client(), sessions.new_token()
    with transaction(get_db()) as db:
        number = db.execute("SELECT id FROM member WHERE name = ?", (name,)).fetchone()[0]
        accounts.insert_session(db, sessions.hash_of(token), number)
    client.set_cookie(sessions.cookie_name(), token)
    return client


@pytest.fixture
def people(app: Flask) -> Iterator[People]:
    """They leave no connection behind: a fork would share it."""
    with app.app_context():
        anna, bruno, mona = (browser_of(app, name) for name in ("Anna", "Bruno", "Mona"))
    yield People(app, anna, bruno, mona)
    indexes(app).wait()


Deed = Callable[[People], bool]


@dataclass(frozen=True)
class Case:
    """Something that is done, what has been done before, and in how many transactions."""

    deed: Deed
    before: tuple[Deed, ...] = ()
    transactions: int = 1

    @property
    def name(self) -> str:
        return self.deed.__name__


def begin(people: People) -> bool:
    return people.begin()


def begin_two(people: People) -> bool:
    return people.begin("one") and people.begin("two")


def submit(people: People) -> bool:
    return people.submit()


def submit_two(people: People) -> bool:
    return people.submit(1) and people.submit(2)


def publish(people: People) -> bool:
    return people.decide("publish")


def autosave(people: People) -> bool:
    form = {"title_el": "Άλλος τίτλος", "page": "tab", "version": 1}
    return done(people.anna.post("/en/my-practices/1/write/quick/autosave", data=form))


def withdraw(people: People) -> bool:
    return done(people.anna.post("/en/my-practices/1/withdraw"))


def approve_first(people: People) -> bool:
    """Let Bruno approve for Athens what the network is to review."""
    with people.app.app_context(), transaction(get_db()) as db:
        db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    return True


def approve(people: People) -> bool:
    form = {"revision": 1}
    return done(people.bruno.post("/en/my-practices/1/approval/approve", data=form))


def send_back(people: People) -> bool:
    form = {"revision": 1, **REASON}
    return done(people.bruno.post("/en/my-practices/1/approval/request-changes", data=form))


def join(people: People) -> bool:
    return done(people.bruno.post("/en/my-practices/1/join"))


def hand_over(people: People) -> bool:
    """To Bruno, whose number is 2."""
    return done(people.anna.post("/en/my-practices/1/authors/2/lead"))


def take_off(people: People) -> bool:
    return done(people.anna.post("/en/my-practices/1/authors/2/remove"))


def request_changes(people: People) -> bool:
    return people.decide("request-changes", **REASON)


def assess(people: People) -> bool:
    return people.decide("assess", evidence="e4", maturity="proven")


def archive(people: People) -> bool:
    return people.decide("archive", **REASON)


def take_up(people: People) -> bool:
    return people.decide("take-up")


def comment(people: People) -> bool:
    form = {"key": "of this form", "field": "title", "language": "el", "text": "Ποιος τηλεφωνεί;"}
    return people.decide("comments", **form)


def plan(people: People) -> bool:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return people.decide("publish", when="later", at=f"{tomorrow:%Y-%m-%dT}12:00")


def bulk_publish(people: People) -> bool:
    form = {"do": "publish", "practice": ["1:1", "2:2"]}
    return done(people.mona.post("/en/review/bulk", data=form))


def undo(people: People) -> bool:
    return people.decide("undo", decision=2)


def upload(people: People) -> bool:
    sent = [(io.BytesIO(documents.photo((64, 48))), "φωτογραφία.jpg")]
    return done(people.anna.post("/en/my-practices/1/files", data={"files": sent}))


def wait_for_a_coordinator(people: People) -> bool:
    return set_up(people, f"UPDATE practice SET status_since = '{LONG_AGO}'")


def remind(people: People) -> bool:
    with people.app.app_context():
        return approval.remind(get_db(), datetime.now(UTC)) >= 0


def come_due(people: People) -> bool:
    """Let the time come for which was planned, and to try mails again."""
    with people.app.app_context(), transaction(get_db()) as db:
        db.execute("UPDATE planned_publication SET due = ?", (LONG_AGO,))
        db.execute("UPDATE outbox SET next_at = ?", (LONG_AGO,))
    return True


def publish_planned(people: People) -> bool:
    with people.app.app_context():
        return actions.publish_due(get_db()) >= 0


def send_mails(people: People) -> bool:
    with people.app.app_context():
        return mail.deliver(get_db())[1] == 0


def grow_old(people: People) -> bool:
    """Let what is public have been so for more than a year."""
    with people.app.app_context(), transaction(get_db()) as db:
        db.execute("UPDATE practice SET published_at = '2024-05-01T08:00:00Z'")
    return True


def ask_if_true(people: People) -> bool:
    with people.app.app_context():
        return asking.ask(get_db(), datetime.now(UTC)) >= 0


def link_of_letter(people: People) -> str:
    with people.app.app_context():
        letter = get_db().execute("SELECT body FROM outbox WHERE kind = 'renewal'").fetchone()
    found = re.search(r"/el/still-true/\S+", letter["body"])
    assert found
    return found[0]


def confirm_by_link(people: People) -> bool:
    return done(people.app.test_client().post(f"{link_of_letter(people)}/confirm"))


def end_by_link(people: People) -> bool:
    link = link_of_letter(people)
    return done(people.app.test_client().post(f"{link}/ended", data={"note": "Έληξε."}))


def submit_in_house(people: People) -> bool:
    return people.submit()


def set_up(people: People, change: str) -> bool:
    with people.app.app_context(), transaction(get_db()) as db:
        db.execute(change)
    return True


def want_one_message_a_day(people: People) -> bool:
    return set_up(people, "UPDATE member SET daily = 1 WHERE name IN ('Anna', 'Mona')")


def let_a_day_pass(people: People) -> bool:
    return set_up(people, f"UPDATE outbox SET created_at = '{LONG_AGO}'")


def gather(people: People) -> bool:
    with people.app.app_context():
        return notices.gather(get_db(), datetime.now(UTC)) >= 0


def close_anna(people: People) -> bool:
    with people.app.app_context():
        return membership.deactivate(get_db(), None, 1).member.id == 1


def erase(people: People) -> bool:
    with people.app.app_context():
        is_done = accounts.get_account(get_db(), 1).is_erased
        return is_done or bool(erasure.erase(get_db(), None, 1))


def preview_import(people: People) -> bool:
    lines = [changed(title={"el": f"Πρακτική {number}"}) for number in (1, 2)]
    content = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
    file = (io.BytesIO(content), "practices.jsonl")
    return done(people.mona.post("/en/import", data={"file": file}))


def confirm_import(people: People) -> bool:
    """What was cut off is noticed once it has been silent for a while, and can be begun again."""
    folder = Path(people.app.config["INSTANCE"]) / "imports"
    for path in folder.glob("*.[dt]*"):
        os.utime(path, (time.time() - 100,) * 2)
    (token,) = (path.stem for path in folder.glob("*.json"))
    return done(people.mona.post(f"/en/import/{token}")) and is_over(people, token)


def is_over(people: People, token: str) -> bool:
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join()
    return people.mona.get(f"/en/import/{token}/progress").json["state"] == "done"


CASES = [
    Case(begin),
    Case(autosave, (begin,)),
    Case(upload, (begin,)),
    Case(submit, (begin,)),
    Case(submit_in_house, (approve_first, begin)),
    Case(withdraw, (begin, submit)),
    Case(join, (begin,)),
    Case(hand_over, (begin, join)),
    Case(take_off, (begin, join)),
    Case(approve, (approve_first, begin, submit)),
    Case(send_back, (approve_first, begin, submit)),
    Case(remind, (approve_first, begin, submit, wait_for_a_coordinator)),
    Case(take_up, (begin, submit)),
    Case(comment, (begin, submit)),
    Case(request_changes, (begin, submit)),
    Case(publish, (begin, join, submit)),
    Case(assess, (begin, submit, publish)),
    Case(archive, (begin, submit, publish)),
    Case(undo, (begin, submit, publish)),
    Case(plan, (begin, submit)),
    Case(publish_planned, (begin, submit, plan, come_due)),
    Case(gather, (want_one_message_a_day, begin, submit, publish, let_a_day_pass), transactions=2),
    Case(erase, (begin, submit, publish, close_anna)),
    Case(bulk_publish, (begin_two, submit_two), transactions=2),
    Case(confirm_by_link, (begin, submit, publish, grow_old, ask_if_true)),
    Case(end_by_link, (begin, submit, publish, grow_old, ask_if_true)),
    Case(preview_import, transactions=0),
    Case(confirm_import, (preview_import,)),
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
    prepare(people, world, Case(ask_if_true, (begin_two, submit_two, bulk_publish, grow_old)))
    moment, told, seen = 0, None, set()
    while told is None or told.was_killed:
        world.put_back()
        moment += 1
        told = world.run(lambda: ask_if_true(people), kill_at=moment)
        seen.add(asked(world))
        world.run(lambda: ask_if_true(people))
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
    prepare(people, world, Case(send_mails, (begin, join, submit, publish, come_due)))
    events = {letter["Message-ID"] for letter in mailbox.received}
    assert len(events) == len(mailbox.received)
    told = Counter(str(letter["To"]) for letter in mailbox.received)
    assert told == {"anna@example.gr": 3, "bruno@example.gr": 1, "mona@example.gr": 1}
    moment, end, doubtful = 0, None, 0
    while end is None or end.was_killed:
        world.put_back()
        mailbox.received.clear()
        moment += 1
        end = world.run(lambda: send_mails(people), kill_at=moment)
        taken, noted = len(mailbox.received), mails_sent(world)
        assert 0 <= taken - noted <= 1
        doubtful += taken - noted
        come_due(people)
        assert world.run(lambda: send_mails(people)).acknowledged
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
