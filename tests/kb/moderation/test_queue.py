"""The queue: what waits on which shelf, in which order, and filters of every kind."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from kb.db import transaction
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, Desk


def counts(html: str) -> dict[str, int]:
    """What the shelves say that they hold."""
    found = re.findall(r'>([\w ]+) <span class="kb-shelves__count">\((\d+)\)', html)
    return {name: int(number) for name, number in found}


def test_queue_shows_the_oldest_first_with_its_age(desk: Desk, mona: FlaskClient) -> None:
    first, second = (
        desk.submitted(key=key, content={**CARD, "title": {"en": f"Practice {key}"}})
        for key in ("one", "two")
    )
    _submitted_at(desk, first, "2026-11-20T08:00:00Z")
    _submitted_at(desk, second, "2020-01-01T08:00:00Z")
    page = mona.get("/en/review").text
    assert page.index("Practice two") < page.index("Practice one")
    assert re.search(r"<strong>\d{4} days</strong>", page)
    assert "submitted by Anna" in page


def test_queue_counts_each_shelf_and_municipality(desk: Desk, mona: FlaskClient) -> None:
    desk.submitted(key="one")
    desk.submitted(by="Clara", content={**CARD, "municipality": "thessaloniki"}, key="two")
    desk.published(key="three")
    page = mona.get("/en/review").text
    assert counts(page) == {
        "Submitted": 2,
        "Changes requested": 0,
        "Published": 1,
        "Declined": 0,
        "Archived": 0,
        "To be confirmed": 0,
    }
    assert "All (2)" in page
    assert "Thessaloniki (1)" in page
    narrowed = mona.get("/en/review?municipality=thessaloniki").text
    assert counts(narrowed)["Submitted"] == 1
    assert counts(narrowed)["Published"] == 0
    assert "Municipality of Thessaloniki" in narrowed
    assert "Municipality of Athens" not in narrowed


@pytest.mark.parametrize(
    "status", ["submitted", "changes_requested", "published", "declined", "archived"]
)
def test_each_shelf_holds_what_has_that_status(desk: Desk, mona: FlaskClient, status: str) -> None:
    desk.in_status(status)
    for shelf in ("submitted", "changes_requested", "published", "declined", "archived"):
        # Above the shelves stand one's own latest decisions.
        page = mona.get(f"/en/review?status={shelf}").text.split('class="kb-shelves"')[1]
        assert ("Interpreters at citizen" in page) == (shelf == status)


def test_update_is_told_apart_from_what_is_new(desk: Desk, mona: FlaskClient) -> None:
    desk.submitted(key="new")
    assert ">New<" in mona.get("/en/review").text
    assert ">Update<" not in mona.get("/en/review").text
    desk.updated(key="old")
    assert ">Update<" in mona.get("/en/review").text


def test_filter_that_makes_no_sense_is_left_aside_with_a_note(
    desk: Desk, mona: FlaskClient
) -> None:
    desk.submitted()
    answer = mona.get("/en/review?status=lost&municipality=atlantis&page=-3")
    assert answer.status_code == 200
    assert "There is no such status" in answer.text
    assert "There is no such municipality" in answer.text
    assert "Interpreters at citizen" in answer.text


@pytest.mark.parametrize("page", ["2", "99999999999999999999", "x", "٣", "0", ""])
def test_page_that_is_not_there_is_the_nearest_that_is(
    desk: Desk, mona: FlaskClient, page: str
) -> None:
    desk.submitted()
    assert "Interpreters at citizen" in mona.get("/en/review", query_string={"page": page}).text


def test_long_queue_comes_in_pages_that_keep_the_filters(desk: Desk, mona: FlaskClient) -> None:
    for number in range(27):
        desk.submitted(key=f"key {number}")
    first = mona.get("/en/review?municipality=athens").text
    second = mona.get("/en/review?municipality=athens&page=2").text
    assert (first.count("kb-queue__item"), second.count("kb-queue__item")) == (25, 2)
    assert "/en/review?municipality=athens&amp;page=2" in first


def test_empty_queue_says_so(mona: FlaskClient) -> None:
    assert "Nothing waits for a decision." in mona.get("/en/review").text


def test_filters_that_leave_nothing_can_be_left_out(mona: FlaskClient) -> None:
    page = mona.get("/en/review?municipality=athens").text
    assert '<a class="govuk-link" href="/en/review?status=submitted">' in page


def _submitted_at(desk: Desk, practice: Practice, moment: str) -> None:
    with transaction(desk.db):
        desk.db.execute("UPDATE practice SET status_since = ? WHERE id = ?", (moment, practice.id))


def test_way_back_leads_to_the_queue_as_it_was_narrowed(desk: Desk, mona: FlaskClient) -> None:
    first, second = desk.submitted(key="one"), desk.submitted(key="two")
    asked = "/en/review?holder=0&municipality=athens"
    mona.get(f"{asked}&page=1&next=//evil.example&_external=1")
    assert f'href="{asked.replace("&", "&amp;")}"' in mona.get(f"/en/review/{first.id}").text
    sent = {"revision": first.newest_revision_id}
    assert mona.post(f"/en/review/{first.id}/publish", data=sent).location == asked
    chosen = {"do": "publish", "practice": f"{second.id}:{second.newest_revision_id}"}
    mona.post("/en/review/bulk", data=chosen)
    assert f'href="{asked.replace("&", "&amp;")}"' in mona.get("/en/review/bulk").text
    assert mona.post("/en/review/bulk", data={}).location == asked
    mona.get("/en/review?status=nonsense&municipality=nowhere")
    assert mona.post("/en/review/bulk", data={}).location == "/en/review"


def test_way_back_keeps_the_shelf_and_what_is_overdue(desk: Desk, mona: FlaskClient) -> None:
    desk.submitted()
    for asked in ("/en/review?status=published", "/en/review?overdue=yes"):
        mona.get(asked)
        assert mona.post("/en/review/bulk", data={}).location == asked
