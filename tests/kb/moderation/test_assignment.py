"""Who has what waits: taking up, handing over, releasing, and what is overdue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.db import NotFound, transaction
from kb.moderation import assignments, desk
from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.conftest import UPDATED, Desk

SignIn = Callable[[str | None], FlaskClient]


def holder(of: Desk, practice: Practice) -> str | None:
    found = assignments.find_holder(of.db, practice.id)
    return found.name if found else None


def steps(of: Desk, practice: Practice) -> list[str]:
    return [each.step for each in reversed(assignments.list_steps(of.db, practice.id))]


def take_up(client: FlaskClient, practice: Practice) -> int:
    return client.post(f"/en/review/{practice.id}/take-up").status_code


def test_first_to_take_it_up_has_it(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    assert take_up(sign_in("Mona"), practice) == 303
    ada = sign_in("Ada")
    assert take_up(ada, practice) == 303
    assert "Mona was first and has it." in ada.get("/en/review").text
    assert holder(desk, practice) == "Mona"
    assert steps(desk, practice) == ["take_up"]


def test_taking_up_twice_is_once(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    assert [take_up(mona, practice), take_up(mona, practice)] == [303, 303]
    assert steps(desk, practice) == ["take_up"]


def test_colleague_gets_it_handed_over(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    take_up(mona, practice)
    to = {"to": str(desk.member("Ada").id)}
    answer = mona.post(f"/en/review/{practice.id}/hand-over", data=to)
    assert answer.status_code == 303
    assert holder(desk, practice) == "Ada"
    page = mona.get(f"/en/review/{practice.id}").text
    assert "Mona gave it to Ada." in page
    assert "Ada has CNI-" in page


@pytest.mark.parametrize("to", ["Anna", "nobody", "", "99999999999999999999"])
def test_only_those_who_could_review_it_get_it(desk: Desk, mona: FlaskClient, to: str) -> None:
    practice = desk.submitted()
    number = str(desk.member(to).id) if to == "Anna" else to
    answer = mona.post(f"/en/review/{practice.id}/hand-over", data={"to": number})
    assert answer.status_code == 404
    assert holder(desk, practice) is None


def test_author_does_not_get_own_practice(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted(by="Mona")
    assert take_up(sign_in("Mona"), practice) == 404
    to = {"to": str(desk.member("Mona").id)}
    assert sign_in("Ada").post(f"/en/review/{practice.id}/hand-over", data=to).status_code == 404
    assert holder(desk, practice) is None


def test_released_practice_is_nobodys(desk: Desk, mona: FlaskClient, sign_in: SignIn) -> None:
    practice = desk.submitted()
    take_up(mona, practice)
    for _ in range(2):
        assert sign_in("Ada").post(f"/en/review/{practice.id}/release").status_code == 303
    assert holder(desk, practice) is None
    assert steps(desk, practice) == ["take_up", "release"]


@pytest.mark.parametrize("action", ["publish", "decline"])
def test_what_is_decided_is_nobodys(desk: Desk, mona: FlaskClient, action: str) -> None:
    practice = desk.submitted()
    take_up(mona, practice)
    desk.decide(practice, action)  # type: ignore[arg-type]
    assert holder(desk, practice) is None
    assert take_up(mona, practice) == 409


def test_who_asked_for_changes_has_it_again_when_it_comes_back(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.submitted()
    take_up(mona, practice)
    desk.edited(desk.decide(practice, "request_changes"), "Anna", UPDATED)
    assert holder(desk, practice) == "Mona"


def test_what_was_taken_back_waits_for_nobody(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    actions.withdraw(desk.db, practice, desk.member("Anna"))
    answer = mona.post(f"/en/review/{practice.id}/take-up")
    assert answer.status_code == 409
    assert "does not wait any more" in answer.text


def test_queue_can_be_narrowed_to_who_has_it_and_to_what_is_overdue(
    desk: Desk, mona: FlaskClient
) -> None:
    mine, late = desk.submitted(key="mine"), desk.submitted(key="late")
    take_up(mona, mine)
    desk.waits_since(late, 15)
    page = mona.get("/en/review").text
    assert "Mona (1)" in page
    assert "Nobody (1)" in page
    assert "Overdue only (1)" in page
    assert page.count("govuk-tag--red") == 1
    for query, found in {
        f"holder={desk.member('Mona').id}": [mine],
        "holder=0": [late],
        "overdue=yes": [late],
        f"overdue=yes&holder={desk.member('Mona').id}": [],
        "holder=x": [mine, late],
    }.items():
        page = mona.get(f"/en/review?{query}").text
        assert [each for each in (mine, late) if f"<span>{each.reference}" in page] == found, query


def test_days_until_it_is_overdue_are_a_setting(desk: Desk, mona: FlaskClient, app: object) -> None:
    practice = desk.submitted()
    desk.waits_since(practice, 5)
    assert "govuk-tag--red" not in mona.get("/en/review").text
    app.config["REVIEW_DAYS"] = 4  # type: ignore[attr-defined]
    assert "govuk-tag--red" in mona.get("/en/review").text
    assert "Overdue" in mona.get(f"/en/review/{practice.id}").text


def test_author_follows_who_has_it_and_until_when(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    anna = sign_in("Anna")
    page = anna.get(f"/en/my-practices/{practice.id}").text
    assert "Nobody has taken it up yet." in page
    assert "An answer is expected by" in page
    take_up(mona, practice)
    page = anna.get(f"/en/my-practices/{practice.id}").text
    assert "Mona of the Coordination Team has it, since" in page
    assert "Taken up for review" in page


@pytest.mark.parametrize("path", ["take-up", "hand-over", "release"])
@pytest.mark.parametrize("name", ["Anna", "Bruno", "Clara"])
def test_contributor_gives_nothing_to_anybody(
    desk: Desk, sign_in: SignIn, path: str, name: str
) -> None:
    practice = desk.submitted()
    assert sign_in(name).post(f"/en/review/{practice.id}/{path}").status_code == 404


@pytest.mark.parametrize("sql", ["UPDATE review_step SET step = ''", "DELETE FROM review_step"])
def test_steps_are_only_ever_added_to(desk: Desk, mona: FlaskClient, sql: str) -> None:
    take_up(mona, desk.submitted())
    with pytest.raises(Exception, match="only ever added"), transaction(desk.db):
        desk.db.execute(sql)


def test_nobody_is_given_what_an_author_cannot_review(desk: Desk) -> None:
    practice = desk.submitted(by="Ada")
    with pytest.raises(NotFound):
        take_up_as(desk, practice, "Ada")


def take_up_as(of: Desk, practice: Practice, name: str) -> None:
    desk.take_up(of.db, practice, of.member(name))


@pytest.mark.parametrize(
    ("since", "days", "overdue"),
    [
        # Yesterday is a day ago, whatever the hour.
        ("2026-12-05T20:00:00Z", "1 day", False),
        # In Athens it is tomorrow already.
        ("2026-12-05T22:30:00Z", "today", False),
        # The last day, to its end; the clocks have changed since.
        ("2026-10-22T20:30:00Z", "45 days", False),
        ("2026-10-21T20:30:00Z", "46 days", True),
    ],
)
def test_days_are_those_of_a_calendar_in_athens(
    app: Flask,
    desk: Desk,
    mona: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    since: str,
    days: str,
    overdue: bool,
) -> None:
    monkeypatch.setattr("kb.moderation.model.today", lambda: date(2026, 12, 6))
    app.config["REVIEW_DAYS"] = 45
    practice = desk.submitted()
    with transaction(desk.db):
        desk.db.execute("UPDATE practice SET status_since = ?", (since,))
    queue = mona.get("/en/review").text
    assert f"<strong>{days}</strong>" in queue
    assert (">Overdue<" in queue) == overdue
    page = mona.get(f"/en/review/{practice.id}").text
    assert (">Overdue<" in page) == overdue
    assert ("Expected by 6 December 2026." in page) == (days == "45 days")


@pytest.mark.parametrize("page", ["review?holder=", "review/log?member=", "review/log.csv?member="])
def test_number_that_nobody_has_is_no_filter(mona: FlaskClient, page: str) -> None:
    assert mona.get(f"/en/{page}{10**30}").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        "is_active = 0",
        "role = 'contributor', municipality = 'athens'",
    ],
)
def test_who_has_left_has_nothing_any_more(desk: Desk, sign_in: SignIn, change: str) -> None:
    practice = desk.submitted()
    take_up(sign_in("Mona"), practice)
    with transaction(desk.db):
        desk.db.execute(f"UPDATE member SET {change} WHERE name = 'Mona'")
    ada = sign_in("Ada")
    queue = ada.get("/en/review").text
    assert "Nobody has it yet." in queue
    assert "Nobody (1)" in queue
    assert practice.reference in ada.get("/en/review?holder=0").text
    take_up(ada, practice)
    assert holder(desk, practice) == "Ada"
