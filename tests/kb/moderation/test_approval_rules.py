"""Who approves for a municipality, once, and only what they have read."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.access import Member
from kb.accounts import membership
from kb.db import NotFound, connect, path_of
from kb.moderation import actions as moderation
from kb.moderation.desk import NothingWaits, take_up
from kb.moderation.model import AlreadyDecided, Decision
from kb.practices import actions, approval, held_back
from kb.practices.approval import NotAwaiting
from kb.practices.model import Impossible, Practice
from tests.kb.moderation.approvals import LATER, REASON, again, approve, told
from tests.kb.moderation.conftest import CARD, Desk

SignIn = Callable[[str | None], FlaskClient]


@pytest.mark.parametrize("name", ["Anna", "Clara", "Mona", "Ada"])
@pytest.mark.parametrize("act", ["approve", "send back"])
def test_only_the_municipalitys_coordinator_approves(
    stages: Desk, waiting: Practice, sign_in: SignIn, name: str, act: str
) -> None:
    who, revision = stages.member(name), waiting.newest_revision_id or 0
    if name == "Clara":  # of another municipality
        membership.change_rights(stages.db, None, who.id, "contributor", "thessaloniki", True)
        who = stages.member(name)
    with pytest.raises(NotFound):
        if act == "approve":
            approval.approve(stages.db, waiting, who, revision)
        else:
            approval.send_back(stages.db, waiting, who, revision, REASON)
    client, own = sign_in(name), f"/en/my-practices/{waiting.id}/approval"
    assert client.get(own).status_code == 404
    for path in ("/approve", "/request-changes"):
        answer = client.post(own + path, data={"revision": revision, "reason": REASON})
        assert answer.status_code == 404
    assert stages.now(waiting).awaits_approval


def test_moderators_do_nothing_with_what_is_held_back(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    mona, revision = stages.member("Mona"), waiting.newest_revision_id or 0
    for action in ("publish", "request_changes", "decline"):
        with pytest.raises(NotFound):
            moderation.decide(stages.db, waiting, mona, Decision(action, revision, REASON))
    with pytest.raises(NotFound):
        moderation.plan(stages.db, waiting, mona, Decision("publish", revision), "2999")
    with pytest.raises(NothingWaits):
        take_up(stages.db, waiting, mona)
    client = sign_in("Mona")
    chosen = {"do": "publish", "practice": f"{waiting.id}:{revision}"}
    page = client.post("/el/review/bulk", data=chosen, follow_redirects=True).text
    assert CARD["title"]["el"] not in page
    assert stages.now(waiting) == waiting
    assert stages.log(waiting) == ["submit"]


def test_decision_on_what_came_back_to_the_municipality_reads_who_took_it_back(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    practice = approve(stages, waiting)
    opened = practice.newest_revision_id or 0
    actions.withdraw(stages.db, practice, stages.member("Anna"))
    again(stages, practice)
    with pytest.raises(AlreadyDecided) as late:
        stages.decide(practice, "request_changes")
    assert late.value.entry.action == "withdraw"
    form = {"revision": opened, "reason": REASON}
    answer = sign_in("Mona").post(f"/en/review/{practice.id}/request-changes", data=form)
    assert answer.status_code == 409
    assert REASON in answer.text
    assert "Anna took it back" in answer.text


def test_two_coordinators_at_once_are_one_approval(
    app: Flask, stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    anna = stages.member("Anna")
    membership.change_rights(stages.db, None, anna.id, "contributor", "athens", True)
    people = [stages.member("Bruno"), stages.member("Anna")]
    outcomes: list[str] = []

    def decide(who: Member) -> None:
        with app.app_context():
            own = connect(path_of(stages.db))
            try:
                approval.approve(own, waiting, who, waiting.newest_revision_id or 0)
                outcomes.append("approved")
            except NotAwaiting:
                outcomes.append("late")
            own.close()

    threads = [threading.Thread(target=decide, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["approved", "late"]
    assert stages.log(waiting) == ["submit", "approve"]
    assert told(stages, "review") == ["Mona"]


def test_approval_meets_withdrawal_and_one_of_them_holds(
    app: Flask, stages: Desk, waiting: Practice
) -> None:
    done: list[str] = []

    def run(name: str) -> None:
        with app.app_context():
            own = connect(path_of(stages.db))
            try:
                if name == "Bruno":
                    revision = waiting.newest_revision_id or 0
                    approval.approve(own, waiting, stages.member(name), revision)
                else:
                    actions.withdraw(own, waiting, stages.member(name))
                done.append(name)
            except (NotAwaiting, Impossible):
                pass
            own.close()

    members = [threading.Thread(target=run, args=(name,)) for name in ("Bruno", "Anna")]
    for thread in members:
        thread.start()
    for thread in members:
        thread.join()
    # Withdrawing is possible in both stages, so it always wins in the end.
    assert "Anna" in done
    assert stages.now(waiting).status == "draft"
    assert stages.log(waiting) in (["submit", "withdraw"], ["submit", "approve", "withdraw"])
    assert (stages.log(waiting)[1] == "approve") == ("Bruno" in done)
    assert held_back.find(stages.db, waiting.id) is None or "Bruno" not in done
    assert told(stages, "review") == []


def test_same_approval_sent_again_changes_nothing(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    bruno, own = sign_in("Bruno"), f"/en/my-practices/{waiting.id}/approval"
    form = {"revision": waiting.newest_revision_id}
    for _time in range(2):
        assert bruno.post(f"{own}/approve", data=form).status_code == 303
    assert stages.log(waiting) == ["submit", "approve"]
    answer = bruno.get(own)
    assert answer.status_code == 303
    assert answer.location.endswith(f"/my-practices/{waiting.id}")


def test_text_that_changed_since_is_not_approved_unread(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    actions.withdraw(stages.db, waiting, stages.member("Anna"))
    stages.edited(stages.now(waiting), "Anna", LATER)
    bruno, own = sign_in("Bruno"), f"/en/my-practices/{waiting.id}/approval"
    form = {"revision": waiting.newest_revision_id, "reason": REASON}
    for path in ("/approve", "/request-changes"):
        answer = bruno.post(own + path, data=form)
        assert answer.status_code == 409
        assert "There is a newer text" in answer.text
    assert REASON in answer.text
    assert stages.now(waiting).awaits_approval
