"""Which saves of a draft are kept, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database

from kb import mail
from kb.access import Member
from kb.db import NotFound, transaction
from kb.practices import actions, drafts
from kb.practices.model import Practice
from tests.kb.practices.cases import CARD, write_all, written_with

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def practice(db: Database, member: Callable[[str], Member]) -> Practice:
    practice = actions.create(db, member("Anna"), "key", CARD)
    with transaction(db):
        db.execute("DELETE FROM draft_version")
    return practice


def save_at(db: Database, practice: Practice, moments: list[datetime]) -> None:
    with transaction(db):
        for moment in sorted(moments):
            db.execute("UPDATE draft SET saved_at = ?", (f"{moment:%Y-%m-%dT%H:%M:%SZ}",))
            drafts.insert(db, practice.id, "tab", {}, moment)
        drafts.thin(db, practice.id, NOW)


def kept(db: Database, practice: Practice) -> list[str]:
    return [version.saved_at for version in drafts.list_versions(db, practice.id, 10_000)]


def test_every_save_of_the_last_hour_stays(db: Database, practice: Practice) -> None:
    moments = [NOW - timedelta(seconds=30 * number) for number in range(100)]
    save_at(db, practice, moments)
    assert len(kept(db, practice)) == 100


def test_of_each_hour_of_a_day_the_last_stays(db: Database, practice: Practice) -> None:
    save_at(db, practice, [NOW - timedelta(minutes=10 * number) for number in range(24 * 6)])
    times = kept(db, practice)
    assert len([time for time in times if time >= "2026-11-22T11"]) == 7
    older = [time for time in times if time < "2026-11-22T11"]
    assert len(older) == 23
    assert all(time.endswith(":50:00Z") for time in older)


def test_of_each_day_the_last_stays_for_ninety_days(db: Database, practice: Practice) -> None:
    save_at(db, practice, [NOW - timedelta(hours=8 * number) for number in range(3 * 120)])
    times = kept(db, practice)
    older = [time for time in times if time < "2026-11-21T12"]
    assert len({time[:10] for time in older}) == len(older)
    assert 88 <= len(older) <= 91
    assert min(times) >= "2026-08-24"


def test_what_nobody_writes_in_is_forgotten_too(db: Database, practice: Practice) -> None:
    assert "forget_old_drafts" in [chore.__name__ for chore in mail.CHORES]
    save_at(db, practice, [datetime.now(UTC) - timedelta(days=number) for number in (10, 80)])
    assert actions.forget_old_drafts(db) == 0
    with transaction(db):
        db.execute("UPDATE draft_version SET saved_at = '2001' || substr(saved_at, 5)")
    assert actions.forget_old_drafts(db) == 1
    assert drafts.count(db, practice.id) == 0
    assert actions.working_copy(db, practice).content == CARD


def test_another_practice_is_left_alone(
    db: Database, practice: Practice, member: Callable[[str], Member]
) -> None:
    other = actions.create(db, member("Clara"), "other", CARD)
    save_at(db, practice, [NOW - timedelta(days=number) for number in range(200)])
    assert drafts.count(db, other.id) == 1
    version = drafts.list_versions(db, other.id, 1)[0]
    with pytest.raises(NotFound):
        drafts.get(db, practice.id, version.id)


def test_who_else_saved_lately_is_known(
    db: Database, practice: Practice, member: Callable[[str], Member]
) -> None:
    bruno, long_ago = member("Bruno"), "2000-01-01T00:00:00Z"
    written_with(db, practice, bruno)
    write_all(db, practice, bruno, {**CARD, "stage": "pilot"}, 1)
    found = drafts.find_other(db, practice.id, member("Anna").id, long_ago)
    assert found
    assert found.name == "Bruno"
    assert drafts.find_other(db, practice.id, bruno.id, long_ago) is None
    assert drafts.find_other(db, practice.id, member("Anna").id, "2999-01-01T00:00:00Z") is None
