"""Writing, following and reading practices over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.practices import actions, store
from kb.practices.model import Practice
from tests.kb.practices.cases import CARD, CONFIRMED, FORM, changed, written_with

SignIn = Callable[[str | None], FlaskClient]
Find = Callable[[str], Member]
NEW = {**FORM, "submission_key": "key"}


@pytest.fixture
def practice(db: Database, member: Find) -> Practice:
    """Begun by Anna; Bruno writes along."""
    practice = actions.create(db, member("Anna"), "key", CARD)
    return written_with(db, practice, member("Bruno"))


def edit(practice: Practice) -> str:
    return f"/en/my-practices/{practice.id}/edit"


def test_a_card_is_written_checked_and_submitted(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    saved = anna.post("/en/my-practices", data={**NEW, "then": "submit"})
    assert saved.status_code == 303
    check = anna.get(saved.location).text
    assert FORM["title_el"] in check
    done = anna.post(saved.location, data={**CONFIRMED, "version": "1"})
    assert done.location.endswith("/submitted")
    assert "CNI-" in anna.get(done.location).text
    practice = store.get(db, 1)
    assert practice.status == "submitted"
    assert store.get_revision(db, practice.newest_revision_id).content == CARD


def test_the_form_shows_what_was_saved(sign_in: SignIn, practice: Practice, db: Database) -> None:
    anna = sign_in("Anna")
    page = anna.get(edit(practice)).text
    for text in (FORM["title_el"], FORM["how_it_works_el"], FORM["contact_mailbox"]):
        assert text in page
    anna.post(edit(practice), data={**FORM, "version": "1"})
    assert actions.working_copy(db, practice).content == CARD


def test_a_save_keeps_what_is_not_on_the_card(sign_in: SignIn, db: Database, member: Find) -> None:
    more = changed(
        challenge={"el": "Κανείς δεν ερχόταν."}, links=[{"title": "Α", "url": "https://a.gr"}]
    )
    practice = actions.create(db, member("Anna"), "more", more)
    sign_in("Anna").post(edit(practice), data={**FORM, "version": "1", "title_el": "Άλλος τίτλος"})
    saved = actions.working_copy(db, practice).content
    assert saved == {**more, "title": {"el": "Άλλος τίτλος"}}


def test_an_unfinished_card_is_saved_and_told_what_it_lacks(sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    saved = anna.post(
        "/en/my-practices",
        data={"submission_key": "short", "title_el": "Αρχή", "then": "submit"},
    )
    page = anna.get(saved.location).text
    assert "Before it can be submitted" in page
    assert "Submit for review" not in page


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("how_it_works_el", "α" * 20_001),
        ("start", "χθες"),
        ("contact_mailbox", "nobody"),
        ("title_en", "a\x01b"),
    ],
)
def test_what_cannot_be_kept_is_a_400_with_everything_typed(
    sign_in: SignIn, practice: Practice, db: Database, name: str, text: str
) -> None:
    answer = sign_in("Anna").post(
        edit(practice), data={**FORM, "summary_en": "typed today", "version": "1", name: text}
    )
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert text.strip("\x01") in answer.text
    assert "typed today" in answer.text
    assert f'href="#{name}"' in answer.text
    # The rest is saved all the same; what cannot be stands as it was.
    saved = actions.working_copy(db, practice).content
    assert saved["summary"]["en"] == "typed today"
    code = next(code for code in CARD if name.startswith(code))
    assert saved[code] == CARD[code]


def test_a_text_over_its_limit_is_kept_but_not_submitted(
    sign_in: SignIn, practice: Practice, db: Database
) -> None:
    anna = sign_in("Anna")
    long = {**FORM, "version": "1", "title_el": "α" * 200}
    assert anna.post(edit(practice), data=long).status_code == 303
    address = f"/en/my-practices/{practice.id}/submit"
    answer = anna.post(address, data={**CONFIRMED, "version": "2"})
    assert answer.status_code == 400
    assert "at most 110 fit" in answer.text
    assert store.get(db, practice.id).status == "draft"


def test_a_stale_save_shows_both_texts_and_the_next_save_replaces(
    sign_in: SignIn, practice: Practice, db: Database
) -> None:
    sign_in("Bruno").post(
        edit(practice), data={**FORM, "version": "1", "summary_el": "Του Μπρούνο"}
    )
    anna = sign_in("Anna")
    mine = {**FORM, "version": "1", "summary_el": "Της Άννας"}
    answer = anna.post(edit(practice), data=mine)
    assert answer.status_code == 409
    assert "Του Μπρούνο" in answer.text
    assert "Της Άννας" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert anna.post(edit(practice), data={**mine, "version": "2"}).status_code == 303
    assert actions.working_copy(db, practice).content["summary"] == {"el": "Της Άννας"}


def test_a_save_after_submission_shows_what_was_typed(
    sign_in: SignIn, practice: Practice, db: Database, member: Find
) -> None:
    actions.submit(db, practice, member("Bruno"), 1)
    answer = sign_in("Anna").post(
        edit(practice), data={**FORM, "version": "1", "summary_el": "Αργοπορημένο"}
    )
    assert answer.status_code == 409
    assert "Αργοπορημένο" in answer.text


@pytest.mark.parametrize("missing", list(CONFIRMED))
def test_each_confirmation_is_needed(
    sign_in: SignIn, practice: Practice, db: Database, missing: str
) -> None:
    given = {name: "yes" for name in CONFIRMED if name != missing}
    answer = sign_in("Anna").post(
        f"/en/my-practices/{practice.id}/submit", data={**given, "version": "1"}
    )
    assert answer.status_code == 400
    assert f'href="#{missing}"' in answer.text
    assert store.get(db, practice.id).status == "draft"


@pytest.mark.parametrize(
    "extra",
    [
        {"status": "published"}, {"slug": "mine"}, {"municipality": "tilos"}, {"created_by": "5"},
        {"evidence_level": "e5"}, {"public_revision_id": "1"}, {"reference": "CNI-1"},
    ],
)  # fmt: skip
def test_a_form_sets_nothing_that_it_does_not_ask_for(
    sign_in: SignIn, practice: Practice, db: Database, extra: dict[str, str]
) -> None:
    before = store.get(db, practice.id)
    sign_in("Anna").post(edit(practice), data={**FORM, **extra, "version": "1"})
    assert store.get(db, practice.id) == before
    assert actions.working_copy(db, practice).content == CARD


@pytest.mark.parametrize("name", [None, "Clara"])
@pytest.mark.parametrize("page", ["", "/edit", "/preview", "/submit", "/submitted"])
def test_others_do_not_reach_a_draft(
    sign_in: SignIn, practice: Practice, name: str | None, page: str
) -> None:
    answer = sign_in(name).get(f"/en/my-practices/{practice.id}{page}")
    assert answer.status_code == (404 if name else 303)
    assert FORM["title_el"] not in answer.text


def test_the_network_writes_for_any_municipality_that_it_names(
    sign_in: SignIn, db: Database
) -> None:
    mona = sign_in("Mona")
    answer = mona.post("/en/my-practices", data=NEW)
    assert answer.status_code == 400
    answer = mona.post("/en/my-practices", data={**NEW, "municipality": "tilos"})
    assert answer.status_code == 303
    assert store.get(db, 1).municipality == "tilos"


def test_an_archived_practice_keeps_its_address_and_shows_no_text(
    sign_in: SignIn, practice: Practice, db: Database, member: Find
) -> None:
    from kb.db import transaction

    submitted = actions.submit(db, practice, member("Anna"), 1)
    with transaction(db):
        store.set_public_revision(db, practice.id, submitted.newest_revision_id or 0)
        actions.move(db, submitted, "publish", None)
        actions.move(db, store.get(db, practice.id), "archive", None, reason="old")
    answer = sign_in(None).get(f"/el/practices/{submitted.slug}")
    assert answer.status_code == 410
    assert FORM["title_el"] not in answer.text


def test_a_contact_for_members_is_for_members(sign_in: SignIn, db: Database, member: Find) -> None:
    from kb.db import transaction

    hidden: dict[str, Any] = {**CARD["contact"], "visibility": "network"}
    practice = actions.create(db, member("Anna"), "hidden", changed(contact=hidden))
    submitted = actions.submit(db, practice, member("Anna"), 1)
    with transaction(db):
        store.set_public_revision(db, practice.id, submitted.newest_revision_id or 0)
        actions.move(db, submitted, "publish", None)
    page = f"/en/practices/{submitted.slug}"
    assert "entaxi@example.gr" not in sign_in(None).get(page).text
    assert "entaxi@example.gr" in sign_in("Clara").get(page).text
