"""What people do in the library, and the worker: each a function that says whether it was done."""

from __future__ import annotations

import io
import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from kb import mail
from kb.accounts import erasure, membership, network, sessions
from kb.accounts import store as accounts
from kb.db import get_db, transaction
from kb.moderation import actions
from kb.municipalities import store as municipalities
from kb.notices import actions as notices
from kb.practices import approval
from kb.renewals import asking
from kb.vocabularies import actions as wording
from kb.vocabularies import store as terms
from tests.kb.attachments import documents
from tests.kb.practices.cases import CONFIRMED, FORM, changed

REASON = {"reason": "Λείπουν τα αποτελέσματα."}
LONG_AGO = "2000-01-01T00:00:00Z"


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


Deed = Callable[[People], bool]


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


def hold_an_update_back(people: People) -> bool:
    """What is public stays so, while Bruno has not approved what Anna wrote anew."""
    form = {**FORM, "title_el": "Νέος τίτλος", "version": 0}
    is_written = done(people.anna.post("/en/my-practices/1/write/quick", data=form))
    return approve_first(people) and is_written and people.submit()


def take_down(people: People) -> bool:
    return people.decide("take-down", **REASON)


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


def rename(people: People) -> bool:
    """Athens has another name, and one spelling; Ada's number is 5."""
    with people.app.app_context():
        db, ada = get_db(), accounts.get_account(get_db(), 5).member
        opened = municipalities.details(db, "athens")
        new = replace(opened, name_en="Neoathens", aliases=("Αστυόπολις",))
        network.change_details(db, ada, "athens", new, opened.mark)
    return True


def reword(people: People) -> bool:
    """One area has another label, and one other name."""
    with people.app.app_context():
        opened = terms.get_wording(get_db(), "areas", "housing")
        new = replace(opened, label={"el": "Κατοικία", "en": "Homes"},
                      synonyms={"el": "σπίτι", "en": ""})  # fmt: skip
        wording.change(get_db(), "areas", "housing", new, opened.mark)
    return True


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
