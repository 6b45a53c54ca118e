"""What moderators do: one decision, in one transaction."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member, can
from kb.db import NotFound, transaction
from kb.moderation import assignments, mails, store
from kb.moderation.model import FINAL, AlreadyDecided, Decision, StaleRevision
from kb.practices import store as practices
from kb.practices.actions import move
from kb.practices.model import TRANSITIONS, Practice, Revision, dump


def decide(db: Database, practice: Practice, member: Member, decision: Decision) -> None:
    """Carry out a decision: status, public revision, log row, message to the author.

    The same decision sent again by the same person changes nothing. Raises AlreadyDecided where
    the practice was moved on before, StaleRevision where there is a newer one than was looked at,
    NotFound where the member turns out to be an author.
    """
    with transaction(db):
        fresh = practices.get(db, practice.id)
        if not can(member, "decide", fresh):
            raise NotFound("an author does not decide")
        if _is_repeated(db, fresh, member, decision):
            return
        _require_undecided(db, fresh, decision)
        revision = _subject(db, fresh, decision)
        if decision.action == "publish":
            _make_public(db, fresh, revision)
        move(db, fresh, decision.action, member, revision_id=revision.id, reason=decision.reason)
        if decision.action in FINAL:
            assignments.delete_holder(db, fresh.id)
        mails.decided(db, fresh, revision, decision)


def _is_repeated(db: Database, practice: Practice, member: Member, decision: Decision) -> bool:
    """Whether the last thing that happened is this very decision: a double click."""
    last = store.find_last(db, practice.id)
    return (
        last is not None
        and practice.newest_revision_id == decision.revision_id
        and (last.action, last.member_id, last.reason)
        == (decision.action, member.id, decision.reason)
    )


def _require_undecided(db: Database, practice: Practice, decision: Decision) -> None:
    if practice.status not in TRANSITIONS[decision.action]:
        last = store.find_last(db, practice.id)
        if last is None:
            raise NotFound("never submitted")
        raise AlreadyDecided(practice, last, decision)
    if practice.newest_revision_id != decision.revision_id:
        newest = practices.get_revision(db, practice.newest_revision_id)
        raise StaleRevision(practice, newest, decision)


def _subject(db: Database, practice: Practice, decision: Decision) -> Revision:
    """The revision that the decision is about: to archive or restore concerns the public one."""
    if decision.action in ("archive", "restore"):
        return practices.get_revision(db, practice.public_revision_id)
    return practices.get_revision(db, practice.newest_revision_id)


def _make_public(db: Database, practice: Practice, revision: Revision) -> None:
    practices.set_public_revision(db, practice.id, revision.id)
    practices.set_municipality(db, practice.id, revision.content["municipality"])
    draft = practices.find_draft(db, practice.id)
    if draft is not None and dump(draft.content) == dump(revision.content):
        practices.delete_draft(db, practice.id)
