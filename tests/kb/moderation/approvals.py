"""What tests of a municipality's own approval do, and look at."""

from __future__ import annotations

from kb.moderation import store as desk_store
from kb.moderation.model import Shelf
from kb.practices import actions, approval
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, Desk

REASON = "Λείπει ο αριθμός των σχολείων."
LATER = {**CARD, "title": {"el": "Κρυφολέξη για τον δήμο"}}


def approve(desk: Desk, practice: Practice, by: str = "Bruno") -> Practice:
    fresh = desk.now(practice)
    approval.approve(desk.db, fresh, desk.member(by), fresh.newest_revision_id or 0)
    return desk.now(practice)


def send_back(desk: Desk, practice: Practice, reason: str = REASON) -> Practice:
    fresh = desk.now(practice)
    revision = fresh.newest_revision_id or 0
    approval.send_back(desk.db, fresh, desk.member("Bruno"), revision, reason)
    return desk.now(practice)


def again(desk: Desk, practice: Practice, by: str = "Anna") -> Practice:
    version = actions.working_copy(desk.db, desk.now(practice)).version
    return actions.submit(desk.db, desk.now(practice), desk.member(by), version)


def told(desk: Desk, kind: str) -> list[str]:
    return [each["recipient"].partition("@")[0].capitalize() for each in desk.mails(kind)]


def on_the_desk(desk: Desk) -> list[int]:
    """The practices that moderators are shown, on any shelf."""
    shelves = desk_store.count_by_status(desk.db, None)
    found = [
        item.practice_id
        for status in shelves
        for item in desk_store.list_queue(desk.db, Shelf(status), 99, 0)
    ]
    assert len(found) == sum(shelves.values())
    rows = desk.db.execute("SELECT id FROM desk_document")
    assert sorted(found) == sorted(row["id"] for row in rows)
    return sorted(found)
