"""Asking whether practices are still true, and the answers, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import current_app
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import erasure
from kb.accounts.sessions import hash_of, new_token
from kb.db import transaction
from kb.practices import store as practices
from kb.practices.model import Impossible, Practice
from kb.practices.transitions import move
from kb.renewals import mails, store
from kb.renewals.model import (
    ASK_AGAIN_AFTER,
    BETWEEN_LETTERS,
    LINK_LIFETIME,
    MOST_IN_A_LETTER,
    RECIPIENT_KEPT,
    Asked,
    Case,
    LinkGone,
    Mailbox,
    NobodyToAsk,
    NotDue,
    Round,
    is_over,
    since,
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
    return sum(_write_to(db, email, when) for email in _waiting(db, when))


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
        case = _get_due(db, practice, when)
        if case.mailbox is None:
            raise NobodyToAsk
        if is_over(case.round, ASK_AGAIN_AFTER, when):
            _write(db, [case], when, letters=1)
        return case.mailbox


def _get_due(db: Database, practice: Practice, when: datetime) -> Case:
    case = store.find_due(db, practice.id, months(), when)
    if case is None:
        raise NotDue(practice.id)
    return case


def forget_person(db: Database, member: Member) -> None:
    """Forget the address of a person who is erased; within that transaction."""
    store.forget_recipient(db, member.email)


erasure.ALSO.append(forget_person)


def open_link(db: Database, token: str, when: datetime) -> Asked:
    """What the link asks, open or answered. Raises LinkGone."""
    found = store.find_link(db, hash_of(token))
    if found is None:
        raise LinkGone("unknown")
    asked, until = found
    if until < stored(when):
        raise LinkGone("expired")
    practice = practices.get(db, asked.practice_id)
    if asked.answer == "archive" and practice.status == "archived":
        return Asked(asked, practice)
    if not practice.is_public:
        raise LinkGone("archived")
    if asked.answer == "confirm":
        return Asked(asked, practice)
    if asked.answer == "archive" or asked.since != since(
        practice.published_at, practice.confirmed_on
    ):
        raise LinkGone("settled")
    return Asked(asked, practice)


def confirm(db: Database, token: str, when: datetime) -> Asked:
    """It is still true, says who has the link. Sent again it changes nothing. Raises LinkGone."""
    with transaction(db):
        asked = open_link(db, token, when)
        if asked.is_open:
            _confirm(db, asked.practice, asked.round, None, when)
    return open_link(db, token, when)


def want_changes(db: Database, token: str, when: datetime) -> Asked:
    """It needs changes, says who has the link: nobody is asked again, and moderators see it.

    Sent again it changes nothing. Raises LinkGone.
    """
    with transaction(db):
        asked = open_link(db, token, when)
        if asked.round.answer is None:
            store.put_answer(db, asked.round, "edit", None, when)
    return open_link(db, token, when)


def end(db: Database, token: str, note: str, when: datetime) -> Asked:
    """It has ended, says who has the link. Sent again it changes nothing.

    Raises LinkGone, Impossible.
    """
    with transaction(db):
        asked = open_link(db, token, when)
        if asked.is_open:
            _end(db, asked.practice, asked.round, None, note, when)
    return open_link(db, token, when)


def confirm_by(
    db: Database, practice: Practice, member: Member, when: datetime, note: str = ""
) -> None:
    """It is still true, says one of its municipality; or a moderator, with a note who told them.

    Raises NotDue.
    """
    with transaction(db):
        fresh, asked = _round_of(db, practice, when)
        _confirm(db, fresh, asked, member, when, note)


def want_changes_by(db: Database, practice: Practice, member: Member, when: datetime) -> None:
    """It needs changes, says one of its municipality. Raises NotDue, Impossible."""
    with transaction(db):
        fresh, asked = _round_of(db, practice, when)
        if fresh.status != "published":
            raise Impossible("submit", fresh.status)
        if asked.answer != "edit":
            store.put_answer(db, asked, "edit", member.id, when)


def end_by(db: Database, practice: Practice, member: Member, note: str, when: datetime) -> None:
    """It has ended, says one of its municipality. Raises NotDue, Impossible."""
    with transaction(db):
        fresh, asked = _round_of(db, practice, when)
        _end(db, fresh, asked, member, note, when)


def _round_of(db: Database, practice: Practice, when: datetime) -> tuple[Practice, Round]:
    """The practice as it is now, and its round, begun without a letter where there is none."""
    case = _get_due(db, practice, when)
    return practices.get(db, practice.id), store.begin(db, practice.id, case.since)


def _confirm(
    db: Database,
    practice: Practice,
    asked: Round,
    member: Member | None,
    when: datetime,
    note: str = "",
) -> None:
    by = member.id if member else None
    practices.set_confirmed(db, practice.id, stored(when)[:10])
    practices.insert_log(
        db,
        (
            practice.id,
            practice.public_revision_id,
            by,
            "confirm",
            practice.status,
            practice.status,
            note,
        ),
    )
    store.put_answer(db, asked, "confirm", by, when)


def _end(
    db: Database,
    practice: Practice,
    asked: Round,
    member: Member | None,
    note: str,
    when: datetime,
) -> None:
    """Archive it. Raises Impossible where an update is on its way: that comes first."""
    move(db, practice, "archive", member, revision_id=practice.public_revision_id, reason=note)
    store.put_answer(db, asked, "archive", member.id if member else None, when)
    mails.ended(db, practice, note)
