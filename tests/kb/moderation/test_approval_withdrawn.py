"""What is taken back from a municipality's own approval, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.db import transaction
from kb.moderation import actions as moderation
from kb.moderation import store as desk_store
from kb.moderation.conversation import comment
from kb.moderation.desk import take_up
from kb.moderation.model import Decision, LogFilter
from kb.practices import actions
from kb.practices.approval import NotAwaiting
from kb.practices.model import Practice
from tests.kb.moderation.approvals import LATER, approve, on_the_desk, send_back, told
from tests.kb.moderation.conftest import Desk

SignIn = Callable[[str | None], FlaskClient]


def test_withdrawn_before_its_approval_the_network_never_hears_of_it(
    stages: Desk, waiting: Practice
) -> None:
    with transaction(stages.db):
        stages.db.execute("UPDATE outbox SET sent_at = created_at WHERE kind LIKE 'awaiting%'")
    back = actions.withdraw(stages.db, waiting, stages.member("Anna"))
    assert back.status == "draft"
    assert on_the_desk(stages) == []
    assert told(stages, "taken_back") == ["Bruno"]
    assert desk_store.list_log(stages.db, LogFilter()) == []
    assert told(stages, "receipt_in_house") == []
    with pytest.raises(NotAwaiting):
        approve(stages, waiting)


def test_withdrawn_at_once_nobody_is_told_of_it(stages: Desk, waiting: Practice) -> None:
    actions.withdraw(stages.db, waiting, stages.member("Anna"))
    assert stages.mails() == []


def test_withdrawn_update_leaves_the_network_what_it_had(stages: Desk) -> None:
    practice = stages.decide(approve(stages, stages.submitted()), "publish")
    update = stages.edited(practice, "Anna", LATER)
    assert update.is_public
    assert update.newest_revision_id != practice.newest_revision_id
    assert on_the_desk(stages) == []
    back = actions.withdraw(stages.db, update, stages.member("Anna"))
    assert (back.status, back.held_back) == ("published", False)
    assert back.newest_revision_id == practice.newest_revision_id
    assert actions.working_copy(stages.db, back).content == LATER
    assert on_the_desk(stages) == [practice.id]
    assert stages.decide(back, "archive").status == "archived"


def test_withdrawn_after_changes_requested_by_the_network_keeps_what_it_read(
    stages: Desk, sign_in: SignIn
) -> None:
    practice = stages.decide(approve(stages, stages.submitted()), "request_changes")
    first = practice.newest_revision_id
    stages.edited(practice, "Anna", LATER)
    back = actions.withdraw(stages.db, send_back(stages, practice), stages.member("Anna"))
    assert (back.status, back.newest_revision_id, back.held_back) == ("draft", first, False)
    mona = sign_in("Mona")
    for path in ("", "/revisions/1", "/compare", "/compare?a=1&b=1"):
        page = mona.get(f"/el/review/{practice.id}{path}")
        assert page.status_code == 200
        assert "Κρυφολέξη" not in page.text
    for path in ("/revisions/2", "/compare?a=1&b=2", "/compare?a=2&b=1"):
        assert mona.get(f"/el/review/{practice.id}{path}").status_code == 404
    assert "Κρυφολέξη" in sign_in("Anna").get(f"/el/my-practices/{practice.id}/revisions/2").text


def test_withdrawal_ends_the_review_and_keeps_what_was_said(desk: Desk) -> None:
    practice, mona = desk.submitted(), desk.member("Mona")
    take_up(desk.db, practice, mona)
    comment(desk.db, practice, mona, "a key of Mona", "title", "", "Πού;")
    decision = Decision("publish", practice.newest_revision_id or 0)
    moderation.plan(desk.db, practice, desk.member("Ada"), decision, "2999-01-01T00:00:00Z")
    actions.withdraw(desk.db, practice, desk.member("Anna"))
    for table in ("assignment", "planned_publication"):
        assert desk.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
    assert desk.db.execute("SELECT count(*) FROM comment").fetchone()[0] == 1
    assert sorted(told(desk, "withdrawn")) == ["Ada", "Mona"]
    assert told(desk, "review") == told(desk, "receipt") == []
