"""Coordinators are reminded of what waits for them, and not for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.db import transaction
from kb.moderation.model import days_ago
from kb.practices import approval
from kb.practices.model import Practice
from tests.kb.moderation.approvals import approve, send_back, told
from tests.kb.moderation.conftest import Desk

SignIn = Callable[[str | None], FlaskClient]


def remind(desk: Desk, practice: Practice, days: int) -> list[str]:
    """Who has been reminded once it has waited for so many days."""
    since = datetime.fromisoformat(desk.now(practice).status_since)
    for _ in range(2):  # the worker asks every hour
        approval.remind(desk.db, since + timedelta(days=days, minutes=1))
    return told(desk, "approval_reminder")


def test_coordinator_is_reminded_three_times_and_then_no_more(
    stages: Desk, waiting: Practice
) -> None:
    counts = [len(remind(stages, waiting, days)) for days in (0, 6, 7, 13, 14, 21, 28, 400)]
    assert counts == [0, 0, 1, 1, 2, 3, 3, 3]
    sent = stages.mails("approval_reminder")[0]
    assert (sent["recipient"], sent["language"]) == ("bruno@example.gr", "en")
    assert re.search(r"since \d{1,2} \w+ 20\d\d a practice", sent["body"])
    assert f"/en/my-practices/{waiting.id}/approval\n" in sent["body"]


def test_worker_that_was_away_reminds_once(stages: Desk, waiting: Practice) -> None:
    assert remind(stages, waiting, 20) == ["Bruno"]


@pytest.mark.parametrize("deed", [approve, send_back])
def test_nobody_is_reminded_of_what_was_answered(
    stages: Desk, waiting: Practice, deed: Callable[[Desk, Practice], Practice]
) -> None:
    remind(stages, waiting, 7)
    deed(stages, waiting)
    assert remind(stages, waiting, 30) == []


def test_days_until_a_reminder_are_a_setting(app: Flask, stages: Desk, waiting: Practice) -> None:
    app.config["APPROVAL_DAYS"] = 0
    assert remind(stages, waiting, 300) == []
    app.config["APPROVAL_DAYS"] = 2
    assert remind(stages, waiting, 2) == ["Bruno"]


def test_coordinator_sees_what_has_waited_too_long(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    pages = ("/en/my-practices", f"/en/my-practices/{waiting.id}/approval")
    bruno = sign_in("Bruno")
    assert all(">Overdue<" not in bruno.get(page).text for page in pages)
    with transaction(stages.db):
        stages.db.execute("UPDATE practice SET status_since = ?", (days_ago(8),))
    assert all(">Overdue<" in bruno.get(page).text for page in pages)
