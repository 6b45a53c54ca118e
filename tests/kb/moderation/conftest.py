"""Practices in every status, as the tests of moderation need them, and what was made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.moderation.actions import decide
from kb.moderation.model import Decision, days_ago
from kb.practices import actions, store
from kb.practices.model import Action, Content, Practice
from tests.kb.practices.cases import write_all

CARD: Content = {
    "title": {"el": "Διερμηνείς στα ΚΕΠ", "en": "Interpreters at citizen service centres"},
    "summary": {"el": "Διερμηνείς σε δέκα κέντρα.", "en": "Interpreters in ten centres."},
    "municipality": "athens",
    "areas": ["mediation"],
    "practice_type": "service",
    "target_groups": ["all"],
    "stage": "running",
    "start": "2019-05",
    "how_it_works": {"el": "Με ραντεβού κάθε Τρίτη.", "en": "By appointment every Tuesday."},
    "contact": {
        "service": {"el": "Τμήμα Ένταξης"},
        "mailbox": "entaxi@example.gr",
        "visibility": "public",
    },
}
UPDATED: Content = {**CARD, "stage": "completed", "end": "2024"}


@dataclass
class Desk:
    """What a test does with practices, in the words of the people who do it."""

    db: Database
    member: Callable[[str], Member]

    def submitted(self, by: str = "Anna", content: Content = CARD, key: str = "one") -> Practice:
        """A practice that waits for its first decision."""
        practice = actions.create(self.db, self.member(by), key, content)
        return actions.submit(self.db, practice, self.member(by), 1)

    def published(self, by: str = "Anna", content: Content = CARD, key: str = "one") -> Practice:
        """A practice that everybody can read."""
        return self.decide(self.submitted(by, content, key), "publish")

    def updated(self, by: str = "Anna", content: Content = UPDATED, key: str = "one") -> Practice:
        """A public practice of which an update waits for a decision."""
        return self.edited(self.published(by, key=key), by, content)

    def edited(self, practice: Practice, by: str, content: Content) -> Practice:
        """The practice, with another content submitted."""
        member = self.member(by)
        version = actions.working_copy(self.db, practice).version
        draft = write_all(self.db, practice, member, content, version)
        return actions.submit(self.db, practice, member, draft.version)

    def decide(
        self, practice: Practice, action: Action, reason: str = "", by: str = "Mona"
    ) -> Practice:
        """The practice as it is after a decision on its newest revision."""
        fresh = store.get(self.db, practice.id)
        if action in ("request_changes", "decline", "archive"):
            reason = reason or "Λείπουν τα αποτελέσματα."
        decision = Decision(action, fresh.newest_revision_id or 0, reason)
        decide(self.db, fresh, self.member(by), decision)
        return store.get(self.db, practice.id)

    def in_status(self, status: str) -> Practice:
        """A practice that came into that status in the usual way."""
        if status == "draft":
            practice = self.submitted()
            return actions.withdraw(self.db, practice, self.member("Anna"))
        ways: dict[str, list[Action]] = {
            "submitted": [],
            "changes_requested": ["request_changes"],
            "published": ["publish"],
            "declined": ["decline"],
            "archived": ["publish", "archive"],
        }
        practice = self.submitted()
        for action in ways[status]:
            practice = self.decide(practice, action)
        return practice

    def waits_since(self, practice: Practice, days: int) -> None:
        """Let it stand where it is for longer than so many days."""
        with transaction(self.db):
            self.db.execute(
                "UPDATE practice SET status_since = ? WHERE id = ?", (days_ago(days), practice.id)
            )

    def now(self, practice: Practice) -> Practice:
        """The practice as it is at present."""
        return store.get(self.db, practice.id)

    def log(self, practice: Practice) -> list[str]:
        """What was logged of a practice, oldest first."""
        return [entry.action for entry in reversed(store.list_log(self.db, practice.id))]

    def mails(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The messages in the outbox, oldest first."""
        rows = [dict(row) for row in self.db.execute("SELECT * FROM outbox ORDER BY id")]
        return [row for row in rows if kind in (None, row["kind"])]


@pytest.fixture
def desk(db: Database, member: Callable[[str], Member]) -> Desk:
    """Practices on demand."""
    return Desk(db, member)


@pytest.fixture
def mona(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The moderator's browser."""
    return sign_in("Mona")


@pytest.fixture
def stages(desk: Desk) -> Desk:
    """Athens approves first, and Bruno is its coordinator."""
    with transaction(desk.db):
        desk.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        desk.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    return desk


@pytest.fixture
def waiting(stages: Desk) -> Practice:
    """What Anna has submitted, and Bruno has not approved."""
    return stages.submitted()
