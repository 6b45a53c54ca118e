"""The SQL of approved revisions that are to be published at a time."""

from __future__ import annotations

from sqlite_utils import Database

from kb.moderation.model import Plan

# An approval is good for as long as nothing has happened to the practice since, but that what is
# public was confirmed.
PLAN = """
SELECT l.practice_id, l.revision_id, l.member_id, m.name AS member_name, l.evidence_level,
    l.maturity, l.due
FROM planned_publication l JOIN practice p ON p.id = l.practice_id
JOIN member m ON m.id = l.member_id
WHERE p.status = 'submitted' AND p.newest_revision_id = l.revision_id
AND l.log_id >=
    (SELECT max(id) FROM moderation_log WHERE practice_id = p.id AND action <> 'confirm')
"""


def find(db: Database, practice_id: int) -> Plan | None:
    """The plan of a practice, where there is one that still holds."""
    row = db.execute(f"{PLAN} AND p.id = ?", (practice_id,)).fetchone()
    return Plan(**dict(row)) if row else None


def list_due(db: Database, moment: str) -> list[int]:
    """The practices whose time has come, the earliest first, whether the plan holds or not."""
    rows = db.execute(
        "SELECT practice_id FROM planned_publication WHERE due <= ? ORDER BY due, practice_id",
        (moment,),
    )
    return [row["practice_id"] for row in rows]


def put(db: Database, plan: Plan, log_id: int) -> None:
    """Write the plan in place of any other; ``log_id``: what had happened last."""
    delete(db, plan.practice_id)
    db.execute(
        "INSERT INTO planned_publication"
        " (practice_id, revision_id, log_id, member_id, evidence_level, maturity, due)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            plan.practice_id,
            plan.revision_id,
            log_id,
            plan.member_id,
            plan.evidence_level,
            plan.maturity,
            plan.due,
        ),
    )


def delete(db: Database, practice_id: int) -> bool:
    """Forget the plan; whether there was one."""
    cursor = db.execute("DELETE FROM planned_publication WHERE practice_id = ?", (practice_id,))
    return bool(cursor.rowcount)
