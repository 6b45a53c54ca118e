"""What moderators do with a practice besides deciding on it, each in one transaction."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member, Role, can
from kb.accounts import store as accounts
from kb.db import NotFound, transaction
from kb.moderation import assignments, messages
from kb.moderation.model import WAITING, Holder
from kb.practices import store as practices
from kb.practices.model import Practice

REVIEWERS: tuple[Role, ...] = ("moderator", "administrator")


class NothingWaits(Exception):
    """The practice does not wait for anybody any more, so nobody can have it or comment on it.

    ``written`` is what was written about it and is not saved.
    """

    def __init__(self, written: str = "") -> None:
        super().__init__("the practice has moved on")
        self.written = written


def moderators(db: Database) -> list[Member]:
    """Everybody who moderates."""
    return accounts.list_active(db, roles=REVIEWERS)


def reviewers(db: Database, practice: Practice) -> list[Member]:
    """Those who may have the practice: whoever moderates, and did not write in it."""
    return [member for member in moderators(db) if can(member, "decide", practice)]


def take_up(db: Database, practice: Practice, member: Member) -> Holder:
    """Say that ``member`` has the practice, where nobody has; returns who has it then.

    Raises NothingWaits, and NotFound for somebody who wrote in it.
    """
    with transaction(db):
        fresh = waiting(db, practice)
        if not can(member, "decide", fresh):
            raise NotFound("an author does not review")
        holder = assignments.find_holder(db, fresh.id)
        if holder is None:
            holder = assignments.put_holder(db, fresh.id, member)
            assignments.insert_step(db, fresh.id, member.id, "take_up")
            messages.taken_up(db, fresh, member)
        return holder


def hand_over(db: Database, practice: Practice, member: Member, to: int) -> Holder:
    """Give the practice to another moderator. Raises NothingWaits, and NotFound for no such."""
    with transaction(db):
        fresh = waiting(db, practice)
        taker = next((each for each in reviewers(db, fresh) if each.id == to), None)
        if taker is None:
            raise NotFound("nobody who could review it")
        holder = assignments.find_holder(db, fresh.id)
        if holder is None or holder.member_id != to:
            holder = assignments.put_holder(db, fresh.id, taker)
            assignments.insert_step(db, fresh.id, member.id, "hand_over", to=to)
            messages.taken_up(db, fresh, taker)
            if to != member.id:
                messages.given(db, fresh, holder, taker, member)
        return holder


def release(db: Database, practice: Practice, member: Member) -> None:
    """Say that nobody has the practice. Raises NothingWaits."""
    with transaction(db):
        fresh = waiting(db, practice)
        if assignments.find_holder(db, fresh.id):
            assignments.delete_holder(db, fresh.id)
            assignments.insert_step(db, fresh.id, member.id, "release")


def waiting(db: Database, practice: Practice, written: str = "") -> Practice:
    """The practice as it is now. Raises NothingWaits where it needs no review."""
    fresh = practices.get(db, practice.id)
    if fresh.status not in WAITING or fresh.held_back:
        raise NothingWaits(written)
    return fresh
