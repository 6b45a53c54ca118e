"""Asking municipalities whether their practices are still true, each letter in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import current_app
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import erasure
from kb.accounts.sessions import hash_of, new_token
from kb.chores import each
from kb.db import transaction
from kb.practices.model import Practice
from kb.renewals import mails, store
from kb.renewals.model import (
    ASK_AGAIN_AFTER,
    BETWEEN_LETTERS,
    LINK_LIFETIME,
    MOST_IN_A_LETTER,
    RECIPIENT_KEPT,
    Case,
    Mailbox,
    NobodyToAsk,
    NotDue,
    is_over,
    stored,
)


def months() -> int:
    """After how many months a practice has to be confirmed; 0 for never."""
    return int(current_app.config["CONFIRM_MONTHS"])


def present() -> datetime:
    """The moment for which all this is asked where the caller names no other."""
    return datetime.now(UTC)


def ask(db: Database, when: datetime) -> int:
    """Write the letters whose time has come; returns how many.

    Each in a transaction of its own, with what it asks for: whoever is killed in between leaves
    the rest for the next time, and two at once ask once.
    """
    return each(_waiting(db, when), lambda email: _write_to(db, email, when))


def forget_old(db: Database, when: datetime) -> None:
    """Forget links some time after they ended, and a year later whom was written to."""
    with transaction(db):
        store.delete_links(db, stored(when - LINK_LIFETIME))
        store.forget_recipients(db, stored(when - RECIPIENT_KEPT))


def _waiting(db: Database, when: datetime) -> Mapping[str, list[Case]]:
    """What to ask of each mailbox that may have a letter by now, the longest due first."""
    found: dict[str, list[Case]] = {}
    for case in store.list_due(db, months(), when):
        if case.mailbox and case.is_to_be_asked(when):
            found.setdefault(case.mailbox.email, []).append(case)
    earliest = stored(when - BETWEEN_LETTERS)
    return {
        email: cases
        for email, cases in found.items()
        if (store.last_letter(db, email) or "") <= earliest
    }


def _write_to(db: Database, email: str, when: datetime) -> bool:
    with transaction(db):
        # As it is now: another worker may have written meanwhile, somebody may have answered.
        cases = _waiting(db, when).get(email, [])[:MOST_IN_A_LETTER]
        if cases:
            _write(db, cases, when)
        return bool(cases)


def _write(db: Database, cases: list[Case], when: datetime, letters: int | None = None) -> None:
    """One letter about all of them, with a link for each; within the caller's transaction."""
    mailbox, questions = cases[0].mailbox, []
    if mailbox is None:
        raise NobodyToAsk
    for case in cases:
        asked, token = store.begin(db, case.practice_id, case.since), new_token()
        store.insert_link(db, hash_of(token), asked, when + LINK_LIFETIME)
        store.put_letter(db, asked, mailbox, letters or asked.letters + 1, when)
        questions.append(mails.Question(case, asked, token))
    mails.ask(db, mailbox, questions, when)


def ask_again(db: Database, practice: Practice, when: datetime) -> Mailbox:
    """Ask for one practice now, as a moderator wishes; returns who was written to.

    The round begins anew, whatever was answered. Sending the same again writes no second letter.
    Raises NotDue, NobodyToAsk.
    """
    with transaction(db):
        case = get_due(db, practice, when)
        if case.mailbox is None:
            raise NobodyToAsk
        if is_over(case.round, ASK_AGAIN_AFTER, when):
            _write(db, [case], when, letters=1)
        return case.mailbox


def get_due(db: Database, practice: Practice, when: datetime) -> Case:
    """The practice, where it has to be confirmed. Raises NotDue."""
    case = store.find_due(db, practice.id, months(), when)
    if case is None:
        raise NotDue(practice.id)
    return case


def forget_person(db: Database, member: Member) -> None:
    """Forget the address of a person who is erased; within that transaction."""
    store.forget_recipient(db, member.email)


erasure.ALSO.append(forget_person)
