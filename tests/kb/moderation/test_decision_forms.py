"""The forms of decisions: what they answer to bad input, and to whoever comes too late."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.moderation.model import REASON_LENGTH
from kb.practices.model import Practice
from tests.kb.moderation.conftest import UPDATED, Desk

SignIn = Callable[[str | None], FlaskClient]
READY = "Thank you for sharing your practice."


def form(practice: Practice, **fields: str) -> dict[str, str]:
    """What the form of a decision sends."""
    return {"revision": str(practice.newest_revision_id), **fields}


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
