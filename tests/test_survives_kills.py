"""The server is killed at any moment: nothing that it acknowledged is lost, nothing is halved."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.accounts import sessions
from kb.accounts import store as accounts
from kb.config import create_secret_key
from kb.db import FILENAME, connect, transaction
from tests.kb.practices.cases import CONFIRMED, FORM
from tests.mailbox import Mailbox
from tests.test_server import GUNICORN, PATIENCE, ROOT, ask, environment, free_port

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REVISION = re.compile(r'name="revision" value="(\d+)"')
# What the server acknowledges before each kill, in acknowledgements.
MOMENTS = (1, 2, 3, 5, 8, 13)
WORKER = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"]
LETTERS = 20


@dataclass
class Browser:
    """A signed-in person's browser: keeps its cookies, fills in the token of each form."""

    port: int
    cookies: dict[str, str]
    token: str = ""

    def ask(self, method: str, path: str, form: dict[str, object] | None = None) -> str:
        """The page, or the address that it sends to; OSError where there is no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            body = urlencode({**(form or {}), "csrf_token": self.token}, doseq=True)
            connection.request(
                method,
                path,
                body if method == "POST" else None,
                {
                    "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = connection.getresponse()
            text = answer.read().decode()
        except http.client.HTTPException as error:
            raise ConnectionResetError from error
        finally:
            connection.close()
        assert answer.status < 400, (path, answer.status, text)
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if found := TOKEN.search(text):
            self.token = found[1]
        return answer.getheader("Location") or text


@dataclass
class Acknowledged:
    """What the server said that it had done, and a signal once it has said enough."""

    saved: list[int] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    published: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.saved) + len(self.submitted) + len(self.published)


@contextmanager
def serving(instance: Path, number: int) -> Iterator[subprocess.Popen[str]]:
    """The real server in a process group of its own, listening."""
    with subprocess.Popen(
        GUNICORN, cwd=ROOT, env=environment(instance, number), start_new_session=True, text=True
    ) as process:
        try:
            assert ask(number, "GET", "/healthz")[0] == 200
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def work(
    anna: Browser, mona: Browser, done: Acknowledged, enough: threading.Event, at: int
) -> None:
    """Write, submit and publish practices until the server goes away."""
    try:
        anna.ask("GET", "/en/my-practices/new")
        while True:
            form = {**FORM, "submission_key": secrets.token_hex(8)}
            practice = int(re.findall(r"\d+", anna.ask("POST", "/en/my-practices", form))[0])
            done.saved.append(practice)
            _tell(done, enough, at)
            anna.ask("POST", f"/en/my-practices/{practice}/submit", {**CONFIRMED, "version": 1})
            done.submitted.append(practice)
            _tell(done, enough, at)
            revision = REVISION.findall(mona.ask("GET", f"/en/review/{practice}"))[0]
            mona.ask("POST", f"/en/review/{practice}/publish", {"revision": revision})
            done.published.append(practice)
            _tell(done, enough, at)
    except OSError:
        pass  # the server was killed
    finally:
        enough.set()


def _tell(done: Acknowledged, enough: threading.Event, at: int) -> None:
    if len(done) >= at:
        enough.set()


@pytest.fixture
def browser(db: Database, member: Callable[[str], Member]) -> Callable[[str], Browser]:
    """A browser in which one of the people is signed in."""

    def make(name: str) -> Browser:
        token = sessions.new_token()
        with transaction(db):
            accounts.insert_session(db, sessions.hash_of(token), member(name).id)
        return Browser(0, {sessions.cookie_name(): token})

    return make


def test_a_server_killed_at_any_moment(
    instance: Path,
    browser: Callable[[str], Browser],
) -> None:
    create_secret_key(instance)
    total = Acknowledged()
    anna, mona = browser("Anna"), browser("Mona")
    for moment in MOMENTS:
        done, enough = Acknowledged(), threading.Event()
        # Another one for each start: what was killed may hold its own for a moment longer.
        anna.port = mona.port = free_port()
        with serving(instance, anna.port) as server:
            worker = threading.Thread(target=work, args=(anna, mona, done, enough, moment))
            worker.start()
            assert enough.wait(PATIENCE)
            # Somewhere within what comes next.
            threading.Event().wait(Random(moment).uniform(0, 0.05))
            os.killpg(server.pid, signal.SIGKILL)
            worker.join()
        total.saved += done.saved
        total.submitted += done.submitted
        total.published += done.published
        db = connect(instance / FILENAME)
        check_whole(db, total)
        db.close()
    check_search(instance, anna.port, total)


def test_a_worker_killed_while_it_sends(
    app: Flask, db: Database, instance: Path, mailbox: Mailbox
) -> None:
    create_secret_key(instance)
    with transaction(db):
        for number in range(LETTERS):
            mail.queue(
                db, key=f"event:{number}", kind="feedback", recipient="mona@example.gr",
                language="el", subject=f"Μήνυμα {number}", body="Καλησπέρα.",
            )  # fmt: skip
    smtp = {"KB_SMTP_HOST": "127.0.0.1", "KB_SMTP_PORT": str(mailbox.port)}
    settings = environment(instance, 0) | smtp | {"KB_SMTP_SECURITY": "none"}
    kills = 0
    for enough in (5, 12, LETTERS):
        with subprocess.Popen(WORKER, cwd=ROOT, env=settings) as worker:
            while len(mailbox.received) < enough and worker.poll() is None:
                threading.Event().wait(0.002)
            if enough < LETTERS:
                worker.kill()
                kills += 1
        with transaction(db):
            db.execute("UPDATE outbox SET next_at = '2000-01-01T00:00:00Z' WHERE sent_at IS NULL")
    letters = [letter["Message-ID"] for letter in mailbox.received]
    assert len(set(letters)) == LETTERS
    # What the server took just before the worker could note it went again, as the same message.
    assert len(letters) <= LETTERS + kills
    assert db.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()[0] == 0


def check_whole(db: Database, total: Acknowledged) -> None:
    """Everything acknowledged is there, and every practice is either before or after a step."""
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    statuses = {row["id"]: row["status"] for row in db.execute("SELECT id, status FROM practice")}
    assert set(total.saved) <= set(statuses)
    assert all(statuses[each] in ("submitted", "published") for each in total.submitted)
    assert all(statuses[each] == "published" for each in total.published)
    steps = {"draft": list[str](), "submitted": ["submit"], "published": ["submit", "publish"]}
    for practice, status in statuses.items():
        log = db.execute(
            "SELECT action FROM moderation_log WHERE practice_id = ? ORDER BY id", (practice,)
        )
        assert [row["action"] for row in log] == steps[status]
        mails = db.execute(
            "SELECT kind FROM outbox WHERE key LIKE ?", (f"%:{practice}:%",)
        ).fetchall()
        assert len(mails) >= len(steps[status])
    keys = db.execute("SELECT count(*) - count(DISTINCT key) FROM outbox").fetchone()[0]
    assert keys == 0


def check_search(instance: Path, number: int, total: Acknowledged) -> None:
    """Once the server runs again, search finds exactly what is published."""
    synced = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "index", "sync"],
        cwd=ROOT, env=environment(instance, number), capture_output=True, text=True,
    )  # fmt: skip
    assert synced.returncode == 0, synced.stderr
    found = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "index", "search", "διερμηνέας", "--json"],
        cwd=ROOT, env=environment(instance, number), capture_output=True, text=True,
    )  # fmt: skip
    db = connect(instance / FILENAME)
    published = db.execute("SELECT count(*) FROM public_practice").fetchone()[0]
    assert published >= len(total.published) > 0
    assert f'"total": {published}' in found.stdout
