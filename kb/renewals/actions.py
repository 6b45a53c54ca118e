"""What is answered to the question whether a practice is still true, each in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from kb.access import Member
from kb.accounts.sessions import hash_of
from kb.db import transaction
from kb.i18n import day_of
from kb.practices import store as practices
from kb.practices.model import Impossible, Practice
from kb.practices.transitions import move
from kb.renewals import mails, store
from kb.renewals.asking import get_due
from kb.renewals.model import Asked, LinkGone, Round, since, stored


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
            _want_changes(db, asked.practice, asked.round, None, when)
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
            _want_changes(db, fresh, asked, member, when)


def end_by(db: Database, practice: Practice, member: Member, note: str, when: datetime) -> None:
    """It has ended, says one of its municipality. Raises NotDue, Impossible."""
    with transaction(db):
        fresh, asked = _round_of(db, practice, when)
        _end(db, fresh, asked, member, note, when)


def _round_of(db: Database, practice: Practice, when: datetime) -> tuple[Practice, Round]:
    """The practice as it is now, and its round, begun without a letter where there is none."""
    case = get_due(db, practice, when)
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
    practices.set_confirmed(db, practice.id, day_of(stored(when)).isoformat())
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


def _want_changes(
    db: Database, practice: Practice, asked: Round, member: Member | None, when: datetime
) -> None:
    store.put_answer(db, asked, "edit", member.id if member else None, when)
    event = f"changes-wanted:{asked.id}:{stored(when)}"
    mails.tell_authors(db, "changes_wanted", event, practice, asked, member)


def _end(
    db: Database,
    practice: Practice,
    asked: Round,
    member: Member | None,
    note: str,
    when: datetime,
) -> None:
    """Archive it. Raises Impossible where an update is on its way: that comes first."""
    if practice.status != "published":
        raise Impossible("archive", practice.status)
    move(db, practice, "archive", member, revision_id=practice.public_revision_id, reason=note)
    store.put_answer(db, asked, "archive", member.id if member else None, when)
    mails.ended(db, practice, note)
    event = f"has-ended:{asked.id}:{stored(when)}"
    mails.tell_authors(db, "has_ended", event, practice, asked, member, note)
