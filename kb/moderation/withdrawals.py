"""What becomes of a review when the municipality takes the practice back."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member
from kb.accounts import store as accounts
from kb.moderation import assignments, messages, plans
from kb.practices.actions import WITHDRAWN
from kb.practices.model import Practice


def end_review(db: Database, practice: Practice, member: Member) -> None:
    """Nobody has it any more and no time is planned; whoever had it, or planned it, is told.

    Within the transaction that withdraws; ``practice`` is as it was before. Comments and the
    checklist stay.
    """
    holder, plan = assignments.find_holder(db, practice.id), plans.find(db, practice.id)
    assignments.delete_holder(db, practice.id)
    if plans.delete(db, practice.id) and plan:
        assignments.insert_step(db, practice.id, member.id, "call_off")
    concerned = {each.member_id for each in (holder, plan) if each} - {member.id}
    for account in (accounts.get_account(db, member_id) for member_id in sorted(concerned)):
        if account.is_active:
            messages.withdrawn(db, practice, account.member, member)


WITHDRAWN.append(end_review)
