"""Practices in whose texts a person is named: what only people can take out again."""

from __future__ import annotations

from sqlite_utils import Database

from kb.access import Member
from kb.accounts import erasure

NAMING = """
SELECT coalesce(p.reference, 'no. ' || p.id) AS reference FROM practice p
WHERE EXISTS (SELECT 1 FROM {table} t WHERE t.practice_id = p.id
              AND (instr(t.{column}, ?) OR instr(lower(t.{column}), ?)))
ORDER BY p.id
"""
# Every table in which people write; what moderation keeps in its own is its own to add.
PLACES = [
    ("draft", "content"),
    ("draft_version", "content"),
    ("revision", "content"),
    ("moderation_log", "reason"),
]


def naming(db: Database, member: Member) -> list[str]:
    """The references of the practices in which the name or the address of the person stands."""
    return [
        row["reference"]
        for table, column in PLACES
        for row in db.execute(
            NAMING.format(table=table, column=column), (member.name, member.email)
        )
    ]


erasure.MENTIONS.append(naming)
