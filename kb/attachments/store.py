"""The SQL of uploaded files: what they are, whose they are, and which nobody names any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from kb.db import now
from kb.practices.model import Content


def insert_file(db: Database, sha256: str, media_type: str, size: int) -> None:
    """Record a file that is on the disk; the same content twice is one file."""
    db.execute(
        "INSERT OR IGNORE INTO file (sha256, media_type, size, created_at) VALUES (?, ?, ?, ?)",
        (sha256, media_type, size, now()),
    )


def insert_text(db: Database, sha256: str, text: str) -> None:
    """Keep what search may read of a file."""
    db.execute("INSERT OR IGNORE INTO file_text (sha256, text) VALUES (?, ?)", (sha256, text))


def insert(db: Database, practice_id: int, sha256: str, name: str, member_id: int) -> None:
    """Record that a file was uploaded to a practice; again is no second time."""
    db.execute(
        "INSERT OR IGNORE INTO attachment (practice_id, sha256, name, created_by, created_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (practice_id, sha256, name, member_id, now()),
    )


def media_type_of(db: Database, sha256: str) -> str | None:
    """What kind of file it is, if there is such a file."""
    row = db.execute("SELECT media_type FROM file WHERE sha256 = ?", (sha256,)).fetchone()
    return row["media_type"] if row else None


@dataclass(frozen=True)
class Naming:
    """A revision that names a file; ``was_sent``: the network has had it."""

    revision_id: int
    content: Content
    was_sent: bool


def revisions_naming(db: Database, practice_id: int, sha256: str) -> Iterator[Naming]:
    """The revisions of a practice, newest first, in whose content the hash stands anywhere."""
    rows = db.execute(
        "SELECT r.id, r.content, EXISTS (SELECT 1 FROM moderation_log l"
        "  WHERE l.practice_id = r.practice_id AND l.revision_id = r.id AND l.in_house = 0) AS sent"
        " FROM revision r WHERE r.practice_id = ? AND instr(r.content, ?) ORDER BY r.id DESC",
        (practice_id, sha256),
    )
    return (Naming(row["id"], json.loads(row["content"]), bool(row["sent"])) for row in rows)


def sizes(db: Database) -> dict[str, int]:
    """The size of every recorded file, by its hash."""
    return {row["sha256"]: row["size"] for row in db.execute("SELECT sha256, size FROM file")}


def delete_unnamed(db: Database, before: str) -> int:
    """Forget the files uploaded before then that no draft and no revision names; how many."""
    named = " UNION ALL ".join(
        f"SELECT 1 FROM {table} t WHERE t.practice_id = a.practice_id"
        " AND instr(t.content, a.sha256)"
        for table in ("draft", "draft_version", "revision")
    )
    db.execute(
        f"DELETE FROM attachment AS a WHERE a.created_at < ? AND NOT EXISTS ({named})", (before,)
    )
    cursor = db.execute(
        "DELETE FROM file WHERE created_at < ?"
        " AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = file.sha256)",
        (before,),
    )
    return int(cursor.rowcount)
