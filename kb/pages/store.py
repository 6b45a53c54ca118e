"""The SQL of the pages: counts and lists of published practices, and feedback."""

from __future__ import annotations

import json
import sqlite3

from sqlite_utils import Database

from kb.db import now
from kb.i18n import LANGUAGES
from kb.pages.model import Card, Counts

# The same condition as in the view public_document, whose texts and keywords are not needed here.
PUBLIC = "p.public_revision_id IS NOT NULL AND p.status <> 'archived'"

# CROSS JOIN keeps SQLite from starting at the facets: practices have no index by public revision.
COUNT = f"""
SELECT f.code, count(*) AS number
FROM practice p CROSS JOIN revision_facet f ON f.revision_id = p.public_revision_id
WHERE {PUBLIC} AND f.facet = ? GROUP BY f.code
"""

CARD = f"""
SELECT p.slug, p.municipality, x.title_el, x.title_en, x.summary_el, x.summary_en, x.start,
    json_extract(r.content, '$.place') AS place,
    (SELECT group_concat(code) FROM (
        SELECT code FROM revision_facet
        WHERE revision_id = r.id AND facet = 'area' ORDER BY position)) AS areas
FROM practice p
JOIN revision r ON r.id = p.public_revision_id
JOIN revision_text x ON x.revision_id = r.id
WHERE {PUBLIC}
"""

# Which practices are shown first, found without reading their texts.
NEWEST = f"""
SELECT p.id FROM practice p JOIN municipality m ON m.code = p.municipality WHERE {PUBLIC}
ORDER BY substr(p.published_at, 1, 10) DESC, m.is_member DESC,
    row_number() OVER (PARTITION BY substr(p.published_at, 1, 10), p.municipality
                       ORDER BY p.published_at DESC, p.id),
    p.published_at DESC, p.id
LIMIT ?
"""


def counts(db: Database) -> Counts:
    """The numbers beside areas and municipalities."""
    total = db.execute(f"SELECT count(*) FROM practice p WHERE {PUBLIC}").fetchone()[0]
    return Counts(int(total), _count(db, "area"), _count(db, "municipality"))


def _count(db: Database, facet: str) -> dict[str, int]:
    return {row["code"]: row["number"] for row in db.execute(COUNT, (facet,))}


def list_newest(db: Database, limit: int) -> list[Card]:
    """The practices published last, newest first.

    Of those of one day, members stand first, and no municipality has a second before all had one.
    """
    rows = db.execute(NEWEST, (limit,)).fetchall()
    return [_card(db.execute(f"{CARD} AND p.id = ?", (row["id"],)).fetchone()) for row in rows]


def list_published(db: Database, limit: int) -> list[tuple[str, list[str], str]]:
    """The practices published last: slug, the languages it is written in, and since when."""
    sql = f"""
    SELECT p.slug, x.title_el, x.title_en, p.published_at
    FROM practice p JOIN revision_text x ON x.revision_id = p.public_revision_id
    WHERE {PUBLIC} ORDER BY p.published_at DESC, p.id LIMIT ?
    """
    return [
        (row["slug"], [lang for lang in LANGUAGES if row[f"title_{lang}"]], row["published_at"])
        for row in db.execute(sql, (limit,))
    ]


def list_of_municipality(db: Database, code: str, limit: int) -> list[Card]:
    """What a municipality carries out, alone or with others; the latest start comes first."""
    sql = (
        f"{CARD} AND EXISTS (SELECT 1 FROM revision_facet f WHERE f.revision_id = r.id"
        " AND f.facet = 'municipality' AND f.code = ?) ORDER BY x.start DESC, p.id DESC LIMIT ?"
    )
    return [_card(row) for row in db.execute(sql, (code, limit))]


def _card(row: sqlite3.Row) -> Card:
    return Card(
        slug=row["slug"],
        title={"el": row["title_el"], "en": row["title_en"]},
        summary={"el": row["summary_el"], "en": row["summary_en"]},
        municipality=row["municipality"],
        place=json.loads(row["place"] or "{}"),
        areas=tuple((row["areas"] or "").split(",")) if row["areas"] else (),
        start=row["start"],
    )


def count_feedback_since(db: Database, moment: str) -> int:
    """How many messages have come since that UTC time."""
    sql = "SELECT count(*) FROM feedback WHERE created_at >= ?"
    return int(db.execute(sql, (moment,)).fetchone()[0])


def insert_feedback(db: Database, page: str, message: str, email: str, language: str) -> int:
    """Keep a message; returns its number."""
    cursor = db.execute(
        "INSERT INTO feedback (page, message, email, language, created_at) VALUES (?, ?, ?, ?, ?)",
        (page, message, email, language, now()),
    )
    return int(cursor.lastrowid or 0)


def forget_email(db: Database, email: str) -> None:
    """Keep what was said, and not by whom."""
    db.execute("UPDATE feedback SET email = '' WHERE lower(email) = ?", (email,))
