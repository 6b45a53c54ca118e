"""The SQL of confirming: what is due, the rounds of asking, their links and answers."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from kb.municipalities.model import ELSEWHERE
from kb.renewals.model import (
    Answer,
    Asking,
    Case,
    Mailbox,
    Round,
    is_due,
    stored,
)

# The later of both days, as since() has it.
SINCE = "max(substr(p.published_at, 1, 10), coalesce(p.confirmed_on, ''))"

# Who is asked: the municipality; where it has no mailbox, the service that the practice names;
# then one of its authors, the lead before the others. One address: what is asked of many is
# answered by none. Cities outside the network never asked to be written to.
AUTHOR = """
(SELECT a.member_id FROM practice_author a JOIN member w ON w.id = a.member_id
 WHERE a.practice_id = p.id AND a.removed_at IS NULL
 AND w.is_active = 1 AND w.municipality = p.municipality
 ORDER BY a.is_lead DESC, a.since, a.member_id LIMIT 1)
"""
DUE = f"""
SELECT p.id AS practice_id, p.reference, p.slug, p.municipality, p.status,
    EXISTS (SELECT 1 FROM held_back h WHERE h.practice_id = p.id) AS held_back,
    p.published_at, p.confirmed_on,
    x.title_el, x.title_en, nullif(t.mailbox, '') AS town_mailbox,
    CASE WHEN p.municipality <> '{ELSEWHERE}' AND nullif(t.mailbox, '') IS NULL
         THEN json_extract(r.content, '$.contact.mailbox') END AS contact_mailbox,
    m.email AS author_mailbox, m.name AS author_name, m.language AS author_language,
    n.id, n.since, n.letters, n.first_asked_at, n.last_asked_at, n.recipient, n.answer,
    n.answered_at
FROM public_practice p
JOIN municipality t ON t.code = p.municipality
JOIN revision r ON r.id = p.public_revision_id
JOIN revision_text x ON x.revision_id = r.id
LEFT JOIN renewal n ON n.practice_id = p.id AND n.since = {SINCE}
LEFT JOIN member m ON m.id = {AUTHOR}
WHERE {SINCE} <= :latest
AND (:municipality IS NULL OR p.municipality = :municipality)
AND (:practice_id IS NULL OR p.id = :practice_id)
ORDER BY {SINCE}, p.id
"""


def list_due(
    db: Database,
    months: int,
    when: datetime,
    municipality: str | None = None,
    practice_id: int | None = None,
) -> list[Case]:
    """Every public practice whose time is over, the longest first."""
    asked_for = {
        "latest": _latest(months, when),
        "municipality": municipality,
        "practice_id": practice_id,
    }
    cases = [_case(row) for row in db.execute(DUE, asked_for)] if months else []
    return [case for case in cases if is_due(case.since, months, when)]


def count_due(db: Database, months: int, when: datetime) -> int:
    """How many they are, without reading their texts."""
    rows = db.execute(
        f"SELECT {SINCE} AS since FROM public_practice p WHERE {SINCE} <= ?",
        (_latest(months, when),),
    )
    return sum(is_due(row["since"], months, when) for row in rows)


def find_due(db: Database, practice_id: int, months: int, when: datetime) -> Case | None:
    """The practice, where it is due."""
    return next(iter(list_due(db, months, when, practice_id=practice_id)), None)


def _latest(months: int, when: datetime) -> str:
    """No day later than this can be due: months are counted exactly afterwards."""
    return stored(when - timedelta(days=28 * months))[:10]


def begin(db: Database, practice_id: int, day: str) -> Round:
    """The round of the practice that is counted from that day, begun where there is none yet."""
    db.execute(
        "INSERT INTO renewal (practice_id, since) VALUES (?, ?)"
        " ON CONFLICT (practice_id, since) DO NOTHING",
        (practice_id, day),
    )
    row = db.execute(
        "SELECT * FROM renewal WHERE practice_id = ? AND since = ?", (practice_id, day)
    ).fetchone()
    return _round(row)


def put_letter(db: Database, asked: Round, mailbox: Mailbox, letters: int, when: datetime) -> None:
    """Note that a letter asks, the so-many-th of the round; it stands open again."""
    db.execute(
        "UPDATE renewal SET letters = ?, recipient = ?, last_asked_at = ?,"
        " first_asked_at = coalesce(first_asked_at, ?), answer = NULL, answered_at = NULL,"
        " answered_by = NULL WHERE id = ?",
        (letters, mailbox.email, stored(when), stored(when), asked.id),
    )


def last_letter(db: Database, email: str) -> str | None:
    """When that address had its latest letter."""
    found: str | None = db.execute(
        "SELECT max(last_asked_at) FROM renewal WHERE recipient = ?", (email,)
    ).fetchone()[0]
    return found


def forget_recipient(db: Database, email: str) -> None:
    """Forget that anything was asked at that address."""
    db.execute("UPDATE renewal SET recipient = NULL WHERE recipient = ?", (email,))


def put_answer(
    db: Database, asked: Round, answer: Answer, member_id: int | None, when: datetime
) -> None:
    """Note what was answered, and by whom where they were signed in."""
    db.execute(
        "UPDATE renewal SET answer = ?, answered_at = ?, answered_by = ? WHERE id = ?",
        (answer, stored(when), member_id, asked.id),
    )


def list_asked(db: Database, practice_id: int) -> list[Asking]:
    """Every round of the practice in which a letter went out or changes were wanted."""
    rows = db.execute(
        "SELECT n.first_asked_at, n.letters, n.last_asked_at,"
        " iif(n.answer = 'edit', n.answered_at, NULL) AS changes_wanted_at, m.name AS wanted_by"
        " FROM renewal n LEFT JOIN member m ON m.id = n.answered_by"
        " WHERE n.practice_id = ? ORDER BY n.id",
        (practice_id,),
    )
    return [Asking(**dict(row)) for row in rows]


def insert_link(db: Database, token_hash: str, asked: Round, until: datetime) -> None:
    """Record a link that was made."""
    db.execute(
        "INSERT INTO renewal_link (token_hash, renewal_id, expires_at) VALUES (?, ?, ?)",
        (token_hash, asked.id, stored(until)),
    )


def find_link(db: Database, token_hash: str) -> tuple[Round, str] | None:
    """The round that the link asks for, and until when it can be used."""
    row = db.execute(
        "SELECT n.*, l.expires_at FROM renewal_link l JOIN renewal n ON n.id = l.renewal_id"
        " WHERE l.token_hash = ?",
        (token_hash,),
    ).fetchone()
    return (_round(row), row["expires_at"]) if row else None


def delete_links(db: Database, before: str) -> None:
    """Forget the links whose time ended before that moment."""
    db.execute("DELETE FROM renewal_link WHERE expires_at < ?", (before,))


def forget_recipients(db: Database, before: str) -> None:
    """Forget at which address was asked what was answered, or asked last, before that moment."""
    db.execute(
        "UPDATE renewal SET recipient = NULL"
        " WHERE recipient IS NOT NULL AND coalesce(answered_at, last_asked_at) < ?",
        (before,),
    )


def _case(row: sqlite3.Row) -> Case:
    return Case(
        practice_id=row["practice_id"],
        reference=row["reference"],
        municipality=row["municipality"],
        slug=row["slug"],
        status=row["status"],
        held_back=bool(row["held_back"]),
        title={"el": row["title_el"], "en": row["title_en"]},
        published_at=row["published_at"],
        confirmed_on=row["confirmed_on"],
        mailbox=_mailbox(row),
        round=_round(row) if row["id"] is not None else None,
    )


def _mailbox(row: sqlite3.Row) -> Mailbox | None:
    """Services read Greek; a person said which language they read."""
    if service := row["town_mailbox"] or row["contact_mailbox"]:
        return Mailbox(service, "el")
    if row["author_mailbox"]:
        return Mailbox(row["author_mailbox"], row["author_language"], row["author_name"])
    return None


def _round(row: Any) -> Round:
    return Round(**{name: row[name] for name in Round.__dataclass_fields__})
