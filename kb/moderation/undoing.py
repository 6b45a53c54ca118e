"""The SQL of taking a decision back: what it replaced, and putting that in place again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from kb.access import Member
from kb.moderation import assignments, plans
from kb.moderation.model import UNDO_TIME, Before, Plan, Undoable
from kb.practices import store as practices
from kb.practices.model import LogEntry, Practice


def look(db: Database, practice: Practice) -> Before:
    """What there is before a decision."""
    draft = practices.find_draft(db, practice.id)
    holder = assignments.find_holder(db, practice.id)
    return Before(
        status=practice.status,
        status_since=practice.status_since,
        public_revision_id=practice.public_revision_id,
        published_at=practice.published_at,
        reviewed_on=practice.reviewed_on,
        evidence_level=practice.evidence_level,
        maturity=practice.maturity,
        municipality=practice.municipality,
        holder_id=holder.member_id if holder else None,
        draft_version=draft.version if draft else 0,
        draft_by=draft.saved_by if draft else None,
        draft=draft.content if draft else None,
        draft_version_after=0,
        confirmed_on=practice.confirmed_on,
        holder_since=holder.since if holder else None,
        plan=plans.find(db, practice.id),
    )


def keep(db: Database, entry: LogEntry, before: Before) -> None:
    """Keep what the decision of that log row replaced, and forget what is too old to undo."""
    forget_old(db)
    db.execute(
        "INSERT INTO decision_before (log_id, state) VALUES (?, ?)",
        (entry.id, json.dumps(asdict(before), ensure_ascii=False)),
    )


def find(db: Database, entry: LogEntry, member: Member) -> Before | None:
    """What the decision replaced, where ``member`` took it and it may still be taken back."""
    row = db.execute(
        "SELECT b.state FROM decision_before b JOIN moderation_log l ON l.id = b.log_id"
        " WHERE b.log_id = ? AND l.member_id = ? AND l.at >= ?",
        (entry.id, member.id, _since()),
    ).fetchone()
    if row is None:
        return None
    state = json.loads(row["state"])
    plan = state.pop("plan", None)
    before = Before(**state, plan=Plan(**plan) if plan else None)
    draft = practices.find_draft(db, entry.practice_id)
    # Whoever has gone on writing since must not find the practice closed.
    return before if (draft.version if draft else 0) == before.draft_version_after else None


def list_own(db: Database, member_id: int) -> list[Undoable]:
    """The member's latest decisions that nothing has followed yet, newest first."""
    rows = db.execute(
        "SELECT l.id AS log_id, l.practice_id, l.action, l.at, p.reference,"
        " x.title_el AS el, x.title_en AS en"
        " FROM decision_before b JOIN moderation_log l ON l.id = b.log_id"
        " JOIN practice p ON p.id = l.practice_id"
        " LEFT JOIN revision_text x ON x.revision_id = l.revision_id"
        " WHERE l.member_id = ? AND l.at >= ?"
        " AND l.id = (SELECT max(id) FROM moderation_log WHERE practice_id = l.practice_id)"
        " ORDER BY l.id DESC",
        (member_id, _since()),
    )
    return [_undoable(dict(row)) for row in rows]


def _undoable(row: dict[str, Any]) -> Undoable:
    title = {language: row.pop(language) or "" for language in ("el", "en")}
    return Undoable(**row, title=title)


def put_back(db: Database, practice_id: int, before: Before) -> None:
    """Everything as it was before the decision."""
    db.execute(
        "UPDATE practice SET status = ?, status_since = ?, public_revision_id = ?,"
        " published_at = ?, reviewed_on = ?, confirmed_on = ?, evidence_level = ?,"
        " maturity = ?, municipality = ? WHERE id = ?",
        (
            before.status,
            before.status_since,
            before.public_revision_id,
            before.published_at,
            before.reviewed_on,
            before.confirmed_on,
            before.evidence_level,
            before.maturity,
            before.municipality,
            practice_id,
        ),
    )
    if before.holder_id is not None:
        db.execute(
            "INSERT OR IGNORE INTO assignment (practice_id, member_id, since) VALUES (?, ?, ?)",
            (practice_id, before.holder_id, before.holder_since or before.status_since),
        )
    if before.draft is not None and practices.find_draft(db, practice_id) is None:
        practices.put_draft(db, practice_id, before.draft, before.draft_version, before.draft_by)


def forget(db: Database, entry: LogEntry) -> None:
    """A decision is taken back once."""
    db.execute("DELETE FROM decision_before WHERE log_id = ?", (entry.id,))


def forget_old(db: Database) -> None:
    """Forget what can no longer be taken back, within the caller's transaction."""
    db.execute(
        "DELETE FROM decision_before WHERE log_id IN"
        " (SELECT b.log_id FROM decision_before b JOIN moderation_log l ON l.id = b.log_id"
        "  WHERE l.at < ?)",
        (_since(),),
    )


def _since() -> str:
    return (datetime.now(UTC) - UNDO_TIME).strftime("%Y-%m-%dT%H:%M:%SZ")
