"""Practices published at any time, the letters about them, and the links in those."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.practices import store as practices
from kb.practices.model import Content, Practice
from kb.renewals import asking
from tests.kb.moderation.conftest import CARD, Desk

LINK = re.compile(r"https?://[^/\s]+(/(?:el|en)/still-true/(\S+))")
YEAR = timedelta(days=366)


@dataclass
class Years:
    """What a test does with time: practices of long ago, letters at a moment of its choice."""

    db: Database
    desk: Desk
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def today(self) -> str:
        """The day in Athens on which it started."""
        return self.start.astimezone(ZoneInfo("Europe/Athens")).date().isoformat()

    def published(self, days_ago: int = 400, key: str = "one", **changes: Any) -> Practice:
        """A practice that everybody can read, for so many days."""
        content: Content = {**CARD, **changes}
        by = "Clara" if content["municipality"] == "thessaloniki" else "Anna"
        practice = self.desk.published(by, content, key)
        self.publish_ago(practice, days_ago)
        return self.now(practice)

    def publish_ago(self, practice: Practice, days: int) -> None:
        """Let the practice have been published so many days ago."""
        at = (self.start - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        with transaction(self.db):
            self.db.execute("UPDATE practice SET published_at = ? WHERE id = ?", (at, practice.id))

    def give_mailbox(self, address: str | None, town: str = "athens") -> None:
        with transaction(self.db):
            self.db.execute("UPDATE municipality SET mailbox = ? WHERE code = ?", (address, town))

    def ask(self, days: float = 0) -> int:
        """What the worker does so many days from now; how many letters it writes."""
        return asking.ask(self.db, self.after(days))

    def after(self, days: float) -> datetime:
        return self.start + timedelta(days=days)

    def letters(self) -> list[dict[str, Any]]:
        """The yearly letters, oldest first."""
        return self.desk.mails("renewal")

    def paths(self) -> list[str]:
        """The links of all letters, as a browser of this site asks for them."""
        return [found[0] for letter in self.letters() for found in LINK.findall(letter["body"])]

    def token(self) -> str:
        """The secret of the newest link."""
        return self.paths()[-1].rpartition("/")[2]

    def now(self, practice: Practice) -> Practice:
        return practices.get(self.db, practice.id)

    def rows(self) -> list[dict[str, Any]]:
        """The rounds of asking."""
        return [dict(row) for row in self.db.execute("SELECT * FROM renewal ORDER BY id")]

    def answers(self) -> Iterable[str | None]:
        return [row["answer"] for row in self.rows()]


@pytest.fixture
def years(db: Database, member: Callable[[str], Member]) -> Years:
    """Practices of other years."""
    return Years(db, Desk(db, member))
