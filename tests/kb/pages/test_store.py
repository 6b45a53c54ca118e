"""Counts and lists of the pages: published practices, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.pages import store
from kb.practices import actions
from kb.practices import store as practices
from tests.kb.practices.cases import changed

Publish = Callable[..., str]


@pytest.fixture
def publish(db: Database, member: Callable[[str], Member]) -> Publish:
    """Writes a practice and publishes it on the given day; returns its address."""

    def write(day: str = "2026-11-01", **fields: Any) -> str:
        content: Mapping[str, Any] = changed(**fields)
        key = str(practices.count(db))
        with transaction(db):
            number = practices.insert(
                db, submission_key=key, municipality=content["municipality"], created_by=None
            )
            practices.give_address(db, number, f"case-{number}")
            revision = practices.insert_revision(db, number, content, None)
            practices.set_public_revision(db, number, revision)
            practices.set_status(db, number, "published")
            db.execute("UPDATE practice SET published_at = ? WHERE id = ?", (day, number))
        return f"case-{number}"

    return write


def newest(db: Database, limit: int = 10) -> list[str]:
    return [card.slug for card in store.list_newest(db, limit)]


def test_only_published_practices_are_counted_and_listed(
    db: Database, publish: Publish, member: Callable[[str], Member]
) -> None:
    slug = publish()
    archived = practices.get_by_slug(db, publish())
    with transaction(db):
        practices.set_status(db, archived.id, "archived")
    actions.create(db, member("Anna"), "a draft", changed())
    counts = store.counts(db)
    assert counts.total == 1
    assert counts.by_area == {"education": 1, "mediation": 1}
    assert counts.by_municipality == {"athens": 1}
    assert newest(db) == [slug]
    assert [card.slug for card in store.list_of_municipality(db, "athens", 9)] == [slug]


def test_an_update_under_review_changes_no_card(db: Database, publish: Publish) -> None:
    practice = practices.get_by_slug(db, publish())
    with transaction(db):
        practices.insert_revision(db, practice.id, changed(areas=["housing"]), None)
        practices.set_status(db, practice.id, "submitted")
    assert store.counts(db).by_area == {"education": 1, "mediation": 1}
    assert store.list_newest(db, 1)[0].areas == ("education", "mediation")


def test_a_practice_stands_under_every_municipality_that_carries_it_out(
    db: Database, publish: Publish
) -> None:
    slug = publish(other_municipalities=["thessaloniki"])
    assert [card.slug for card in store.list_of_municipality(db, "thessaloniki", 9)] == [slug]
    assert store.counts(db).by_municipality == {"athens": 1, "thessaloniki": 1}


def test_the_newest_day_comes_first_then_members_then_each_municipality_in_turn(
    db: Database, publish: Publish
) -> None:
    old = publish("2026-10-01")
    elsewhere = publish("2026-11-01", municipality="other", place={"el": "Ουτρέχτη"})
    first, second = publish("2026-11-01"), publish("2026-11-01")
    larissa = publish("2026-11-01", municipality="larissa")
    assert newest(db) == [first, larissa, second, elsewhere, old]


def test_a_card_knows_its_place_and_year(db: Database, publish: Publish) -> None:
    publish(municipality="other", place={"el": "Ουτρέχτη", "en": "Utrecht"})
    card = store.list_newest(db, 1)[0]
    assert card.place["en"] == "Utrecht"
    assert card.year == "2021"
