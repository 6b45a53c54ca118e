"""The pages of a municipality's own approval."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from kb.moderation.conversation import answer, comment
from kb.practices import actions
from kb.practices.model import Practice
from tests.kb.moderation.approvals import LATER, approve, told
from tests.kb.moderation.conftest import UPDATED, Desk

SignIn = Callable[[str | None], FlaskClient]


def test_reason_is_required(stages: Desk, waiting: Practice, sign_in: SignIn) -> None:
    own = f"/en/my-practices/{waiting.id}/approval/request-changes"
    form = {"revision": waiting.newest_revision_id, "reason": " . "}
    answer = sign_in("Bruno").post(own, data=form)
    assert answer.status_code == 400
    assert "Write the reason" in answer.text


def test_coordinator_finds_what_waits_and_reads_what_changes(stages: Desk, sign_in: SignIn) -> None:
    practice = stages.decide(approve(stages, stages.submitted()), "publish")
    stages.edited(practice, "Anna", UPDATED)
    bruno = sign_in("Bruno")
    own = f"/en/my-practices/{practice.id}/approval"
    assert own in bruno.get("/en/my-practices").text
    assert own not in sign_in("Anna").get("/en/my-practices").text
    page = bruno.get(own).text
    assert "What changed" in page
    assert "Completed" in page
    follow = sign_in("Anna").get(f"/en/my-practices/{practice.id}").text
    assert "Your municipality’s coordinator has it" in follow
    assert "Next: the coordinator of your municipality reads it" in follow


def test_answer_is_read_with_what_it_belongs_to(stages: Desk, sign_in: SignIn) -> None:
    practice, anna = approve(stages, stages.submitted()), stages.member("Anna")
    comment(stages.db, practice, stages.member("Mona"), "a key of Mona", "title", "", "Πού;")
    stages.edited(stages.decide(practice, "request_changes"), "Anna", LATER)
    answer(stages.db, practice, anna, "a key of Anna", 1, "Παντού.", is_own=True)
    assert told(stages, "answered") == []
    approve(stages, practice)
    page = sign_in("Mona").get(f"/el/review/{practice.id}/comments/1").text
    assert "Παντού." in page
    actions.withdraw(stages.db, practice, anna)
    answer(stages.db, practice, anna, "another key", 1, "Και αλλού.", is_own=True)
    assert told(stages, "answered") == ["Mona"]
