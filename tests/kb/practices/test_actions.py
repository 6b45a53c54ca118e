"""What contributors do with a practice, and what they cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlite_utils import Database

from kb.access import Member
from kb.db import NotFound, connect, path_of
from kb.practices import actions, store
from kb.practices.model import Draft, Impossible, Practice, StaleDraft
from tests.kb.practices.cases import CARD, changed

Find = Callable[[str], Member]


@pytest.fixture
def anna(member: Find) -> Member:
    return member("Anna")


@pytest.fixture
def practice(db: Database, anna: Member) -> Practice:
    return actions.create(db, anna, "key", CARD)


def test_the_same_form_sent_twice_is_one_practice(db: Database, anna: Member) -> None:
    first = actions.create(db, anna, "key", CARD)
    assert actions.create(db, anna, "key", changed(stage="pilot")).id == first.id
    assert store.count(db) == 1


def test_another_municipality_cannot_take_up_a_form(
    db: Database, practice: Practice, member: Find
) -> None:
    with pytest.raises(NotFound):
        actions.create(db, member("Clara"), "key", CARD)


def test_a_contributor_writes_for_their_own_municipality(db: Database, anna: Member) -> None:
    practice = actions.create(db, anna, "other", changed(municipality="tilos"))
    assert practice.municipality == "athens"
    actions.save(db, practice, anna, changed(municipality="tilos"), 1)
    assert store.get(db, practice.id).municipality == "athens"


def test_a_save_on_an_older_version_does_not_overwrite(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    actions.save(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    with pytest.raises(StaleDraft) as stale:
        actions.save(db, practice, anna, changed(stage="regular"), 1)
    assert stale.value.newer.content["stage"] == "pilot"
    assert actions.working_copy(db, practice).content["stage"] == "pilot"


def test_the_same_text_saved_twice_is_saved_once(
    db: Database, practice: Practice, anna: Member
) -> None:
    once = actions.save(db, practice, anna, changed(stage="pilot"), 1)
    assert actions.save(db, practice, anna, changed(stage="pilot"), 1) == once


def test_of_two_saves_at_once_one_is_told(db: Database, practice: Practice, anna: Member) -> None:
    outcomes: list[Draft | StaleDraft] = []

    def save(stage: str) -> None:
        own = connect(path_of(db))
        try:
            outcomes.append(actions.save(own, practice, anna, changed(stage=stage), 1))
        except StaleDraft as stale:
            outcomes.append(stale)
        finally:
            own.close()

    threads = [threading.Thread(target=save, args=(stage,)) for stage in ("pilot", "regular")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Draft", "StaleDraft"]


def test_submitting_gives_an_address_a_reference_a_revision_and_a_log_row(
    db: Database, practice: Practice, anna: Member
) -> None:
    done = actions.submit(db, practice, anna, 1)
    assert done.status == "submitted"
    assert done.slug == "athens-trapeza-diermineon-gia-ta-scholeia"
    assert done.reference is not None
    assert done.reference.startswith("CNI-")
    assert store.get_revision(db, done.newest_revision_id).content == CARD
    assert [entry.action for entry in store.list_log(db, done.id)] == ["submit"]


def test_submitting_twice_is_submitting_once(
    db: Database, practice: Practice, anna: Member
) -> None:
    assert actions.submit(db, practice, anna, 1) == actions.submit(db, practice, anna, 1)
    assert len(store.list_log(db, practice.id)) == 1
    assert db.execute("SELECT count(*) FROM outbox").fetchone()[0] == 2  # Anna's and Mona's


def test_an_unfinished_draft_is_not_submitted(db: Database, anna: Member) -> None:
    practice = actions.create(db, anna, "short", changed(stage=None))
    with pytest.raises(actions.Incomplete) as incomplete:
        actions.submit(db, practice, anna, 1)
    assert [problem.field for problem in incomplete.value.problems] == ["stage"]
    assert store.get(db, practice.id).status == "draft"


def test_only_what_was_shown_is_submitted(
    db: Database, practice: Practice, anna: Member, member: Find
) -> None:
    actions.save(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    with pytest.raises(StaleDraft):
        actions.submit(db, practice, anna, 1)


def test_what_is_submitted_stands_still_until_it_is_withdrawn(
    db: Database, practice: Practice, anna: Member
) -> None:
    actions.submit(db, practice, anna, 1)
    with pytest.raises(Impossible):
        actions.save(db, practice, anna, changed(stage="pilot"), 1)
    back = actions.withdraw(db, practice, anna)
    assert (back.status, actions.working_copy(db, back).content) == ("draft", CARD)
    actions.save(db, back, anna, changed(stage="pilot"), 1)


def test_resubmitting_the_same_text_makes_no_revision(
    db: Database, practice: Practice, anna: Member
) -> None:
    actions.submit(db, practice, anna, 1)
    actions.withdraw(db, practice, anna)
    actions.submit(db, practice, anna, 1)
    assert len(store.list_revisions(db, practice.id)) == 1


def test_two_practices_of_one_title_have_two_addresses(db: Database, anna: Member) -> None:
    slugs = set()
    for key in ("one", "two", "three"):
        slugs.add(actions.submit(db, actions.create(db, anna, key, CARD), anna, 1).slug)
    assert len(slugs) == 3


def test_references_count_up_within_a_year(db: Database, anna: Member) -> None:
    references = [
        actions.submit(db, actions.create(db, anna, key, CARD), anna, 1).reference
        for key in ("one", "two")
    ]
    assert [str(reference)[-4:] for reference in references] == ["-001", "-002"]


def test_a_revision_and_a_log_row_can_never_be_changed(
    db: Database, practice: Practice, anna: Member
) -> None:
    import sqlite3

    actions.submit(db, practice, anna, 1)
    for statement in (
        "UPDATE revision SET content = '{}'",
        "UPDATE moderation_log SET reason = 'other'",
        "DELETE FROM moderation_log",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            db.conn.execute(statement)
