"""The SQL of who has what waits, and of the steps of a review."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member
from kb.db import now
from kb.moderation.model import Holder, ReviewStep, Step

# Who has left or moderates no longer has nothing: what they had waits for anybody.
HOLDING = """
(SELECT a.practice_id, a.member_id, a.since, m.name FROM assignment a
 JOIN member m ON m.id = a.member_id AND m.is_active = 1 AND m.role <> 'contributor')
"""


def find_holder(db: Database, practice_id: int) -> Holder | None:
    """Who has the practice, if anybody does."""
    row = db.execute(
        f"SELECT member_id, name, since FROM {HOLDING} WHERE practice_id = ?",
        (practice_id,),
    ).fetchone()
    return Holder(**dict(row)) if row else None


def put_holder(db: Database, practice_id: int, member: Member) -> Holder:
    """Say that the member has the practice from now on."""
    since = now()
    db.execute(
        "INSERT INTO assignment (practice_id, member_id, since) VALUES (?, ?, ?)"
        " ON CONFLICT (practice_id) DO UPDATE SET"
        " member_id = excluded.member_id, since = excluded.since",
        (practice_id, member.id, since),
    )
    return Holder(member.id, member.name, since)


def delete_holder(db: Database, practice_id: int) -> None:
    """Say that nobody has the practice."""
    db.execute("DELETE FROM assignment WHERE practice_id = ?", (practice_id,))


def insert_step(
    db: Database,
    practice_id: int,
    member_id: int | None,
    step: Step,
    *,
    to: int | None = None,
    due: str | None = None,
) -> None:
    """Add a row to what happened in the review; ``to`` is the member whom it was given to."""
    db.execute(
        "INSERT INTO review_step (practice_id, member_id, step, to_member_id, due, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (practice_id, member_id, step, to, due, now()),
    )


def list_steps(db: Database, practice_id: int) -> list[ReviewStep]:
    """What happened in the reviews of a practice, newest first."""
    rows = db.execute(
        "SELECT s.step, m.name AS member_name, t.name AS to_name, s.due, s.at FROM review_step s"
        " LEFT JOIN member m ON m.id = s.member_id LEFT JOIN member t ON t.id = s.to_member_id"
        " WHERE s.practice_id = ? ORDER BY s.id DESC",
        (practice_id,),
    )
    return [ReviewStep(**dict(row)) for row in rows]
