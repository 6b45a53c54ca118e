"""The pages of moderation: who gets them, what they show, what they answer to bad input."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.db import transaction
from kb.moderation.model import REASON_LENGTH
from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, UPDATED, Desk
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]
ACTIONS = ["publish", "request-changes", "decline", "archive", "restore"]
PAGES = ["/en/review", "/en/review/log", "/en/review/1"]
READY = "Thank you for sharing your practice."


def form(practice: Practice, **fields: str) -> dict[str, str]:
    """What the form of a decision sends."""
    return {"revision": str(practice.newest_revision_id), **fields}


def counts(html: str) -> dict[str, int]:
    """What the shelves say that they hold."""
    found = re.findall(r'>([\w ]+) <span class="kb-shelves__count">\((\d+)\)', html)
    return {name: int(number) for name, number in found}


# Who gets in


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


# The queue


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


# The review


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


# The decisions


def test_decision_leads_back_to_the_queue_and_says_what_was_done(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.submitted()
    answer = mona.post(f"/en/review/{practice.id}/publish", data=form(practice))
    assert (answer.status_code, answer.location) == (303, "/en/review")
    assert f"{practice.reference} is published." in mona.get("/en/review").text
    assert desk.now(practice).is_public


def test_double_click_is_answered_as_done(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    for _ in range(2):
        answer = mona.post(f"/en/review/{practice.id}/publish", data=form(practice))
        assert answer.status_code == 303
    assert desk.log(practice) == ["submit", "publish"]


@pytest.mark.parametrize("action", ["request-changes", "decline", "archive"])
@pytest.mark.parametrize("reason", ["", "  \r\n\t ", "\u200b", "…!?"])
def test_reason_that_says_nothing_is_asked_for(
    desk: Desk, mona: FlaskClient, action: str, reason: str
) -> None:
    practice = desk.published() if action == "archive" else desk.submitted()
    sent = form(practice, reason=reason)
    answer = mona.post(f"/en/review/{practice.id}/{action}", data=sent)
    assert answer.status_code == 400
    assert "<title>Error:" in answer.text
    assert 'href="#reason"' in answer.text
    assert desk.now(practice) == practice


def test_reason_that_is_too_long_is_kept_for_shortening(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    reason = "λ" * (REASON_LENGTH + 1)
    answer = mona.post(f"/en/review/{practice.id}/decline", data=form(practice, reason=reason))
    assert answer.status_code == 400
    assert f"The reason has {REASON_LENGTH + 1} characters" in answer.text
    assert reason in answer.text
    reason = reason[1:]
    answer = mona.post(f"/en/review/{practice.id}/decline", data=form(practice, reason=reason))
    assert answer.status_code == 303
    assert desk.mails("decline")[0]["body"].count("λ" * REASON_LENGTH) == 1


def test_line_breaks_of_browsers_count_once(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    sent = form(practice, reason="α\r\n" * (REASON_LENGTH // 2))
    assert mona.post(f"/en/review/{practice.id}/decline", data=sent).status_code == 303


def test_reason_that_cannot_be_shown_is_refused(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    sent = form(practice, reason="κακό\x00")
    answer = mona.post(f"/en/review/{practice.id}/decline", data=sent)
    assert answer.status_code == 400
    assert "U+0000" in answer.text


@pytest.mark.parametrize(
    ("ready", "typed", "expected"),
    [
        ("unclear-context", "", [READY]),
        ("unclear-context", "Which street?", [READY, "Which street?"]),
        ("", "Which street?", ["Which street?"]),
        ("nonsense", "Which street?", ["Which street?"]),
    ],
)
def test_ready_text_goes_before_what_was_typed(
    desk: Desk, mona: FlaskClient, ready: str, typed: str, expected: list[str]
) -> None:
    practice = desk.submitted(by="Bruno")
    sent = form(practice, ready=ready, reason=typed)
    assert mona.post(f"/el/review/{practice.id}/decline", data=sent).status_code == 303
    reason = desk.db.execute("SELECT reason FROM moderation_log ORDER BY id DESC").fetchone()[0]
    assert [part for part in (READY, "Which street?") if part in reason] == expected
    assert reason.startswith(expected[0])


def test_ready_text_is_in_the_language_of_who_reads_it(desk: Desk, mona: FlaskClient) -> None:
    english = mona.get(f"/en/review/{desk.submitted(by='Bruno', key='one').id}").text
    greek = mona.get(f"/en/review/{desk.submitted(by='Anna', key='two').id}").text
    assert READY in english
    assert "Σας ευχαριστούμε για την πρακτική" in greek
    assert "The contributor reads this, in Greek." in greek


@pytest.mark.parametrize("revision", ["", "x", "-1", "1.5", "²"])
def test_form_that_names_no_revision_is_refused(
    desk: Desk, mona: FlaskClient, revision: str
) -> None:
    practice = desk.submitted()
    for action in ("publish", "decline"):
        sent = {"revision": revision, "reason": "Ναι"}
        answer = mona.post(f"/en/review/{practice.id}/{action}", data=sent)
        assert answer.status_code == 400
        assert "This form was not sent whole." in answer.text
    assert desk.now(practice) == practice


def test_late_decision_reads_who_was_first_and_keeps_what_was_written(
    desk: Desk, sign_in: SignIn
) -> None:
    practice = desk.decide(desk.submitted(), "publish", by="Mona")
    sent = form(practice, reason="Δεν ταιριάζει\nεδώ.")
    answer = sign_in("Ada").post(f"/en/review/{practice.id}/decline", data=sent)
    assert answer.status_code == 409
    assert re.search(r"Mona published it on \d+ \w+ 20\d\d, \d\d:\d\d\.", answer.text)
    assert "Δεν ταιριάζει\nεδώ." in answer.text
    assert desk.now(practice) == practice


def test_decision_after_a_withdrawal_reads_that_it_was_taken_back(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.in_status("draft")
    answer = mona.post(f"/en/review/{practice.id}/publish", data=form(practice))
    assert answer.status_code == 409
    assert "Anna took it back" in answer.text


def test_decision_on_an_older_revision_reads_that_there_is_a_newer(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.submitted()
    desk.edited(desk.decide(practice, "request_changes"), "Anna", UPDATED)
    sent = form(practice, reason="Μου φαίνεται παλιό")
    answer = mona.post(f"/en/review/{practice.id}/decline", data=sent)
    assert answer.status_code == 409
    assert "Revision 2 came in on" in answer.text
    assert "Μου φαίνεται παλιό" in answer.text


# The log


def test_log_shows_the_newest_first_with_reasons(desk: Desk, mona: FlaskClient) -> None:
    desk.decide(desk.submitted(), "decline", "Εκτός θέματος.")
    page = mona.get("/en/review/log").text
    assert page.index("govuk-tag--red") < page.index("govuk-tag--blue")
    assert "Εκτός θέματος." in page


def test_log_can_be_narrowed_to_a_practice_and_a_decision(desk: Desk, mona: FlaskClient) -> None:
    first = desk.published(key="one")
    second = desk.decide(desk.submitted(key="two"), "decline")
    page = mona.get("/en/review/log", query_string={"reference": f" {second.reference.lower()} "})
    assert second.reference in page.text
    assert f"<span>{first.reference}</span>" not in page.text
    page = mona.get("/en/review/log?action=publish")
    assert f"<span>{first.reference}</span>" in page.text
    assert f"<span>{second.reference}</span>" not in page.text


def test_log_filter_that_makes_no_sense_is_left_aside_with_a_note(
    desk: Desk, mona: FlaskClient
) -> None:
    desk.submitted()
    answer = mona.get("/en/review/log?reference=CNI-1&action=burn&page=7")
    assert answer.status_code == 200
    assert "There is no practice with that reference" in answer.text
    assert "There is no such decision" in answer.text
    assert ">Submitted<" in answer.text


@pytest.mark.parametrize(
    "sql", ["UPDATE moderation_log SET reason = ''", "DELETE FROM moderation_log"]
)
def test_log_is_only_ever_added_to(desk: Desk, sql: str) -> None:
    desk.submitted()
    with pytest.raises(Exception, match="only ever added"), transaction(desk.db):
        desk.db.execute(sql)


def _submitted_at(desk: Desk, practice: Practice, moment: str) -> None:
    with transaction(desk.db):
        desk.db.execute("UPDATE practice SET status_since = ? WHERE id = ?", (moment, practice.id))
