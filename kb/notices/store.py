"""The SQL of what stands in the outbox: held for the message of the day, failed, given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from kb.db import now
from kb.mail import MOST_ATTEMPTS
from kb.notices.model import Held, State, Unsent

UNSENT = f"""
SELECT o.id, o.kind, m.name, o.recipient AS address, o.created_at, o.attempts, o.next_at, o.error,
CASE WHEN o.attempts >= {MOST_ATTEMPTS} THEN 'given_up' WHEN o.error IS NOT NULL THEN 'failed'
WHEN o.id IN (SELECT id FROM held_message) THEN 'held' ELSE 'waiting' END AS state
FROM outbox o LEFT JOIN member m ON m.email = o.recipient
WHERE o.sent_at IS NULL
"""


def list_readers(db: Database, before: str) -> list[int]:
    """The members for whom something was held by that moment; nobody whose account is closed."""
    rows = db.execute(
        "SELECT DISTINCT h.member_id FROM held_message h JOIN member m ON m.id = h.member_id"
        " WHERE h.created_at <= ? AND m.is_active = 1 ORDER BY h.member_id",
        (before,),
    )
    return [row["member_id"] for row in rows]


def list_held(db: Database, member_id: int, before: str) -> list[Held]:
    """What is held for a member since before that moment, oldest first."""
    rows = db.execute(
        "SELECT o.id, o.subject, o.body FROM outbox o JOIN held_message h ON h.id = o.id"
        " WHERE h.member_id = ? AND h.created_at <= ? ORDER BY o.id",
        (member_id, before),
    )
    return [Held(**dict(row)) for row in rows]


def set_gathered(db: Database, messages: Sequence[Held], digest_key: str) -> None:
    """Say that the messages went into the one with that key; their text is in that one now."""
    digest = db.execute("SELECT id, created_at FROM outbox WHERE key = ?", (digest_key,)).fetchone()
    # Gone when that one was written, and so never forgotten after it, which they refer to.
    db.conn.executemany(
        "UPDATE outbox SET sent_at = ?, body = '', digest_id = ? WHERE id = ?",
        [(digest["created_at"], digest["id"], message.id) for message in messages],
    )


def list_unsent(db: Database, limit: int, offset: int) -> list[Unsent]:
    """One page of what has not gone out: what was given up first, then the latest first."""
    rows = db.execute(
        f"SELECT * FROM ({UNSENT}) ORDER BY CASE state WHEN 'given_up' THEN 0 WHEN 'failed' THEN 1"
        " WHEN 'waiting' THEN 2 ELSE 3 END, id DESC LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [Unsent(**dict(row)) for row in rows]


def count_unsent(db: Database) -> Mapping[State, int]:
    """How many messages have not gone out, by why."""
    rows = db.execute(f"SELECT state, count(*) AS n FROM ({UNSENT}) GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


def last_sent(db: Database) -> str | None:
    """When a message went out last."""
    row = db.execute("SELECT max(sent_at) AS at FROM outbox WHERE digest_id IS NULL").fetchone()
    return str(row["at"]) if row["at"] else None


def set_due(db: Database, message_id: int | None = None) -> int:
    """Let what failed be tried at once, with all its tries before it; how many messages.

    Never as if it had not been tried: it may have arrived. What is being sent has no error yet.
    """
    cursor = db.execute(
        "UPDATE outbox SET next_at = ?, attempts = 1"
        " WHERE sent_at IS NULL AND (error IS NOT NULL OR (attempts >= ? AND next_at <= ?))"
        " AND (? IS NULL OR id = ?)",
        (now(), MOST_ATTEMPTS, now(), message_id, message_id),
    )
    return int(cursor.rowcount)


def delete_before(db: Database, moment: str) -> None:
    """Forget the messages that went out before that moment, or never did and are older."""
    db.execute("DELETE FROM outbox WHERE coalesce(sent_at, created_at) < ?", (moment,))
