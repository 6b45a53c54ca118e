"""The SQL of revisions that a municipality has not sent to the network."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from kb.practices.model import Practice


@dataclass(frozen=True)
class HeldBack:
    """The newest revision of a practice, and the one that the network had last, if it had any."""

    practice_id: int
    revision_id: int
    before_revision_id: int | None


def find(db: Database, practice_id: int) -> HeldBack | None:
    """What the municipality holds back of a practice."""
    row = db.execute("SELECT * FROM held_back WHERE practice_id = ?", (practice_id,)).fetchone()
    return HeldBack(**dict(row)) if row else None


def last_sent(db: Database, practice: Practice) -> int | None:
    """The number of the newest revision that the network has."""
    held = find(db, practice.id)
    return held.before_revision_id if held else practice.newest_revision_id


def put(db: Database, practice_id: int, revision_id: int, before: int | None) -> None:
    """Hold a revision back; where one was already, what the network has stays what it was."""
    db.execute(
        "INSERT INTO held_back (practice_id, revision_id, before_revision_id) VALUES (?, ?, ?)"
        " ON CONFLICT (practice_id) DO UPDATE SET revision_id = excluded.revision_id",
        (practice_id, revision_id, before),
    )


def delete(db: Database, practice_id: int) -> None:
    """The network may see the newest revision from now on."""
    db.execute("DELETE FROM held_back WHERE practice_id = ?", (practice_id,))


def list_awaiting(db: Database, municipality: str | None = None) -> list[int]:
    """The practices that wait for that municipality's approval, or for any's, the longest first."""
    rows = db.execute(
        "SELECT p.id FROM held_back h JOIN practice p ON p.id = h.practice_id"
        " WHERE p.status = 'submitted' AND coalesce(?, p.municipality) = p.municipality"
        " ORDER BY p.status_since, p.id",
        (municipality,),
    )
    return [row["id"] for row in rows]
