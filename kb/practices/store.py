"""The SQL of practices, their drafts and revisions, and the moderation log."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from kb.access import Authors
from kb.db import NotFound, now
from kb.i18n import day_of
from kb.practices import documents, drafts, uploads
from kb.practices.model import Content, Draft, LogEntry, Practice, Revision, Status, dump

# A practice together with everyone who ever wrote in it, and with its authors.
_PRACTICE = """
SELECT p.*, (
    SELECT group_concat(id) FROM (
        SELECT p.created_by AS id
        UNION SELECT author_id FROM revision WHERE practice_id = p.id
        UNION SELECT saved_by FROM draft WHERE practice_id = p.id
        UNION SELECT saved_by FROM draft_version WHERE practice_id = p.id
        UNION SELECT member_id FROM practice_author WHERE practice_id = p.id
    )
) AS author_ids, (
    SELECT json_group_array(json_array(
        a.member_id, a.is_lead, a.removed_by IS NOT NULL AND a.removed_by <> a.member_id,
        a.removed_at IS NULL, m.is_active = 1 AND m.municipality IS p.municipality
    ))
    FROM practice_author a JOIN member m ON m.id = a.member_id WHERE a.practice_id = p.id
) AS authors,
EXISTS (SELECT 1 FROM held_back WHERE practice_id = p.id) AS held_back
FROM {table} p
"""
PRACTICE = _PRACTICE.format(table="practice")
PUBLIC_PRACTICE = _PRACTICE.format(table="public_practice")


def get(db: Database, practice_id: int) -> Practice:
    """The practice of that number. Raises NotFound."""
    return _one(db, "p.id = ?", practice_id)


def get_by_slug(db: Database, slug: str) -> Practice:
    """The practice at that address. Raises NotFound."""
    return _one(db, "p.slug = ?", slug)


def find_by_key(db: Database, submission_key: str) -> Practice | None:
    """The practice that was begun by the form with this key, if that was ever sent."""
    try:
        return _one(db, "p.submission_key = ?", submission_key)
    except NotFound:
        return None


def _one(db: Database, where: str, value: object) -> Practice:
    row = db.execute(f"{PRACTICE} WHERE {where}", (value,)).fetchone()
    if row is None:
        raise NotFound("no such practice")
    return _practice(row)


def list_of_municipality(db: Database, municipality: str) -> list[Practice]:
    """All that a municipality's contributors may see, latest movement first."""
    sql = f"{PRACTICE} WHERE p.municipality = ? ORDER BY p.status_since DESC, p.id DESC"
    return [_practice(row) for row in db.execute(sql, (municipality,))]


def list_of_author(db: Database, member_id: int) -> list[Practice]:
    """What one of the network wrote on behalf of municipalities, latest movement first."""
    sql = f"{PRACTICE} WHERE p.created_by = ? ORDER BY p.status_since DESC, p.id DESC"
    return [_practice(row) for row in db.execute(sql, (member_id,))]


def all_public(db: Database) -> Iterator[tuple[Practice, Revision]]:
    """Every published practice with its public revision, in the order of their numbers."""
    for row in db.execute(f"{PUBLIC_PRACTICE} ORDER BY p.id").fetchall():
        yield _practice(row), get_revision(db, row["public_revision_id"])


def count(db: Database) -> int:
    """How many practices there are, whatever their status."""
    return int(db.execute("SELECT count(*) FROM practice").fetchone()[0])


def insert(db: Database, *, submission_key: str, municipality: str, created_by: int | None) -> int:
    """A new practice with nothing in it yet; returns its number."""
    at = now()
    cursor = db.execute(
        "INSERT INTO practice (submission_key, municipality, status, status_since, created_by,"
        " created_at) VALUES (?, ?, 'draft', ?, ?, ?)",
        (submission_key, municipality, at, created_by, at),
    )
    return int(cursor.lastrowid or 0)


def give_address(db: Database, practice_id: int, slug: str) -> None:
    """Give the practice its lasting address and reference, when it is first submitted.

    Where ``slug`` is taken, a number is added to it.
    """
    taken = {
        row["slug"]
        for row in db.execute("SELECT slug FROM practice WHERE slug GLOB ?", (f"{slug}*",))
    }
    number = 1
    while (free := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    year = now()[:4]
    used = db.execute(
        "SELECT coalesce(max(CAST(substr(reference, 10) AS INTEGER)), 0) FROM practice"
        " WHERE reference GLOB ?",
        (f"CNI-{year}-*",),
    ).fetchone()[0]
    db.execute(
        "UPDATE practice SET slug = ?, reference = ? WHERE id = ?",
        (free, f"CNI-{year}-{used + 1:03d}", practice_id),
    )


def set_status(db: Database, practice_id: int, status: Status) -> None:
    """Move the practice; rules and the log row are the caller's."""
    db.execute(
        "UPDATE practice SET status = ?, status_since = ? WHERE id = ?",
        (status, now(), practice_id),
    )


def set_municipality(db: Database, practice_id: int, municipality: str) -> None:
    """Say whose practice it is."""
    db.execute("UPDATE practice SET municipality = ? WHERE id = ?", (municipality, practice_id))


def set_newest_revision(db: Database, practice_id: int, revision_id: int) -> None:
    """Go back to an earlier revision as the newest; none is ever deleted."""
    db.execute(
        "UPDATE practice SET newest_revision_id = ? WHERE id = ?", (revision_id, practice_id)
    )


def set_public_revision(db: Database, practice_id: int, revision_id: int) -> None:
    """Make a revision the one that everybody reads, from now on.

    An update also confirms what it leaves as it was.
    """
    at = now()
    day = day_of(at).isoformat()
    db.execute(
        "UPDATE practice SET public_revision_id = ?, published_at = ?, reviewed_on = ?,"
        " confirmed_on = CASE WHEN public_revision_id IS NULL THEN confirmed_on ELSE ? END"
        " WHERE id = ?",
        (revision_id, at, day, day, practice_id),
    )


def set_confirmed(db: Database, practice_id: int, day: str) -> None:
    """Note that what everybody reads was found to be still true on that day."""
    db.execute("UPDATE practice SET confirmed_on = ? WHERE id = ?", (day, practice_id))


def find_draft(db: Database, practice_id: int) -> Draft | None:
    """The working copy, if there is one."""
    row = db.execute("SELECT * FROM draft WHERE practice_id = ?", (practice_id,)).fetchone()
    if row is None:
        return None
    return Draft(json.loads(row["content"]), row["version"], row["saved_at"], row["saved_by"])


def put_draft(
    db: Database,
    practice_id: int,
    content: Content,
    version: int,
    saved_by: int | None,
    page: str = "",
    written: Mapping[str, str] | None = None,
) -> None:
    """Write the working copy as ``version``; whether that is the next one is the caller's.

    ``page`` is the open page that saves, ``written`` the marks of the parts it wrote (merge.py).
    Raises NotFound for a content that names another practice's file.
    """
    uploads.require_own(db, practice_id, content)
    db.execute(
        "INSERT INTO draft (practice_id, version, content, saved_by, saved_at)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (practice_id) DO UPDATE SET"
        " version = excluded.version, content = excluded.content,"
        " saved_by = excluded.saved_by, saved_at = excluded.saved_at",
        (practice_id, version, dump(content), saved_by, now()),
    )
    drafts.insert(db, practice_id, page, written or {}, datetime.now(UTC))


def delete_draft(db: Database, practice_id: int) -> None:
    """Forget the working copy, once a revision holds the same."""
    db.execute("DELETE FROM draft WHERE practice_id = ?", (practice_id,))


def get_revision(db: Database, revision_id: int | None) -> Revision:
    """The revision of that number. Raises NotFound."""
    row = db.execute("SELECT * FROM revision WHERE id = ?", (revision_id,)).fetchone()
    if row is None:
        raise NotFound("no such revision")
    return _revision(row)


def list_revisions(db: Database, practice_id: int) -> list[Revision]:
    """All revisions of a practice, newest first."""
    rows = db.execute(
        "SELECT * FROM revision WHERE practice_id = ? ORDER BY number DESC", (practice_id,)
    )
    return [_revision(row) for row in rows]


def insert_revision(
    db: Database,
    practice_id: int,
    content: Content,
    author_id: int | None,
    texts: Mapping[str, Any] | None = None,
) -> int:
    """Write the content as the practice's newest revision, with what search reads of it.

    ``texts`` are documents.texts() of it, where they were made beforehand. Raises NotFound for a
    content that names another practice's file.
    """
    uploads.require_own(db, practice_id, content)
    cursor = db.execute(
        "INSERT INTO revision (practice_id, number, content, author_id, created_at) VALUES"
        " (?, 1 + (SELECT count(*) FROM revision WHERE practice_id = ?), ?, ?, ?)",
        (practice_id, practice_id, dump(content), author_id, now()),
    )
    revision_id = int(cursor.lastrowid or 0)
    db.execute(
        "UPDATE practice SET newest_revision_id = ? WHERE id = ?", (revision_id, practice_id)
    )
    write_text(db, revision_id, content, texts)
    return revision_id


def write_text(
    db: Database, revision_id: int, content: Content, texts: Mapping[str, Any] | None = None
) -> None:
    """Write what search reads of a revision, in place of what it read before."""
    db.execute("DELETE FROM revision_text WHERE revision_id = ?", (revision_id,))
    db.execute("DELETE FROM revision_facet WHERE revision_id = ?", (revision_id,))
    texts = texts or documents.texts(content, uploads.words(db, content))
    row = {"revision_id": revision_id, **texts}
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO revision_text ({', '.join(row)}) VALUES ({marks})", row)
    db.conn.executemany(
        "INSERT OR IGNORE INTO revision_facet (revision_id, facet, position, code, vocabulary)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (revision_id, facet.name, position, facet.code, facet.vocabulary)
            for position, facet in enumerate(documents.facets(content))
        ],
    )


def note_change(db: Database, practice_id: int | None) -> None:
    """Tell search that a practice (None: possibly every one) reads differently from now on."""
    db.execute("INSERT INTO change (practice_id, at) VALUES (?, ?)", (practice_id, now()))


def insert_log(db: Database, entry: Sequence[Any], *, in_house: bool = False) -> None:
    """Add a row to the moderation log.

    ``entry``: practice, revision and member numbers, action, status before and after, reason.
    """
    db.execute(
        "INSERT INTO moderation_log (practice_id, revision_id, member_id, action, status_before,"
        " status_after, reason, at, in_house) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*entry, now(), int(in_house)),
    )


def list_log(db: Database, practice_id: int, *, for_network: bool = False) -> list[LogEntry]:
    """What happened to a practice, newest first; ``for_network``: as far as it knows."""
    rows = db.execute(
        "SELECT l.*, m.name AS member_name FROM moderation_log l"
        " LEFT JOIN member m ON m.id = l.member_id WHERE l.practice_id = ? AND l.in_house <= ?"
        " ORDER BY l.id DESC",
        (practice_id, int(not for_network)),
    )
    return [log_entry(row) for row in rows]


def log_entry(row: sqlite3.Row) -> LogEntry:
    """A row of the log joined with its member's name."""
    return LogEntry(**{name: row[name] for name in LogEntry.__dataclass_fields__})


def _practice(row: sqlite3.Row) -> Practice:
    composed = {"author_ids", "authors", "held_back"}
    fields = {name: row[name] for name in Practice.__dataclass_fields__ if name not in composed}
    ids = (row["author_ids"] or "").split(",")
    return Practice(
        **fields,
        author_ids=frozenset(int(each) for each in ids if each),
        authors=_authors(json.loads(row["authors"])),
        held_back=bool(row["held_back"]),
    )


def _authors(rows: Iterable[tuple[int, int, int, int, int]]) -> Authors:
    return Authors(
        lead=next((id_ for id_, is_lead, *_ in rows if is_lead), None),
        present=frozenset(id_ for id_, _, _, is_present, _ in rows if is_present),
        removed=frozenset(id_ for id_, _, is_removed, _, _ in rows if is_removed),
        serving=frozenset(id_ for id_, _, _, is_present, serves in rows if is_present and serves),
    )


def _revision(row: sqlite3.Row) -> Revision:
    return Revision(
        id=row["id"],
        practice_id=row["practice_id"],
        number=row["number"],
        content=json.loads(row["content"]),
        author_id=row["author_id"],
        created_at=row["created_at"],
    )
