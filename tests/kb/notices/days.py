"""What tests do with the messages of days: write some, let the worker run later, read them."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from kb import mail
from kb.accounts import store as accounts
from kb.db import transaction
from kb.notices import actions

ANNA, CLARA = "anna@example.gr", "clara@example.gr"
TOMORROW = timedelta(days=1)


def write(db: Database, number: int, to: str = ANNA, *, at_once: bool = False) -> None:
    """Tell somebody of an event, with a word that stands in its message alone."""
    with transaction(db):
        mail.queue(
            db,
            key=f"event:{number}:{to}",
            kind="sign_in" if at_once else "decline",
            recipient=to,
            language="el",
            subject=f"Θέμα {number}",
            body=f"Προς: Anna\n\nΚαλημέρα σας,\n\nη απόφαση λέει event{number:04}x.\n\n> γιατί\n\nhttps://x/{number}\n",
            at_once=at_once,
        )


def switch(db: Database, to: str, daily: bool) -> None:
    with transaction(db):
        account = accounts.find_account(db, to)
        assert account
        accounts.update_details(
            db, account.member.id, "Anna", "el", "daily" if daily else "at_once"
        )


def work(db: Database, later: timedelta = TOMORROW) -> tuple[int, int]:
    """What the worker does, some time from now."""
    actions.gather(db, datetime.now(UTC) + later)
    return mail.deliver(db)


def texts(instance: Path) -> list[tuple[str, str]]:
    """Subject and text of everything that went out."""
    letters = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (instance / "mail").glob("*.eml")
    ]
    return [(letter["Subject"], letter.get_content()) for letter in letters]
