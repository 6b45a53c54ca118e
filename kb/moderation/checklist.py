"""The SQL of the checklist: what reviewers answered to each criterion, for each revision."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from kb.db import now, transaction
from kb.moderation.model import Answer, Checked
from kb.practices.model import Revision


def find(db: Database, revision: Revision) -> Checked:
    """The answers for a revision; until there are any, those for the latest one before it."""
    row = db.execute(
        "SELECT r.id, r.number FROM review_answer a JOIN revision r ON r.id = a.revision_id"
        " WHERE r.practice_id = ? AND r.number <= ? ORDER BY r.number DESC LIMIT 1",
        (revision.practice_id, revision.number),
    ).fetchone()
    if row is None:
        return Checked(revision.number, {})
    rows = db.execute(
        "SELECT a.criterion, a.answer, a.note, m.name AS member_name, a.at"
        " FROM review_answer a JOIN member m ON m.id = a.member_id WHERE a.revision_id = ?",
        (row["id"],),
    )
    return Checked(row["number"], {each["criterion"]: Answer(*tuple(each)[1:]) for each in rows})


def save(
    db: Database, revision: Revision, member_id: int, answers: Mapping[str, tuple[str, str]]
) -> None:
    """Put the answers, {criterion: (answer, note)}, in place of those for that revision.

    Who answered what stays with what is not changed; so does what a colleague answered meanwhile.
    """
    with transaction(db):
        for criterion, (answer, note) in answers.items():
            db.execute(
                "INSERT INTO review_answer (revision_id, criterion, answer, note, member_id, at)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (revision_id, criterion) DO UPDATE SET"
                " answer = excluded.answer, note = excluded.note,"
                " member_id = excluded.member_id, at = excluded.at"
                " WHERE answer <> excluded.answer OR note <> excluded.note",
                (revision.id, criterion, answer, note, member_id, now()),
            )
