"""The library's life as its letters tell it: what people do, and what the worker sends."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext
from sqlite_utils import Database

from kb.db import transaction
from tests.kb.practices.cases import CONFIRMED, FORM
from tests.mailbox import Mailbox
from tests.people import PASSWORD, give_password

SignIn = Callable[[str | None], FlaskClient]
LINK = re.compile(r"^(?:http://127\.0\.0\.1:8000)(/\S+)$", re.MULTILINE)
LONG = "Διερμηνείς & μεσολαβητές στα σχολεία του Δήμου: ένα τηλεφώνημα αρκεί, κάθε μέρα και ώρα"


class Sink(Mailbox):
    """Keeps the bytes of every letter, too."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[bytes] = []

    def prepare_message(self, session: object, envelope: Any) -> Any:
        self.raw.append(envelope.content)
        return super().prepare_message(session, envelope)


@dataclass(frozen=True)
class Letter:
    """A message as it came: what it was meant as, its headers undone by the standard, its text."""

    kind: str
    subject: str
    raw: bytes

    @property
    def headers(self) -> Message:
        return email.message_from_bytes(self.raw, policy=email.policy.compat32)

    def header(self, name: str) -> str:
        """A header in plain letters: between two encoded words a space is none (RFC 2047)."""
        return str(make_header(decode_header(" ".join(self.headers[name].split()))))

    @property
    def text(self) -> str:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        return message.get_content().replace("\r\n", "\n")  # type: ignore[no-any-return,attr-defined]

    @property
    def paths(self) -> list[str]:
        """Where its links lead, on this site."""
        return LINK.findall(self.text)


@dataclass
class Story:
    """Months of the library's life in one language, and everything that was written meanwhile."""

    app: Flask
    db: Database
    sink: Sink
    sign_in: SignIn
    language: str
    letters: list[Letter] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("Anna", "Bruno", "Mona", "Ada"):
            give_password(self.db, name)
        self.write("UPDATE member SET language = ?", self.language)

    def write(self, sql: str, *values: object) -> None:
        with transaction(self.db):
            self.db.execute(sql, values)

    def value(self, sql: str, *values: object) -> Any:
        return self.db.execute(sql, values).fetchone()[0]

    def post(self, name: str | None, path: str, /, **form: object) -> str:
        """What somebody sends; where they are sent then."""
        answer = self.sign_in(name).post(f"/{self.language}/{path}", data=form)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
        return str(answer.location)

    def work(self) -> list[Letter]:
        """Let the worker send what there is; each letter is looked at as it comes."""
        # Nobody waits here for whoever might take a decision back.
        self.write("UPDATE outbox SET next_at = created_at WHERE attempts = 0")
        outcome = self.app.test_cli_runner().invoke(args=["worker", "--once"])
        assert outcome.exit_code == 0, outcome.output
        meant = {
            hashlib.sha256(row["key"].encode()).hexdigest()[:32]: (row["kind"], row["subject"])
            for row in self.db.execute("SELECT key, kind, subject FROM outbox")
        }
        identity = re.compile(rb"^Message-ID:\s*<(\w+)@", re.MULTILINE | re.IGNORECASE)
        found = []
        for raw in self.sink.raw:
            (number,) = identity.findall(raw)
            found.append(Letter(*meant[number.decode()], raw))
        self.sink.raw.clear()
        for letter in found:
            check_headers(self, letter)
            check_text(letter, self.language)
            check_links(self, letter)
        self.letters += found
        return found

    def one(self, kind: str) -> Letter:
        """The worker's only letter of that kind."""
        (found,) = [letter for letter in self.work() if letter.kind == kind]
        return found

    def open(self, letter: Letter, path: str) -> str:
        """Follow a link of a letter as its reader does, through signing in; where it leads."""
        browser = self.app.test_client()
        answer = browser.get(path)
        if answer.status_code == 303 and "/sign-in?next=" in answer.location:
            page = browser.get(answer.location)
            target = re.findall(r'name="next"[^>]* value="([^"]*)"', page.text)
            reader = parseaddr(letter.header("To"))[1]
            answer = browser.post(
                f"/{self.language}/sign-in",
                data={"email": reader, "password": PASSWORD, "next": target[0]},
            )
        location = path
        while answer.status_code in (302, 303):
            location = answer.location
            answer = browser.get(location.partition("#")[0])
        assert answer.status_code == 200, (letter.kind, path, location)
        place = location.partition("#")[2]
        assert not place or f'id="{place}"' in answer.text, (letter.kind, location)
        return location

    # What people do

    def begin(self, key: str) -> int:
        form = {**FORM, "title_el": LONG, "title_en": "Interpreters", "submission_key": key}
        return int(re.findall(r"\d+", self.post("Anna", "my-practices", **form))[0])

    def submit(self, practice: int, by: str = "Anna") -> int:
        """Submit the draft; the number of the revision that it became."""
        version = self.version(practice)
        self.post(by, f"my-practices/{practice}/submit", version=version, **CONFIRMED)
        return self.newest(practice)

    def version(self, practice: int) -> int:
        found = self.value("SELECT max(version) FROM draft WHERE practice_id = ?", practice)
        return int(found or 0)

    def newest(self, practice: int) -> int:
        return int(self.value("SELECT newest_revision_id FROM practice WHERE id = ?", practice))

    def decide(self, practice: int, action: str, **form: object) -> None:
        self.post("Mona", f"review/{practice}/{action}", revision=self.newest(practice), **form)


def check_headers(story: Story, letter: Letter) -> None:
    """Everything that the standards ask of a message that a machine wrote."""
    headers, language = letter.headers, story.language
    assert letter.raw.isascii()
    lines = letter.raw.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 78
    with force_locale(language):
        name = gettext("Cities Network for Integration")
    assert parseaddr(letter.header("From")) == (name, "noreply@127.0.0.1")
    assert re.fullmatch(r"[\w.@]+", letter.header("To"))
    assert headers["Reply-To"] == (story.app.config["CONTACT_EMAIL"] or None)
    assert letter.header("Subject") == letter.subject
    assert abs(datetime.now(UTC) - parsedate_to_datetime(headers["Date"])) < timedelta(days=3)
    assert re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", headers["Message-ID"])
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == language
    assert headers["MIME-Version"] == "1.0"
    assert headers["Content-Type"] == 'text/plain; charset="utf-8"'
    assert headers["Content-Transfer-Encoding"] == "quoted-printable"
    for name in headers:
        assert len(headers.get_all(name, [])) == 1, name
        assert not name.lower().startswith(("list-", "precedence", "x-")), name


def check_text(letter: Letter, language: str) -> None:
    """A whole letter: a greeting, sentences, a way on where there is one, a closing."""
    assert re.match(r"(Προς: [^\n]+\n\n)?[^\n]+,\n\n", letter.text), letter.text
    with force_locale(language):
        closing = gettext("Kind regards,\nGood-practice library\nCities Network for Integration\n")
    assert letter.text.endswith(f"\n\n{closing}")
    assert "\n\n\n" not in letter.text
    for fault in ("%(", "{", "}", "None", " ,", " .\n", "..\n"):
        assert fault not in letter.text + letter.header("Subject"), fault
    for line in letter.text.split("\n"):
        assert line == line.rstrip()


def check_links(story: Story, letter: Letter) -> None:
    """Every address in it is a link of ours, and leads its reader to a page in their language."""
    assert len(re.findall(r"https?://", letter.text)) == len(letter.paths), letter.text
    for path in letter.paths:
        assert story.open(letter, path).startswith(f"/{story.language}/")
