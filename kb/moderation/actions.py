"""What moderators decide, at once or for a time: one decision, in one transaction."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from kb import chores, mail
from kb.access import Member, can
from kb.accounts import store as accounts
from kb.db import NotFound, now, transaction
from kb.moderation import assignments, mails, messages, plans, store, undoing
from kb.moderation.model import FINAL, AlreadyDecided, Decision, Plan, StaleRevision, TooLate
from kb.practices import store as practices
from kb.practices.mails import event_of
from kb.practices.model import LogEntry, Practice, Revision, dump, is_possible
from kb.practices.transitions import give_back, move


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
        _carry_out(db, fresh, member, decision)


def plan(db: Database, practice: Practice, member: Member, decision: Decision, due: str) -> None:
    """Approve a revision, to be published at a stored moment; in place of any earlier plan.

    Raises what decide() raises. Sending the same again changes nothing.
    """
    with transaction(db):
        fresh = practices.get(db, practice.id)
        if not can(member, "decide", fresh):
            raise NotFound("an author does not decide")
        _require_undecided(db, fresh, decision)
        last = store.find_last(db, fresh.id)
        if last is None:
            raise NotFound("never submitted")
        known = plans.find(db, fresh.id)
        evidence, maturity = _assessed(fresh, decision)
        wanted = Plan(
            fresh.id, decision.revision_id, member.id, member.name, evidence, maturity, due
        )
        if known != wanted:
            plans.put(db, wanted, last.id)
            assignments.insert_step(db, fresh.id, member.id, "plan", due=due)


def call_off(db: Database, practice: Practice, member: Member) -> None:
    """Not publish at the time that was planned; the practice waits for a decision again."""
    with transaction(db):
        if plans.delete(db, practice.id):
            assignments.insert_step(db, practice.id, member.id, "call_off")


def publish_due(db: Database) -> int:
    """Publish what was approved for a time that has come; returns how many practices.

    Each in a transaction of its own, which also forgets the plan: whoever is killed in between
    leaves the rest for the next time, and two at once publish once.
    """
    return chores.each(plans.list_due(db, now()), lambda number: _publish_planned(db, number))


def _publish_planned(db: Database, practice_id: int) -> bool:
    with transaction(db):
        planned = plans.find(db, practice_id)
        if planned is not None and planned.due > now():
            return False  # another time was set meanwhile
        if plans.delete(db, practice_id) and planned is None:
            # Something happened since the approval: it was taken back, or came again.
            assignments.insert_step(db, practice_id, None, "call_off")
        if planned is None:
            return False
        member = accounts.get_account(db, planned.member_id).member
        levels = (planned.evidence_level or "", planned.maturity or "")
        decision = Decision("publish", planned.revision_id, "", *levels)
        _carry_out(db, practices.get(db, practice_id), member, decision)
        return True


def _carry_out(db: Database, practice: Practice, member: Member, decision: Decision) -> None:
    """Everything that a decision does, within the caller's transaction."""
    before = undoing.look(db, practice)
    revision = _move_on(db, practice, member, decision)
    entry, draft = store.find_last(db, practice.id), practices.find_draft(db, practice.id)
    if entry is not None:
        after = draft.version if draft else 0
        undoing.keep(db, entry, replace(before, draft_version_after=after))
    mails.decided(db, practice, revision, decision)


def _move_on(db: Database, practice: Practice, member: Member, decision: Decision) -> Revision:
    """What a decision does to the practice; returns the revision that it is about."""
    revision = _subject(db, practice, decision)
    if decision.action == "publish":
        _make_public(db, practice, revision)
        store.set_assessment(db, practice.id, *_assessed(practice, decision))
    move(db, practice, decision.action, member, revision_id=revision.id, reason=decision.reason)
    plans.delete(db, practice.id)
    if decision.action in FINAL:
        assignments.delete_holder(db, practice.id)
    return revision


def take_down(db: Database, practice: Practice, member: Member, decision: Decision) -> None:
    """Archive the public revision of a practice of which the municipality holds an update back.

    The update is the municipality's draft from then on. Nothing of it is told: for the network the
    practice goes from published to archived. To restore it is a decision of its own; it cannot be
    undone, for nobody would tell the coordinator to go on. The same sent again changes nothing.
    Raises AlreadyDecided where something else was done meanwhile, NotFound for an author.
    """
    with transaction(db):
        fresh = practices.get(db, practice.id)
        if not can(member, "take-down", fresh):
            raise NotFound("an author does not take it down")
        last = store.find_last(db, fresh.id, for_network=True)
        if last is None:
            raise NotFound("never came to the network")
        if _is_same(last, member, decision) and last.revision_id == decision.revision_id:
            return
        if not fresh.held_back or fresh.public_revision_id != decision.revision_id:
            raise AlreadyDecided(fresh, last, decision)
        mail.withdraw(db, event_of(fresh))
        give_back(db, fresh)
        practices.set_status(db, fresh.id, "published")
        public = practices.get(db, fresh.id)
        mails.decided(db, public, _move_on(db, public, member, decision), decision)


def _assessed(practice: Practice, decision: Decision) -> tuple[str | None, str | None]:
    """Evidence and maturity as they are after the decision."""
    evidence, maturity = decision.evidence, decision.maturity
    return (
        practice.evidence_level if evidence is None else evidence or None,
        practice.maturity if maturity is None else maturity or None,
    )


def assess(db: Database, practice: Practice, member: Member, decision: Decision) -> None:
    """Say anew how strong the evidence of a published practice is, and how mature it is.

    Raises what decide() raises; what is the same already changes nothing.
    """
    with transaction(db):
        fresh = practices.get(db, practice.id)
        if not can(member, "decide", fresh):
            raise NotFound("an author does not assess")
        _require_undecided(db, fresh, decision)
        levels = _assessed(fresh, decision)
        if levels != (fresh.evidence_level, fresh.maturity):
            store.set_assessment(db, fresh.id, *levels)
            row = (fresh.id, fresh.public_revision_id, member.id, "assess", fresh.status)
            practices.insert_log(db, (*row, fresh.status, ""))
            practices.note_change(db, fresh.id)


def undo(db: Database, practice: Practice, member: Member, log_id: int) -> None:
    """Take back one's own decision, the log row of that number, within UNDO_TIME.

    Everything is as it was before; the log has both. A message that has not gone out yet never
    does, else a correction follows it. Sending the same again changes nothing. Raises TooLate.
    """
    with transaction(db):
        fresh = practices.get(db, practice.id)
        last = store.find_last(db, fresh.id)
        if last is None or (last.action, last.member_id) == ("undo", member.id):
            return
        before = undoing.find(db, last, member) if last.id == log_id else None
        if before is None:
            raise TooLate(fresh)
        undoing.put_back(db, fresh.id, before)
        undoing.forget(db, last)
        practices.insert_log(
            db,
            (fresh.id, last.revision_id, member.id, "undo", fresh.status, before.status, ""),
        )
        practices.note_change(db, fresh.id)
        if before.plan is not None:
            _plan_again(db, before.plan, member)
        if told := mail.withdraw(db, f"decided:{last.id}"):
            messages.taken_back(db, practices.get(db, fresh.id), last, told)


def _plan_again(db: Database, planned: Plan, member: Member) -> None:
    """What was approved for a time to come still is; what has passed waits for a decision."""
    last = store.find_last(db, planned.practice_id)
    if last is not None and planned.due > now():
        plans.put(db, planned, last.id)
    else:
        assignments.insert_step(db, planned.practice_id, member.id, "call_off")


def _is_repeated(db: Database, practice: Practice, member: Member, decision: Decision) -> bool:
    """Whether the last thing that happened is this very decision: a double click."""
    last = store.find_last(db, practice.id)
    return (
        last is not None
        and practice.newest_revision_id == decision.revision_id
        and _is_same(last, member, decision)
    )


def _is_same(last: LogEntry, member: Member, decision: Decision) -> bool:
    given = (decision.action, member.id, decision.reason)
    return (last.action, last.member_id, last.reason) == given


def _require_undecided(db: Database, practice: Practice, decision: Decision) -> None:
    if practice.held_back or not is_possible(decision.action, practice):
        last = store.find_last(db, practice.id, for_network=True)
        if last is None:
            raise NotFound("never came to the network")
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
