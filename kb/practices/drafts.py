"""The SQL of the saves of a draft: each can be read and restored for some weeks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from kb.db import NotFound
from kb.practices.model import DraftVersion, Presence

# Every save of the last hour, one an hour for a day, one a day for some weeks.
EVERY, HOURLY, DAILY = timedelta(hours=1), timedelta(days=1), timedelta(days=90)
# Where saves come faster than anybody types, of the older ones the last of each minute.
MOST = 600

VERSION = "SELECT v.*, m.name AS saved_by_name FROM draft_version v"
JOINED = f"{VERSION} LEFT JOIN member m ON m.id = v.saved_by"


def insert(
    db: Database, practice_id: int, page: str, written: Mapping[str, str], when: datetime
) -> None:
    """Keep the present draft as one of its versions, and forget what is too old to keep all of."""
    db.execute(
        "INSERT INTO draft_version (practice_id, version, content, saved_by, saved_at, page,"
        " written) SELECT practice_id, version, content, saved_by, saved_at, ?, ? FROM draft"
        " WHERE practice_id = ?",
        (page, json.dumps(dict(written)), practice_id),
    )
    thin(db, practice_id, when)


def thin(db: Database, practice_id: int, when: datetime) -> None:
    """Forget the saves that others stand for by now: the last of each hour or day stays."""
    every, hourly, daily = (_ago(when, span) for span in (EVERY, HOURLY, DAILY))
    db.execute(
        "DELETE FROM draft_version WHERE practice_id = :practice AND saved_at < :every"
        " AND id NOT IN (SELECT max(id) FROM draft_version"
        "  WHERE practice_id = :practice AND saved_at < :every AND saved_at >= :daily"
        "  GROUP BY substr(saved_at, 1, CASE WHEN saved_at >= :hourly THEN 13 ELSE 10 END))",
        {"practice": practice_id, "every": every, "hourly": hourly, "daily": daily},
    )
    _thin_flood(db, practice_id)


def _thin_flood(db: Database, practice_id: int) -> None:
    db.execute(
        "DELETE FROM draft_version WHERE practice_id = :practice AND id <"
        " (SELECT id FROM draft_version WHERE practice_id = :practice"
        "  ORDER BY saved_at DESC, id DESC LIMIT 1 OFFSET :most)"
        " AND id NOT IN (SELECT max(id) FROM draft_version WHERE practice_id = :practice"
        "  GROUP BY substr(saved_at, 1, 16))",
        {"practice": practice_id, "most": MOST - 1},
    )


def overdue(db: Database, when: datetime) -> list[int]:
    """The practices that nobody wrote in for so long that saves of theirs are to be forgotten."""
    rows = db.execute(
        "SELECT DISTINCT practice_id FROM draft_version WHERE saved_at < ?", (_ago(when, DAILY),)
    )
    return [row["practice_id"] for row in rows]


def _ago(when: datetime, span: timedelta) -> str:
    return (when.astimezone(UTC) - span).strftime("%Y-%m-%dT%H:%M:%SZ")


def count(db: Database, practice_id: int) -> int:
    """How many versions of the draft are kept."""
    row = db.execute("SELECT count(*) FROM draft_version WHERE practice_id = ?", (practice_id,))
    return int(row.fetchone()[0])


def list_versions(
    db: Database, practice_id: int, limit: int, offset: int = 0
) -> list[DraftVersion]:
    """The versions that are kept, newest first."""
    rows = db.execute(
        f"{JOINED} WHERE v.practice_id = ? ORDER BY v.id DESC LIMIT ? OFFSET ?",
        (practice_id, limit, offset),
    )
    return [_version(row) for row in rows]


def get(db: Database, practice_id: int, version_id: int) -> DraftVersion:
    """One version of that practice's draft. Raises NotFound."""
    row = db.execute(
        f"{JOINED} WHERE v.practice_id = ? AND v.id = ?", (practice_id, version_id)
    ).fetchone()
    if row is None:
        raise NotFound("no such version of the draft")
    return _version(row)


def written_by(db: Database, practice_id: int, page: str) -> dict[str, str]:
    """The marks of the parts that an open page has written so far."""
    row = db.execute(
        "SELECT written FROM draft_version WHERE practice_id = ? AND page = ?"
        " ORDER BY id DESC LIMIT 1",
        (practice_id, page),
    ).fetchone()
    return dict(json.loads(row["written"])) if row and page else {}


def find_other(db: Database, practice_id: int, member_id: int, since: str) -> Presence | None:
    """Who else saved the draft last, if anybody did since then."""
    row = db.execute(
        "SELECT m.name, v.saved_at FROM draft_version v JOIN member m ON m.id = v.saved_by"
        " WHERE v.practice_id = ? AND v.saved_at >= ? AND v.saved_by <> ?"
        " ORDER BY v.saved_at DESC LIMIT 1",
        (practice_id, since, member_id),
    ).fetchone()
    return Presence(row["name"], row["saved_at"]) if row else None


def _version(row: sqlite3.Row) -> DraftVersion:
    return DraftVersion(
        id=row["id"],
        version=row["version"],
        content=json.loads(row["content"]),
        saved_at=row["saved_at"],
        saved_by_name=row["saved_by_name"],
    )
