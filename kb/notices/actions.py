"""What is done with messages that wait: put those of a day together, try again what failed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlite_utils import Database

from kb import mail
from kb.accounts import store as accounts
from kb.chores import each, every
from kb.db import transaction
from kb.i18n import day_of
from kb.notices import digest, store

KEPT = timedelta(days=365)


def gather(db: Database, when: datetime) -> int:
    """Write the messages of the day that are due; returns how many.

    Each in one transaction with what it is put together of: no event is told twice or lost, at
    whatever point we die.
    """
    due = digest.latest(current_app.config["DIGEST_HOUR"], when)
    before = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    return each(store.list_readers(db, before), lambda member: _gather(db, member, before))


def _gather(db: Database, member_id: int, before: str) -> bool:
    # One a day as people count days: in UTC two of them may begin on the same one.
    key = f"digest:{member_id}:{day_of(before)}"
    with transaction(db):
        held = store.list_held(db, member_id, before)
        member = accounts.get_account(db, member_id).member
        if not held:
            return False  # they changed their mind, or another worker was faster
        subject, body = digest.compose(member, held)
        is_new = mail.queue(
            db,
            key=key,
            kind="digest",
            recipient=member.email,
            language=member.language,
            subject=subject,
            body=body,
            at_once=True,
        )
        if is_new:
            store.set_gathered(db, held, key)
        return is_new


def gather_due(db: Database) -> None:
    """The same while the worker runs."""
    gather(db, datetime.now(UTC))


def try_again(db: Database, message_id: int | None = None) -> int:
    """Let a message that failed, or all of them, be tried at once; how many there were."""
    with transaction(db):
        return store.set_due(db, message_id)


def forget_messages(db: Database) -> None:
    """Forget to whom was written, once that is long ago; the text is forgotten when it is sent."""
    before = (datetime.now(UTC) - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
    with transaction(db):
        store.delete_before(db, before)


mail.CHORES.append(gather_due)
mail.CHORES.append(every(timedelta(days=1), forget_messages))
