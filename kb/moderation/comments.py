"""The SQL of comments on fields, and their threads."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from kb.db import NotFound, now
from kb.moderation.model import Comment, Thread
from kb.practices import mentions
from kb.practices.model import Revision

mentions.PLACES.append(("comment", "text"))

COMMENT = """
SELECT c.id, c.field, c.language, c.mark, r.number AS revision_number, c.answers,
    c.member_id, m.name AS member_name, c.text, c.at, c.resolved_at, b.name AS resolved_by
FROM comment c JOIN revision r ON r.id = c.revision_id JOIN member m ON m.id = c.member_id
LEFT JOIN member b ON b.id = c.resolved_by
"""


def list_threads(db: Database, practice_id: int) -> list[Thread]:
    """Every thread of a practice, oldest first."""
    rows = db.execute(f"{COMMENT} WHERE c.practice_id = ? ORDER BY c.id", (practice_id,))
    return _threads([Comment(**dict(row)) for row in rows])


def list_open(db: Database, practice_id: int) -> list[Thread]:
    """The threads of a practice that are not resolved."""
    return [thread for thread in list_threads(db, practice_id) if thread.is_open]


def get_thread(db: Database, practice_id: int, comment_id: int) -> Thread:
    """The thread of that practice that the comment begins. Raises NotFound."""
    rows = db.execute(
        f"{COMMENT} WHERE c.practice_id = :practice AND (c.id = :id OR c.answers = :id)"
        " ORDER BY c.id",
        {"practice": practice_id, "id": comment_id},
    )
    found = _threads([Comment(**dict(row)) for row in rows])
    if not found:
        raise NotFound("no such comment")
    return found[0]


def _threads(comments: list[Comment]) -> list[Thread]:
    return [
        Thread(first, tuple(each for each in comments if each.answers == first.id))
        for first in comments
        if first.answers is None
    ]


def insert(
    db: Database, form_key: str, revision: Revision, member_id: int, fields: Mapping[str, object]
) -> int | None:
    """Write a comment on a revision; None where the same form was sent before.

    ``fields``: field, language, mark, answers and text.
    """
    row = {
        "form_key": form_key,
        "practice_id": revision.practice_id,
        "revision_id": revision.id,
        "member_id": member_id,
        "at": now(),
        **fields,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    cursor = db.execute(
        f"INSERT INTO comment ({names}) VALUES ({marks}) ON CONFLICT (form_key) DO NOTHING", row
    )
    return int(cursor.lastrowid or 0) if cursor.rowcount else None


def set_resolved(db: Database, comment_id: int, member_id: int | None) -> None:
    """Say who resolved the thread; None opens it again."""
    db.execute(
        "UPDATE comment SET resolved_at = ?, resolved_by = ? WHERE id = ?",
        (now() if member_id else None, member_id, comment_id),
    )
