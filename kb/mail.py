"""Mail: rows of an outbox, written with what they tell of, and sent afterwards by the worker."""

from __future__ import annotations

import hashlib
import logging
import os
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlite_utils import Database

from kb.db import get_db, now, transaction

PAUSE = 5  # seconds between two looks at the outbox
TIMEOUT = 20  # seconds for the mail server to answer
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
MOST_ATTEMPTS = 15  # about two days
BATCH = 50

log = logging.getLogger("kb.mail")
Send = Callable[[EmailMessage], None]

# What else the worker does each time before it looks at the outbox; features add theirs.
CHORES: list[Callable[[Database], None]] = []


def queue(
    db: Database, *, key: str, kind: str, recipient: str, language: str, subject: str, body: str
) -> None:
    """Put a message into the outbox, within the caller's transaction.

    ``key`` names the event (``publish:17:anna``): the same event is told once, however often
    it is queued. ``subject`` is one line.
    """
    db.execute(
        "INSERT INTO outbox (key, kind, recipient, language, subject, body, created_at, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (key, kind, recipient, language, " ".join(subject.split()), body, now(), now()),
    )


def withdraw(db: Database, event: str) -> bool:
    """Take the messages of an event out of the outbox, within the caller's transaction.

    ``event`` is what their keys begin with, up to a colon. Whether one may have gone out before.
    """
    of_it = "substr(key, 1, ?) = ?"
    key = (len(event) + 1, f"{event}:")
    db.execute(f"DELETE FROM outbox WHERE {of_it} AND sent_at IS NULL AND attempts = 0", key)
    return db.execute(f"SELECT 1 FROM outbox WHERE {of_it}", key).fetchone() is not None


def deliver(db: Database) -> tuple[int, int]:
    """Send what is due; returns how many messages were sent and how many failed.

    A failed message is tried again later, each time after a longer wait. The text of a sent one
    is forgotten: it may hold a link that signs a person in.
    """
    sent = failed = 0
    rows = _due(db)
    if not rows:
        return 0, 0
    with _door() as send:
        for row in rows:
            if not _claim(db, row):
                continue
            try:
                send(message(row))
            except (OSError, smtplib.SMTPException, ValueError) as error:
                failed += 1
                _note_failure(db, row, error)
            else:
                sent += 1
                with transaction(db):
                    db.execute(
                        "UPDATE outbox SET sent_at = ?, body = '', error = NULL WHERE id = ?",
                        (now(), row["id"]),
                    )
    return sent, failed


def _due(db: Database) -> list[Mapping[str, Any]]:
    return db.execute(
        "SELECT * FROM outbox WHERE sent_at IS NULL AND next_at <= ? AND attempts < ?"
        " ORDER BY id LIMIT ?",
        (now(), MOST_ATTEMPTS, BATCH),
    ).fetchall()


def _claim(db: Database, row: Mapping[str, Any]) -> bool:
    """Take the message, so that a second worker leaves it alone; it is due again if we die."""
    wait = min(FIRST_RETRY * 2 ** row["attempts"], LONGEST_RETRY)
    later = (datetime.now(UTC) + wait).strftime("%Y-%m-%dT%H:%M:%SZ")
    with transaction(db):
        claimed = db.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_at = ?"
            " WHERE id = ? AND attempts = ? AND sent_at IS NULL",
            (later, row["id"], row["attempts"]),
        )
        return claimed.rowcount == 1


def _note_failure(db: Database, row: Mapping[str, Any], error: Exception) -> None:
    # The type only: servers quote addresses in what they answer.
    reason = type(error).__name__
    log.warning("mail not sent", extra={"fields": {"outbox": row["id"], "reason": reason}})
    with transaction(db):
        db.execute("UPDATE outbox SET error = ? WHERE id = ?", (reason, row["id"]))


def message(row: Mapping[str, Any]) -> EmailMessage:
    """The outbox row as a message, signed; raises ValueError for an address that is none."""
    sender = current_app.config["MAIL_FROM"]
    with force_locale(row["language"]):
        name = _("Cities Network for Integration")
        closing = _("Kind regards,\nGood-practice library\nCities Network for Integration\n")
    mail = EmailMessage()
    mail["From"] = Address(display_name=name, addr_spec=sender)
    mail["To"] = Address(addr_spec=row["recipient"])
    if mailbox := current_app.config["CONTACT_EMAIL"]:
        mail["Reply-To"] = Address(addr_spec=mailbox)
    mail["Subject"] = row["subject"]
    mail["Date"] = datetime.fromisoformat(row["created_at"])
    # The same at each attempt, so that a second copy is recognised as one.
    identity = hashlib.sha256(row["key"].encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{identity}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{row['body'].rstrip()}\n\n{closing}")
    mail["Content-Language"] = row["language"]
    return mail


@contextmanager
def _door() -> Iterator[Send]:
    """What sends a message: one connection to the mail server, or the folder instance/mail/."""
    if not current_app.config["SMTP_HOST"]:
        yield _write_to_folder
        return
    servers: list[smtplib.SMTP] = []

    def send(mail: EmailMessage) -> None:
        if not servers:
            servers.append(_connect())
        try:
            servers[0].send_message(mail)
        except smtplib.SMTPServerDisconnected:
            servers.clear()
            raise

    try:
        yield send
    finally:
        for server in servers:
            server.close()


def _connect() -> smtplib.SMTP:
    settings = current_app.config
    host, port, security = (settings[f"SMTP_{name}"] for name in ("HOST", "PORT", "SECURITY"))
    if security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if security == "starttls":
        server.starttls(context=ssl.create_default_context())
    if settings["SMTP_USER"]:
        server.login(settings["SMTP_USER"], settings["SMTP_PASSWORD"])
    return server


def _write_to_folder(mail: EmailMessage) -> None:
    folder = Path(current_app.config["INSTANCE"]) / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / (mail["Message-ID"].strip("<>").partition("@")[0] + ".eml")
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(bytes(mail))


@click.command("worker")
@click.option("--once", is_flag=True, help="Send what is due and end.")
def worker(once: bool) -> None:
    """Do what has come due, and send the messages that wait in the outbox."""
    db = get_db()
    while True:
        _do_chores(db)
        sent, failed = deliver(db)
        if once or sent or failed:
            click.echo(f"{sent} sent, {failed} failed.")
        if once:
            raise SystemExit(1 if failed else 0)
        time.sleep(PAUSE)


def _do_chores(db: Database) -> None:
    """Each by itself: where one fails, the others and the mail go on."""
    for chore in CHORES:
        try:
            chore(db)
        except Exception:
            log.exception("the worker could not do %s", chore.__name__)


def init_app(app: Flask) -> None:
    """Add the command ``flask worker``."""
    app.cli.add_command(worker)
