"""Earlier saves of a draft over HTTP: found, compared, restored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.practices import actions, drafts, store
from kb.practices.model import Practice, dump
from tests.kb.practices.cases import CARD, changed, write_all, written_with

SignIn = Callable[[str | None], FlaskClient]
Find = Callable[[str], Member]


@pytest.fixture
def practice(db: Database, member: Find) -> Practice:
    """Anna wrote it, Bruno emptied a text."""
    practice = actions.create(db, member("Anna"), "key", CARD)
    written_with(db, practice, member("Bruno"))
    write_all(db, practice, member("Bruno"), changed(how_it_works={"el": "Λίγα"}), 1)
    return practice


def address(db: Database, practice: Practice, number: int) -> str:
    version = drafts.list_versions(db, practice.id, 10)[number]
    return f"/en/my-practices/{practice.id}/history/{version.id}"


def test_the_list_says_who_changed_what(sign_in: SignIn, practice: Practice) -> None:
    page = sign_in("Anna").get(f"/en/my-practices/{practice.id}/history").text
    assert page.index("Bruno") < page.index("Anna")
    assert "How it works (Greek)" in page
    assert "words less" in page


def test_a_version_is_compared_with_the_draft(
    sign_in: SignIn, practice: Practice, db: Database
) -> None:
    page = sign_in("Anna").get(address(db, practice, 1)).text
    assert CARD["how_it_works"]["el"] in page
    assert "Λίγα" in page
    assert CARD["title"]["el"] not in page.partition("<main")[2]
    same = sign_in("Anna").get(address(db, practice, 0)).text
    assert "This is the draft as it is now." in same
    assert "Restore this version" not in same


def test_restoring_loses_nothing(sign_in: SignIn, practice: Practice, db: Database) -> None:
    anna = sign_in("Anna")
    answer = anna.post(address(db, practice, 1) + "/restore")
    assert answer.status_code == 303
    assert actions.working_copy(db, practice).content == CARD
    assert "Restored" in anna.get(answer.location).text
    anna.post(address(db, practice, 1) + "/restore")
    assert actions.working_copy(db, practice).content["how_it_works"] == {"el": "Λίγα"}


def test_what_is_with_the_moderators_is_not_restored(
    sign_in: SignIn, practice: Practice, db: Database, member: Find
) -> None:
    actions.submit(db, practice, member("Anna"), 2)
    anna = sign_in("Anna")
    assert "Restore this version" not in anna.get(address(db, practice, 1)).text
    assert anna.post(address(db, practice, 1) + "/restore").status_code == 409


def test_the_history_goes_on_after_publication(
    sign_in: SignIn, practice: Practice, db: Database, member: Find
) -> None:
    from kb.db import transaction

    submitted = actions.submit(db, practice, member("Anna"), 2)
    with transaction(db):
        store.set_public_revision(db, practice.id, submitted.newest_revision_id or 0)
        actions.move(db, submitted, "publish", None)
        store.delete_draft(db, practice.id)
    write_all(db, practice, member("Anna"), changed(stage="pilot"), 0)
    versions = drafts.list_versions(db, practice.id, 10)
    assert [version.version for version in versions] == [1, 2, 1]
    page = sign_in("Anna").get(f"/en/my-practices/{practice.id}/history").text
    assert page.count("kb-timeline__item") == 3


def test_a_practice_without_a_draft_has_no_history(
    sign_in: SignIn, db: Database, member: Find
) -> None:
    from kb.practices import records

    line = dump({**CARD, "slug": "imported"}).encode()
    assert records.import_lines(db, [line], publish=True).added == 1
    page = sign_in("Anna").get("/en/my-practices/1/history")
    assert page.status_code == 200
    assert "Nothing was saved yet." in page.text
