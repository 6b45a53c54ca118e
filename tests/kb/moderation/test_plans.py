"""Publishing at a time: what the public reads before and after, and what makes a plan void."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb import mail
from kb.db import get_db, transaction
from kb.moderation import actions as moderation
from kb.moderation import plans
from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.conftest import UPDATED, Desk

SignIn = Callable[[str | None], FlaskClient]


def in_athens(days: float = 1) -> str:
    """A time to come, as the browser sends it."""
    then = datetime.now(UTC) + timedelta(days=days)
    return then.astimezone(ZoneInfo("Europe/Athens")).strftime("%Y-%m-%dT%H:%M")


def approve(client: FlaskClient, practice: Practice, at: str = "", **fields: str) -> int:
    sent = {"revision": str(practice.newest_revision_id), "when": "later", "at": at or in_athens()}
    return client.post(f"/en/review/{practice.id}/publish", data=sent | fields).status_code


def come(desk: Desk) -> None:
    """Let the time of every plan have come."""
    with transaction(desk.db):
        desk.db.execute("UPDATE planned_publication SET due = '2020-01-01T00:00:00Z'")


def public(client: FlaskClient, practice: Practice) -> str:
    answer = client.get(f"/en/practices/{practice.slug}")
    return answer.text if answer.status_code == 200 else ""


def test_public_page_has_exactly_the_approved_revision_before_and_after(
    desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = desk.updated()
    assert approve(mona, practice) == 303
    assert moderation.publish_due(desk.db) == 0
    assert "In progress" in public(client, practice)
    come(desk)
    assert moderation.publish_due(desk.db) == 1
    assert "Completed" in public(client, practice)
    assert "In progress" not in public(client, practice)
    assert moderation.publish_due(desk.db) == 0
    assert desk.log(practice) == ["submit", "publish"] * 2
    assert len(desk.mails("publish")) == 2


def test_new_practice_is_not_public_before_its_time(
    desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = desk.submitted()
    approve(mona, practice, evidence="e2", maturity="emerging")
    assert public(client, practice) == ""
    come(desk)
    moderation.publish_due(desk.db)
    assert "2 – Correlation" in public(client, practice)
    assert "Emerging" in public(client, practice)


def test_everybody_concerned_sees_the_plan(desk: Desk, mona: FlaskClient, sign_in: SignIn) -> None:
    practice = desk.submitted()
    day = datetime.now(UTC) + timedelta(days=9)
    approve(mona, practice, f"{day:%Y-%m-%d}T09:30")
    athens = datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZoneInfo("Europe/Athens"))
    planned = plans.find(desk.db, practice.id)
    assert planned is not None
    assert datetime.fromisoformat(planned.due) == athens
    said = f"{day.day} {day:%B %Y}, 09:30"
    assert f"Will be published on {said}" in mona.get("/en/review").text
    assert f"it will be published on {said}" in mona.get(f"/en/review/{practice.id}").text
    assert said in sign_in("Anna").get(f"/en/my-practices/{practice.id}").text


def test_time_is_told_from_no_time(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    for at in ("x", "2026-13-01T09:00", in_athens(-1), in_athens(400), "0001-01-01T00:00"):
        assert approve(mona, practice, at) == 400, at
    sent = {"revision": str(practice.newest_revision_id), "when": "later", "at": ""}
    answer = mona.post(f"/en/review/{practice.id}/publish", data=sent)
    assert answer.status_code == 400
    assert 'href="#at"' in answer.text
    # With "now" still chosen it is asked for, not guessed.
    assert approve(mona, practice, when="now") == 400
    assert plans.find(desk.db, practice.id) is None
    assert desk.now(practice).status == "submitted"


def test_hour_that_the_clocks_leave_out_is_no_time(app: Flask) -> None:
    from kb.moderation.forms import PublishForm
    from kb.vocabularies.store import all_vocabularies

    for typed, stored in {
        "2027-03-28T03:30": None,
        "2027-03-28T02:30": "2027-03-28T00:30:00Z",
        "2027-07-01T12:00": "2027-07-01T09:00:00Z",
    }.items():
        data = {"when": "later", "at": typed}
        with app.test_request_context(method="POST", data=data):
            form = PublishForm(all_vocabularies(get_db()))
            if stored is None:
                with pytest.raises(ValueError, match="leave that hour out"):
                    _ = form.due
            else:
                assert form.due == stored


def test_plan_sent_twice_is_one(desk: Desk, mona: FlaskClient) -> None:
    practice, at = desk.submitted(), in_athens()
    assert [approve(mona, practice, at), approve(mona, practice, at)] == [303, 303]
    steps = desk.db.execute("SELECT count(*) FROM review_step WHERE step = 'plan'")
    assert steps.fetchone()[0] == 1


def test_called_off_plan_publishes_nothing(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    approve(mona, practice)
    for _ in range(2):
        assert mona.post(f"/en/review/{practice.id}/call-off").status_code == 303
    assert plans.list_due(desk.db, "9999") == []
    assert "Mona called off" in mona.get(f"/en/review/{practice.id}").text


@pytest.mark.parametrize("action", ["publish", "request_changes", "decline"])
def test_decision_replaces_the_plan(desk: Desk, mona: FlaskClient, action: str) -> None:
    practice = desk.submitted()
    approve(mona, practice)
    desk.decide(practice, action)  # type: ignore[arg-type]
    come(desk)
    logged = desk.log(practice)
    assert moderation.publish_due(desk.db) == 0
    assert desk.log(practice) == logged


def test_what_was_taken_back_and_came_again_needs_a_new_approval(
    desk: Desk, mona: FlaskClient
) -> None:
    practice, anna = desk.submitted(), desk.member("Anna")
    approve(mona, practice)
    back = actions.withdraw(desk.db, practice, anna)
    version = actions.working_copy(desk.db, back).version
    again = actions.submit(desk.db, back, anna, version)
    assert again.newest_revision_id == practice.newest_revision_id
    assert "it will be published" not in mona.get(f"/en/review/{practice.id}").text
    come(desk)
    assert moderation.publish_due(desk.db) == 0
    assert desk.now(practice).status == "submitted"
    assert plans.list_due(desk.db, "9999") == []


def test_edited_practice_is_not_published_by_an_older_plan(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    approve(mona, practice)
    back = actions.withdraw(desk.db, practice, desk.member("Anna"))
    desk.edited(back, "Anna", UPDATED)
    come(desk)
    assert moderation.publish_due(desk.db) == 0


def test_author_plans_nothing(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted(by="Mona")
    assert approve(mona, practice) == 404
    assert mona.post(f"/en/review/{practice.id}/call-off").status_code == 404


def test_two_workers_at_once_publish_once(app: Flask, desk: Desk, mona: FlaskClient) -> None:
    practices = [desk.submitted(key=f"key {number}") for number in range(5)]
    for each in practices:
        approve(mona, each)
    come(desk)
    start, done = threading.Barrier(3), list[int]()

    def work() -> None:
        start.wait()
        with app.app_context():
            done.append(moderation.publish_due(get_db()))

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sum(done) == 5
    assert all(desk.log(each) == ["submit", "publish"] for each in practices)
    assert len(desk.mails("publish")) == 5


def test_killed_between_two_leaves_the_rest_for_the_next_time(
    desk: Desk, mona: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    practices = [desk.submitted(key=f"key {number}") for number in range(3)]
    for each in practices:
        approve(mona, each)
    come(desk)
    told, real = list[int](), moderation.mails.decided

    def die_at_the_second(*given: object) -> None:
        told.append(1)
        if len(told) == 2:
            raise KeyboardInterrupt
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("kb.moderation.mails.decided", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        moderation.publish_due(desk.db)
    assert [desk.now(each).status for each in practices] == ["published", "submitted", "submitted"]
    assert moderation.publish_due(desk.db) == 2
    assert all(desk.log(each) == ["submit", "publish"] for each in practices)
    assert len(desk.mails("publish")) == 3


def test_command_and_worker_publish_what_is_due(
    app: Flask, desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    first, second = desk.submitted(key="one"), desk.submitted(key="two")
    run = app.test_cli_runner()
    approve(mona, first)
    come(desk)
    outcome = run.invoke(args=["moderation", "publish-due"])
    assert "1 published." in outcome.output
    approve(mona, second)
    come(desk)
    assert run.invoke(args=["worker", "--once"]).exit_code == 0
    assert all(desk.now(each).is_public for each in (first, second))
    found = client.get("/api/v1/search?q=interpreters").json
    assert found["total"] == 2


def test_chore_that_fails_does_not_keep_the_mail_back(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_db: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(mail, "CHORES", [fail])
    desk.submitted()
    assert "failed" in app.test_cli_runner().invoke(args=["worker", "--once"]).output
    assert all(each["sent_at"] for each in desk.mails())


def test_what_is_planned_is_not_overdue(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    pages = ("/en/review", f"/en/review/{practice.id}")
    desk.waits_since(practice, 30)
    assert all(">Overdue<" in mona.get(page).text for page in pages)
    approve(mona, practice)
    assert all(">Overdue<" not in mona.get(page).text for page in pages)
    assert "Overdue only (0)" in mona.get("/en/review").text
    mona.post(f"/en/review/{practice.id}/call-off")
    assert all(">Overdue<" in mona.get(page).text for page in pages)
    assert "Overdue only (1)" in mona.get("/en/review").text
