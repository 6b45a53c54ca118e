"""An installation of a thousand practices, served by gunicorn, and a client to measure it with."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.corpus import practices
from kb import create_app, migrations
from kb.access import Role
from kb.accounts import sessions
from kb.accounts import store as accounts
from kb.config import create_secret_key
from kb.db import get_db, now, transaction
from kb.municipalities import store as municipalities
from kb.practices import records
from kb.vocabularies import store as vocabularies

ROOT = Path(__file__).parent.parent
PEOPLE: dict[str, tuple[Role, str | None]] = {
    "Anna": ("contributor", "athens"),
    "Mona": ("moderator", None),
}


def fill(instance: Path, number: int) -> dict[str, str]:
    """Set an installation up with that many practices; returns the session of each person."""
    create_secret_key(instance)
    app = create_app({"INSTANCE": instance, "LOG_LEVEL": "ERROR"})
    with app.app_context():
        db = get_db()
        migrations.migrate(db)
        with transaction(db):
            vocabularies.insert_missing(db)
            municipalities.insert_missing(db)
        lines = [json.dumps(each).encode() for each in practices(number)]
        report = records.import_lines(db, lines, publish=True, all_or_nothing=True)
        assert report.added == number, report.bad[:3]
        return {name: _sign_in(db, name, *post) for name, post in PEOPLE.items()}


def _sign_in(db, name: str, role: Role, municipality: str | None) -> str:  # type: ignore[no-untyped-def]
    token = sessions.new_token()
    with transaction(db):
        member = db.execute(
            "INSERT INTO member (name, email, role, municipality, language, created_at)"
            " VALUES (?, ?, ?, ?, 'en', ?) RETURNING id",
            (name, f"{name.lower()}@example.gr", role, municipality, now()),
        ).fetchone()["id"]
        accounts.insert_session(db, sessions.hash_of(token), member)
    return token


@contextmanager
def serve(instance: Path) -> Iterator[tuple[int, int]]:
    """One gunicorn worker on that installation; yields its port and the worker's process id."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "KB_INSTANCE": str(instance),
        "KB_PORT": str(port),
        "KB_WORKERS": "1",
        "KB_LOG_FILE": str(instance / "log.jsonl"),
    }
    gunicorn = [sys.executable, "-m", "gunicorn"]
    with subprocess.Popen(gunicorn, cwd=ROOT, env=environment) as process:
        try:
            _wait(port)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield port, int(children[0])
        finally:
            process.send_signal(signal.SIGTERM)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            if Browser(port).get("/readyz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("The server did not become ready.")


class Answer:
    """What the server said."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status = answer.status
        self.location = answer.headers.get("Location", "")
        self.cookies = answer.headers.get_all("Set-Cookie") or []
        self.text = answer.read().decode("utf-8", "replace")

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's forms."""
        tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', self.text)
        found = {}
        for tag in tags:
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                found[name[1]] = unescape(value[1]) if value else ""
        return found


class Browser:
    """One connection that is kept open, as browsers keep theirs."""

    def __init__(self, port: int, session: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = {"kb_session": session} if session else {}

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str | list[str]]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(fields, doseq=True), kind)

    def ask(
        self,
        method: str,
        path: str,
        body: str | bytes = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        every = {"Cookie": cookie, "Accept-Language": "en"} if cookie else {}
        self.connection.request(method, path, body or None, every | dict(headers or {}))
        answer = Answer(self.connection.getresponse())
        for line in answer.cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def memory(pid: int) -> float:
    """What the process holds in memory, in MB, what it shares with others counted in full."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
