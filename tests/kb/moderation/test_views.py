"""Who gets the pages of moderation, and what the review of a practice shows and offers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, UPDATED, Desk
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]
ACTIONS = ["publish", "request-changes", "decline", "archive", "restore"]
PAGES = ["/en/review", "/en/review/log", "/en/review/1"]


def form(practice: Practice, **fields: str) -> dict[str, str]:
    """What the form of a decision sends."""
    return {"revision": str(practice.newest_revision_id), **fields}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("name", "status"),
    [(None, 303), ("Anna", 404), ("Bruno", 404), ("Clara", 404), ("Mona", 200), ("Ada", 200)],
)
def test_pages_are_for_those_who_moderate(
    desk: Desk, sign_in: SignIn, path: str, name: str | None, status: int
) -> None:
    desk.submitted()
    assert sign_in(name).get(path).status_code == status


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("name", "author", "status"),
    [
        (None, "Anna", 303),
        ("Anna", "Anna", 404),
        ("Bruno", "Anna", 404),
        ("Clara", "Anna", 404),
        ("Mona", "Mona", 404),
        ("Ada", "Ada", 404),
    ],
)
def test_decisions_are_refused_to_everybody_else_and_to_authors(
    desk: Desk, sign_in: SignIn, action: str, name: str | None, author: str, status: int
) -> None:
    practice = desk.submitted(by=author)
    sent = form(practice, reason="Γιατί έτσι")
    answer = sign_in(name).post(f"/en/review/{practice.id}/{action}", data=sent)
    assert answer.status_code == status
    assert desk.now(practice) == practice


@pytest.mark.parametrize("number", ["2", "99999999999999999999999999", "0"])
def test_practice_that_is_not_there_is_not_found(
    desk: Desk, mona: FlaskClient, number: str
) -> None:
    desk.submitted()
    assert mona.get(f"/en/review/{number}").status_code == 404
    assert mona.post(f"/en/review/{number}/publish").status_code == 404


def test_draft_that_was_never_submitted_is_nobody_elses(desk: Desk, mona: FlaskClient) -> None:
    draft = actions.create(desk.db, desk.member("Anna"), "one", CARD)
    assert mona.get(f"/en/review/{draft.id}").status_code == 404
    assert "Interpreters" not in mona.get("/en/review").text


def test_review_shows_the_newest_revision_and_what_it_changes(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.updated()
    page = mona.get(f"/en/review/{practice.id}").text
    assert re.search(r"<del[^>]*>.*In progress.*</del>", page)
    assert re.search(r"<ins[^>]*>.*Completed.*</ins>", page)
    assert "Compared with what is published (revision 1" in page
    assert "Publish the update" in page
    assert f"/en/practices/{practice.slug}" in page


def test_review_of_a_new_practice_has_nothing_to_compare(desk: Desk, mona: FlaskClient) -> None:
    page = mona.get(f"/en/review/{desk.submitted().id}").text
    assert "What changed" not in page
    assert "By appointment every Tuesday." in page
    assert "entaxi@example.gr" in page


def test_resubmission_is_compared_with_what_was_sent_back(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.decide(desk.submitted(), "request_changes", "Έληξε;")
    desk.edited(practice, "Anna", UPDATED)
    page = mona.get(f"/en/review/{practice.id}").text
    assert "Compared with revision 1" in page
    assert "Έληξε;" in page


def test_review_says_what_is_missing(desk: Desk, mona: FlaskClient) -> None:
    page = mona.get(f"/en/review/{desk.submitted().id}").text
    assert re.search(r"\d+% of the template is filled in", page)
    assert "Transfer" in page or "What must stay" in page


def test_what_people_wrote_cannot_become_markup(desk: Desk, mona: FlaskClient) -> None:
    attack = "<script>alert(1)</script><ins>x</ins>"
    practice = desk.updated(content={**UPDATED, "title": {"el": attack, "en": attack}})
    desk.decide(practice, "decline", attack)
    for path in (f"/en/review/{practice.id}", "/en/review/log", "/en/review?status=published"):
        page = mona.get(path).text
        assert "<script>alert" not in page
        assert "<ins>x" not in page


@pytest.mark.parametrize("name", ["Mona", "Ada"])
def test_author_reads_why_there_are_no_buttons(desk: Desk, sign_in: SignIn, name: str) -> None:
    practice = desk.submitted(by=name)
    page = sign_in(name).get(f"/en/review/{practice.id}").text
    assert "You wrote in this practice yourself" in page
    assert "/publish" not in page
    assert "By appointment every Tuesday." in page


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("draft", []),
        ("submitted", ["publish", "request-changes", "decline"]),
        ("changes_requested", []),
        ("published", ["archive"]),
        ("declined", []),
        ("archived", ["restore"]),
    ],
)
def test_review_offers_what_can_be_decided(
    desk: Desk, mona: FlaskClient, status: str, offered: list[str]
) -> None:
    practice = desk.in_status(status)
    page = mona.get(f"/en/review/{practice.id}").text
    assert [each for each in ACTIONS if f"/en/review/{practice.id}/{each}" in page] == offered


def test_archiving_is_offered_while_an_update_is_mended(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.decide(desk.updated(), "request_changes")
    page = mona.get(f"/en/review/{practice.id}").text
    assert [each for each in ACTIONS if f"/en/review/{practice.id}/{each}" in page] == ["archive"]
    assert "you can only archive what is published" in page


def test_declined_update_is_not_taken_for_what_is_published(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.decide(desk.updated(), "decline")
    assert "not what is published" in mona.get(f"/en/review/{practice.id}").text


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize(
    "status", ["draft", "submitted", "changes_requested", "published", "declined", "archived"]
)
def test_pages_are_well_made_whatever_is_on_them(
    desk: Desk, mona: FlaskClient, status: str, language: str
) -> None:
    practice = desk.in_status(status)
    desk.updated(key="other")
    for path in (f"review?status={status}", f"review/{practice.id}", "review/2", "review/log"):
        page = mona.get(f"/{language}/{path}")
        assert list(faults(f"/{language}/", page.text)) == []
