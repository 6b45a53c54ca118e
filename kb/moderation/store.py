"""The SQL of the queue and of the moderation log."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, replace

from sqlite_utils import Database

from kb.db import NotFound
from kb.moderation.assignments import HOLDING
from kb.moderation.model import (
    SHELVES,
    WAITING,
    LogFilter,
    LogLine,
    QueueItem,
    RevisionHead,
    Shelf,
)
from kb.moderation.plans import PLAN
from kb.practices.model import LogEntry, Status
from kb.practices.store import log_entry

LOG = """
SELECT l.*, m.name AS member_name FROM moderation_log l LEFT JOIN member m ON m.id = l.member_id
"""


# What a municipality did by itself, before the network had the revision, is not for moderators.
SENT = "in_house = 0"

# desk_practice is what the municipalities have sent.
QUEUE = f"""
FROM desk_practice p LEFT JOIN {HOLDING} a ON a.practice_id = p.id
WHERE p.status = :status
AND (:municipality IS NULL OR p.municipality = :municipality)
AND (:holder IS NULL OR coalesce(a.member_id, 0) = :holder)
AND (:overdue_before IS NULL OR (p.status_since < :overdue_before
    AND p.id NOT IN (SELECT practice_id FROM ({PLAN}))))
"""


def list_queue(db: Database, shelf: Shelf, limit: int, offset: int) -> list[QueueItem]:
    """One page of a shelf: who waits longest first, of what does not wait the latest first."""
    direction = "ASC" if shelf.status in WAITING else "DESC"
    rows = db.execute(
        "SELECT p.*, p.public_revision_id IS NOT NULL AS is_update,"
        " x.title_el, x.title_en, x.completeness,"
        " (SELECT m.name FROM moderation_log l JOIN member m ON m.id = l.member_id"
        "  WHERE l.practice_id = p.id AND l.action = 'submit' ORDER BY l.id DESC LIMIT 1)"
        "  AS submitted_by,"
        f" (SELECT name FROM {HOLDING} WHERE practice_id = p.id) AS holder,"
        f" (SELECT due FROM ({PLAN}) WHERE practice_id = p.id) AS due"
        " FROM practice p JOIN revision_text x ON x.revision_id = p.newest_revision_id"
        # The page's rows first, so that nothing is looked up for those before it.
        f" WHERE p.id IN (SELECT p.id {QUEUE}"
        f" ORDER BY p.status_since {direction}, p.id {direction} LIMIT :limit OFFSET :offset)"
        f" ORDER BY p.status_since {direction}, p.id {direction}",
        {**asdict(shelf), "limit": limit, "offset": offset},
    )
    return [_item(row) for row in rows]


def count_queue(db: Database, shelf: Shelf) -> int:
    """How many practices stand on a shelf, narrowed as it is."""
    return int(db.execute(f"SELECT count(*) {QUEUE}", asdict(shelf)).fetchone()[0])


def count_by_holder(db: Database, shelf: Shelf) -> Mapping[int, int]:
    """How many practices of a shelf each member has, NOBODY for what nobody has."""
    rows = db.execute(
        f"SELECT coalesce(a.member_id, 0) AS holder, count(*) AS n {QUEUE} GROUP BY 1",
        asdict(replace(shelf, holder=None)),
    )
    return {row["holder"]: row["n"] for row in rows}


def count_by_status(db: Database, municipality: str | None) -> Mapping[Status, int]:
    """How many practices stand on each shelf, of one municipality or of all."""
    rows = db.execute(
        "SELECT status, count(*) AS n FROM desk_practice"
        " WHERE :municipality IS NULL OR municipality = :municipality GROUP BY status",
        {"municipality": municipality},
    )
    found = {row["status"]: row["n"] for row in rows}
    return {status: found.get(status, 0) for status in SHELVES}


def count_by_municipality(db: Database, status: Status) -> Mapping[str, int]:
    """How many practices each municipality has on a shelf; those with none are left out."""
    rows = db.execute(
        "SELECT municipality, count(*) AS n FROM desk_practice WHERE status = ?"
        " GROUP BY municipality",
        (status,),
    )
    return {row["municipality"]: row["n"] for row in rows}


def set_assessment(
    db: Database, practice_id: int, evidence: str | None, maturity: str | None
) -> None:
    """Say how strong the evidence is that it works, and how mature it is; None is not assessed."""
    db.execute(
        "UPDATE practice SET evidence_level = ?, maturity = ? WHERE id = ?",
        (evidence, maturity, practice_id),
    )


def find_last(db: Database, practice_id: int, *, for_network: bool = False) -> LogEntry | None:
    """The latest thing that happened to a practice; ``for_network``: as far as it knows."""
    row = db.execute(
        f"{LOG} WHERE l.practice_id = ? AND l.in_house <= ? ORDER BY l.id DESC LIMIT 1",
        (practice_id, int(not for_network)),
    ).fetchone()
    return log_entry(row) if row else None


def find_practice(db: Database, reference: str) -> int | None:
    """The number of the practice with that reference, however it is spaced or capitalised."""
    row = db.execute(
        "SELECT id FROM practice p WHERE reference = ? AND EXISTS"
        " (SELECT 1 FROM moderation_log WHERE practice_id = p.id AND in_house = 0)",
        ("".join(reference.split()).upper(),),
    ).fetchone()
    return int(row["id"]) if row else None


def list_log(db: Database, wanted: LogFilter, limit: int = -1, offset: int = 0) -> list[LogLine]:
    """One page of the moderation log, or all of it, newest first."""
    where, values = _narrowed(wanted)
    rows = db.execute(
        "SELECT l.*, m.name AS member_name, p.reference, x.title_el, x.title_en"
        " FROM moderation_log l JOIN practice p ON p.id = l.practice_id"
        " LEFT JOIN member m ON m.id = l.member_id"
        " LEFT JOIN revision_text x ON x.revision_id = l.revision_id"
        # The page's rows first, so that nothing is looked up for those before it.
        f" WHERE l.id IN (SELECT id FROM moderation_log{where}"
        " ORDER BY id DESC LIMIT ? OFFSET ?) ORDER BY l.id DESC",
        [*values, limit, offset],
    )
    return [LogLine(log_entry(row), row["reference"] or "", _title(row)) for row in rows]


def count_log(db: Database, wanted: LogFilter) -> int:
    """How many rows of the log there are for those filters."""
    where, values = _narrowed(wanted)
    return int(db.execute(f"SELECT count(*) FROM moderation_log{where}", values).fetchone()[0])


def _narrowed(wanted: LogFilter) -> tuple[str, list[int | str]]:
    conditions = {
        "practice_id = ?": wanted.practice_id,
        "action = ?": wanted.action,
        "member_id = ?": wanted.member_id,
        "at >= ?": wanted.since,
        "at < ?": wanted.until,
    }
    given = {condition: value for condition, value in conditions.items() if value is not None}
    return " WHERE " + " AND ".join([SENT, *given]), list(given.values())


def deciders(db: Database) -> Mapping[int, str]:
    """Everybody whom the log names, by number, in the order of their names."""
    rows = db.execute(
        "SELECT id, name FROM member WHERE id IN"
        f" (SELECT member_id FROM moderation_log WHERE {SENT}) ORDER BY name"
    )
    return {row["id"]: row["name"] for row in rows}


def list_revisions(
    db: Database, practice_id: int, *, for_network: bool = False
) -> list[RevisionHead]:
    """The revisions of a practice, newest first, without their content.

    ``for_network``: only those that came to it.
    """
    came = (
        "EXISTS (SELECT 1 FROM moderation_log"
        f" WHERE practice_id = r.practice_id AND revision_id = r.id AND {SENT})"
    )
    rows = db.execute(
        "SELECT r.id, r.number, r.created_at, m.name AS author FROM revision r"
        f" LEFT JOIN member m ON m.id = r.author_id WHERE r.practice_id = ? AND (NOT ? OR {came})"
        " ORDER BY r.number DESC",
        (practice_id, for_network),
    )
    return [RevisionHead(**dict(row)) for row in rows]


def get_revision_id(
    db: Database, practice_id: int, number: int, *, for_network: bool = False
) -> int:
    """The revision of that practice with that number; as list_revisions(). Raises NotFound."""
    for head in list_revisions(db, practice_id, for_network=for_network):
        if head.number == number:
            return head.id
    raise NotFound("no such revision")


def _item(row: sqlite3.Row) -> QueueItem:
    return QueueItem(
        practice_id=row["id"],
        revision_id=row["newest_revision_id"],
        reference=row["reference"],
        municipality=row["municipality"],
        title=_title(row),
        status=row["status"],
        since=row["status_since"],
        is_update=bool(row["is_update"]),
        completeness=row["completeness"],
        submitted_by=row["submitted_by"],
        holder=row["holder"],
        due=row["due"],
    )


def _title(row: sqlite3.Row) -> Mapping[str, str]:
    return {"el": row["title_el"] or "", "en": row["title_en"] or ""}
