"""The SQL of who writes a practice."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from kb.access import Member
from kb.accounts.store import member_of
from kb.db import now


@dataclass(frozen=True)
class Author:
    """Somebody who writes a practice, or did; ``serves``: still works for its municipality."""

    member: Member
    is_lead: bool
    serves: bool
    since: str
    added_by: str | None
    removed_at: str | None
    removed_by: str | None
    removed_by_id: int | None


Doing = Literal["add", "remove", "lead"]


@dataclass(frozen=True)
class Step:
    """One thing that was done about who writes a practice; ``is_own``: by the same person."""

    name: str
    action: Doing
    by: str
    is_own: bool
    at: str


AUTHOR = """
SELECT m.*, a.is_lead, a.since, a.removed_at, a.removed_by AS removed_by_id,
    m.is_active = 1 AND m.municipality IS p.municipality AS serves,
    b.name AS added_by, r.name AS removed_by
FROM practice_author a JOIN practice p ON p.id = a.practice_id JOIN member m ON m.id = a.member_id
LEFT JOIN member b ON b.id = a.added_by LEFT JOIN member r ON r.id = a.removed_by
"""


def list_present(db: Database, practice_id: int) -> list[Author]:
    """Who writes the practice, its lead first, then in the order in which they came."""
    rows = db.execute(
        f"{AUTHOR} WHERE a.practice_id = ? AND a.removed_at IS NULL"
        " ORDER BY a.is_lead DESC, a.since, m.id",
        (practice_id,),
    )
    return [_author(row) for row in rows]


def note(db: Database, practice_id: int, member_id: int, action: Doing, by: int) -> None:
    """Keep what was done about an author, within the transaction that does it."""
    db.execute(
        "INSERT INTO author_step (practice_id, member_id, action, done_by, at)"
        " VALUES (?, ?, ?, ?, ?)",
        (practice_id, member_id, action, by, now()),
    )


def list_steps(db: Database, practice_id: int) -> list[Step]:
    """Who came to write a practice, who went, who became responsible for it; newest first."""
    rows = db.execute(
        "SELECT m.name, s.action, b.name AS by, s.done_by = s.member_id AS is_own, s.at"
        " FROM author_step s"
        " JOIN member m ON m.id = s.member_id JOIN member b ON b.id = s.done_by"
        " WHERE s.practice_id = ? ORDER BY s.id DESC",
        (practice_id,),
    )
    return [Step(**{**dict(row), "is_own": bool(row["is_own"])}) for row in rows]


def find(db: Database, practice_id: int, member_id: int) -> Author | None:
    """What is known of somebody as an author of the practice, also when they were removed."""
    row = db.execute(
        f"{AUTHOR} WHERE a.practice_id = ? AND a.member_id = ?", (practice_id, member_id)
    ).fetchone()
    return _author(row) if row else None


def names_of_leads(db: Database, municipality: str) -> dict[int, str]:
    """Who is responsible for each practice of a municipality, by the practice's number."""
    rows = db.execute(
        "SELECT a.practice_id, m.name FROM practice_author a JOIN member m ON m.id = a.member_id"
        " JOIN practice p ON p.id = a.practice_id WHERE a.is_lead = 1 AND p.municipality = ?",
        (municipality,),
    )
    return {row["practice_id"]: row["name"] for row in rows}


def put(db: Database, practice_id: int, member_id: int, added_by: int) -> bool:
    """Make somebody an author, who may have been one before; whether they were none."""
    cursor = db.execute(
        "INSERT INTO practice_author (practice_id, member_id, since, added_by) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (practice_id, member_id) DO UPDATE SET since = excluded.since,"
        " added_by = excluded.added_by, removed_at = NULL, removed_by = NULL"
        " WHERE removed_at IS NOT NULL",
        (practice_id, member_id, now(), added_by),
    )
    return bool(cursor.rowcount)


def set_removed(db: Database, practice_id: int, member_id: int, removed_by: int) -> bool:
    """Say that somebody writes it no longer; whether they did. Never of the lead."""
    cursor = db.execute(
        "UPDATE practice_author SET removed_at = ?, removed_by = ?"
        " WHERE practice_id = ? AND member_id = ? AND removed_at IS NULL AND is_lead = 0",
        (now(), removed_by, practice_id, member_id),
    )
    return bool(cursor.rowcount)


def set_lead(db: Database, practice_id: int, member_id: int) -> bool:
    """Make one of the authors the one who is responsible; whether they were not."""
    db.execute(
        "UPDATE practice_author SET is_lead = 0 WHERE practice_id = ? AND member_id <> ?",
        (practice_id, member_id),
    )
    cursor = db.execute(
        "UPDATE practice_author SET is_lead = 1 WHERE practice_id = ? AND member_id = ?"
        " AND removed_at IS NULL AND is_lead = 0",
        (practice_id, member_id),
    )
    return bool(cursor.rowcount)


def _author(row: sqlite3.Row) -> Author:
    return Author(
        member=member_of(row),
        is_lead=bool(row["is_lead"]),
        serves=bool(row["serves"]),
        since=row["since"],
        added_by=row["added_by"],
        removed_at=row["removed_at"],
        removed_by=row["removed_by"],
        removed_by_id=row["removed_by_id"],
    )
