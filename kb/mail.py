"""Mail: rows of an outbox, written with what they tell of, and sent afterwards by the worker."""

from __future__ import annotations

import logging
import os
import smtplib
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from flask import Flask
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb.db import now, transaction
from kb.migrations import open_library
from kb.sending import door, message

PAUSE = 5  # seconds between two looks at the outbox
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
# Nearly four days: a mail server may be away over a long weekend.
MOST_ATTEMPTS = 24
BATCH = 50

STUCK_AFTER = timedelta(hours=1)
HELD_TOO_LONG = timedelta(hours=26)  # a day may have 25
# After any other failure the mail server is away: nobody waits for it a message at a time.
OF_ONE = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    ValueError,
)

log = logging.getLogger("kb.mail")
Tell = Callable[[str], None]

# Every kind of message there is, and what administrators read of it; features add theirs.
KINDS: dict[str, LazyString] = {}

# What else the worker does each time before it looks at the outbox; features add theirs.
CHORES: list[Callable[[Database], None]] = []


def queue(
    db: Database,
    *,
    key: str,
    kind: str,
    recipient: str,
    language: str,
    subject: str,
    body: str,
    at_once: bool = False,
    wait: timedelta = timedelta(),
) -> bool:
    """Put a message into the outbox, within the caller's transaction; whether it is a new one.

    ``key`` names the event (``publish:17:anna``): the same event is told once, however often
    it is queued. ``kind`` is one of KINDS. ``subject`` is one line, the first paragraph of
    ``body`` the greeting. ``at_once``: not even whoever wants one message a day waits for it.
    ``wait``: how long it may still be taken back by withdraw() before it goes out.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of message: {kind}")
    cursor = db.execute(
        "INSERT INTO outbox"
        " (key, kind, recipient, language, subject, body, at_once, created_at, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
        (
            *(key, kind, recipient, language, " ".join(subject.split()), body, int(at_once)),
            *(now(), (datetime.now(UTC) + wait).strftime("%Y-%m-%dT%H:%M:%SZ")),
        ),
    )
    return cursor.rowcount == 1


def withdraw(db: Database, event: str) -> frozenset[str]:
    """Take the messages of an event out of the outbox, within the caller's transaction.

    ``event`` is what their keys begin with, up to a colon. Returns the addresses that may have got
    one before, by itself or with others. What was tried and failed is not tried again either: it
    would come after whatever is said next.
    """
    of_it, keys = "key > ? AND key < ?", (f"{event}:", f"{event};")  # ; follows upon :
    rows = db.execute(
        f"SELECT recipient FROM outbox WHERE {of_it} AND attempts > 0"
        f" UNION SELECT recipient FROM outbox WHERE {of_it} AND sent_at IS NOT NULL",
        keys * 2,
    )
    told = frozenset(row["recipient"] for row in rows)
    db.execute(f"DELETE FROM outbox WHERE {of_it} AND sent_at IS NULL", keys)
    return told


def leave_untold(db: Database, address: str) -> None:
    """Take what a person has not been sent yet out of the outbox, in the caller's transaction.

    They may no longer read what it tells of. What concerns the account itself stays.
    """
    db.execute(
        "DELETE FROM outbox WHERE recipient = ? AND at_once = 0 AND sent_at IS NULL"
        " AND attempts = 0",
        (address,),
    )


def erase(db: Database, address: str, name: str, instead: str) -> None:
    """Forget the messages to a person, and who it was in all others; the caller's transaction."""
    db.execute("DELETE FROM outbox WHERE recipient = ?", (address,))
    db.execute(
        "UPDATE outbox SET subject = replace(subject, :name, :instead),"
        " body = replace(replace(body, :name, :instead), :address, :instead)"
        " WHERE instr(subject, :name) OR instr(body, :name) OR instr(body, :address)",
        {"name": name, "address": address, "instead": instead},
    )


def quoted(text: str) -> str:
    """A text as mail quotes it, so that its end is plain to see."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def deliver(db: Database, tell: Tell = log.debug) -> tuple[int, int]:
    """Send what is due; returns how many messages were sent and how many failed.

    A failed message is tried again later, each time after a longer wait; ``tell`` gets a sentence
    on each. The text of a sent one is forgotten: it may hold a link that signs a person in.
    """
    sent = failed = 0
    rows = _due(db)
    if not rows:
        return 0, 0
    with door() as send:
        for row in rows:
            if not (due := _claim(db, row)):
                continue
            try:
                send(message(row))
            except (OSError, smtplib.SMTPException, ValueError) as error:
                failed += 1
                tell(_note_failure(db, row, error, due))
                if not isinstance(error, OF_ONE):
                    break
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
        " AND id NOT IN (SELECT id FROM held_message) ORDER BY id LIMIT ?",
        (now(), MOST_ATTEMPTS, BATCH),
    ).fetchall()


def _claim(db: Database, row: Mapping[str, Any]) -> str | None:
    """Take the message, so that a second worker leaves it alone; returns when it is due again.

    It is, too, if we die.
    """
    wait = min(FIRST_RETRY * 2 ** row["attempts"], LONGEST_RETRY)
    later = (datetime.now(UTC) + wait).strftime("%Y-%m-%dT%H:%M:%SZ")
    with transaction(db):
        claimed = db.execute(
            "UPDATE outbox SET attempts = attempts + 1, next_at = ?, error = NULL"
            " WHERE id = ? AND attempts = ? AND sent_at IS NULL",
            (later, row["id"], row["attempts"]),
        )
        return later if claimed.rowcount == 1 else None


def _note_failure(db: Database, row: Mapping[str, Any], error: Exception, due: str) -> str:
    # The type only: servers quote addresses in what they answer.
    reason = type(error).__name__
    log.warning("mail not sent", extra={"fields": {"outbox": row["id"], "reason": reason}})
    with transaction(db):
        db.execute("UPDATE outbox SET error = ? WHERE id = ?", (reason, row["id"]))
    tries = row["attempts"] + 1
    what_next = f"it is tried again at {due}" if tries < MOST_ATTEMPTS else "it is given up"
    return (
        f"Message {row['id']} ({row['kind']}) was not sent: {reason}."
        f" That was try {tries} of {MOST_ATTEMPTS}; {what_next}."
    )


def faults(db: Database) -> list[str]:
    """Whether the outbox is stuck, in English for whoever operates the site."""
    late = _ago(STUCK_AFTER)
    waiting, failing, since, last_sent = db.execute(
        "SELECT count(*) FILTER (WHERE sent_at IS NULL AND attempts = 0 AND next_at < :late"
        "  AND id NOT IN (SELECT id FROM held_message)),"
        " count(*) FILTER (WHERE sent_at IS NULL AND error IS NOT NULL AND created_at < :late),"
        " min(created_at) FILTER (WHERE sent_at IS NULL AND error IS NOT NULL),"
        " max(sent_at) FILTER (WHERE digest_id IS NULL) FROM outbox",
        {"late": late},
    ).fetchone()
    held = db.execute(
        "SELECT count(*) FROM held_message h JOIN member m ON m.id = h.member_id"
        " WHERE h.created_at < ? AND m.is_active = 1",
        (_ago(HELD_TOO_LONG),),
    ).fetchone()[0]
    found = []
    if held:
        found.append(f"held for a message of the day that never came: {held}")
    if waiting:
        found.append(f"due for more than an hour: {waiting}; does flask worker run?")
    if failing and (last_sent or "") < since:
        found.append(f"failed: {failing}, and none has gone out since; flask worker says why")
    return found


def _ago(span: timedelta) -> str:
    return (datetime.now(UTC) - span).strftime("%Y-%m-%dT%H:%M:%SZ")


@click.command("worker")
@click.option("--once", is_flag=True, help="Send what is due and end.")
@click.option("--parent", type=int, help="End when this process, its parent, is gone.")
def worker(once: bool, parent: int | None) -> None:
    """Do what has come due, and send the messages that wait in the outbox."""
    db = open_library()
    while parent is None or os.getppid() == parent:
        _do_chores(db)
        sent, failed = _deliver_safely(db)
        if once or sent or failed:
            click.echo(f"{sent} sent, {failed} failed.")
        if once:
            raise SystemExit(1 if failed else 0)
        time.sleep(PAUSE)


def _deliver_safely(db: Database) -> tuple[int, int]:
    """As deliver(); a store that cannot be written to now may be at the next look."""
    try:
        return deliver(db, click.echo)
    except sqlite3.OperationalError:
        log.exception("the worker could not send")
        return 0, 1


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
