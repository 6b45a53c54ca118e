"""The SQL of the checklist: what reviewers answered to each criterion, for each revision."""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

from kb.db import now, transaction
from kb.moderation.model import Answer, Checked
from kb.practices.merge import NOTHING, mark
from kb.practices.model import Revision

# An answer as it is typed, with its note.
Given = tuple[str, str]


def find(db: Database, revision: Revision) -> Checked:
    """The answers for a revision; until there are any, those for the latest one before it."""
    row = db.execute(
        "SELECT r.id, r.number FROM review_answer a JOIN revision r ON r.id = a.revision_id"
        " WHERE r.practice_id = ? AND r.number <= ? ORDER BY r.number DESC LIMIT 1",
        (revision.practice_id, revision.number),
    ).fetchone()
    if row is None:
        return Checked(revision.number, {})
    return Checked(row["number"], _answers(db, row["id"]))


def marks(checked: Checked) -> dict[str, str]:
    """What a form carries along, to know later which answers were changed, and by whom."""
    return {code: mark((each.answer, each.note)) for code, each in checked.answers.items()}


def save(
    db: Database,
    revision: Revision,
    member_id: int,
    answers: Mapping[str, Given],
    opened: Mapping[str, str],
) -> dict[str, Answer]:
    """Save those answers, {criterion: (answer, note)}, that the member changed, for that revision.

    ``opened`` are the marks that the form was sent out with. What a colleague changed meanwhile
    stays; returned is what stays so although the member changed it, too.
    """
    stays = {}
    with transaction(db):
        saved = _answers(db, revision.id)
        for criterion, given in answers.items():
            known = saved.get(criterion)
            before, mine = opened.get(criterion, NOTHING), mark(given)
            theirs = mark((known.answer, known.note)) if known else NOTHING
            if known is None or (mine not in (before, theirs) and theirs == before):
                _put(db, revision.id, criterion, given, member_id)
            elif mine not in (before, theirs):
                stays[criterion] = known
    return stays


def _answers(db: Database, revision_id: int) -> dict[str, Answer]:
    rows = db.execute(
        "SELECT a.criterion, a.answer, a.note, m.name AS member_name, a.at"
        " FROM review_answer a JOIN member m ON m.id = a.member_id WHERE a.revision_id = ?",
        (revision_id,),
    )
    return {each["criterion"]: Answer(*tuple(each)[1:]) for each in rows}


def _put(db: Database, revision_id: int, criterion: str, given: Given, member_id: int) -> None:
    db.execute(
        "INSERT INTO review_answer (revision_id, criterion, answer, note, member_id, at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (revision_id, criterion) DO UPDATE SET"
        " answer = excluded.answer, note = excluded.note,"
        " member_id = excluded.member_id, at = excluded.at",
        (revision_id, criterion, *given, member_id, now()),
    )
