"""Archiving what is public while its municipality holds an update of it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.moderation import actions as moderation
from kb.moderation import store as desk_store
from kb.moderation.model import AlreadyDecided, Decision, LogFilter
from kb.practices import actions, authorship
from kb.practices.approval import NotAwaiting
from kb.practices.model import Practice
from tests.kb.moderation.approvals import LATER, REASON, approve, on_the_desk, send_back, told
from tests.kb.moderation.conftest import CARD, Desk
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]
SECRET = LATER["title"]["el"]


@pytest.fixture
def update(stages: Desk) -> Practice:
    """A public practice of which Anna has submitted an update that Bruno has not approved."""
    practice = stages.decide(approve(stages, stages.submitted()), "publish")
    return stages.edited(practice, "Anna", LATER)


def form(practice: Practice, **fields: str) -> dict[str, str]:
    return {"revision": str(practice.public_revision_id), "reason": REASON, **fields}


def address(practice: Practice) -> str:
    return f"/en/review/{practice.id}/take-down"


def shown(mona: FlaskClient, *paths: str) -> str:
    return "".join(mona.get(path).text for path in paths)


@pytest.mark.parametrize("is_sent_back", [False, True])
def test_public_text_is_archived_and_the_held_back_one_stays_a_draft(
    stages: Desk, update: Practice, mona: FlaskClient, is_sent_back: bool
) -> None:
    if is_sent_back:
        send_back(stages, update)
    answer = mona.post(address(update), data=form(update))
    assert answer.location == f"/en/review/{update.id}"
    after = stages.now(update)
    assert (after.status, after.held_back) == ("archived", False)
    assert after.newest_revision_id == after.public_revision_id == update.public_revision_id
    assert actions.working_copy(stages.db, after).content == LATER
    assert mona.get(f"/en/practices/{update.slug}").status_code == 410
    assert "Undo" not in mona.get("/en/review").text
    back = stages.decide(after, "restore")
    assert back.is_public
    again = stages.edited(back, "Anna", {**LATER, "stage": "completed", "end": "2024"})
    assert again.awaits_approval


def test_moderators_see_nothing_of_what_is_held_back(
    stages: Desk, update: Practice, mona: FlaskClient
) -> None:
    public = f"/en/practices/{update.slug}"
    assert address(update) in mona.get(public).text
    page = mona.get(address(update)).text
    assert CARD["title"]["en"] in page
    assert list(faults("/en/", page)) == []
    mona.post(address(update), data=form(update))
    assert on_the_desk(stages) == [update.id]
    own = f"/el/review/{update.id}"
    paths = (public, own, f"{own}/compare", "/el/review?status=archived", "/el/review/log")
    assert SECRET not in page + shown(mona, *paths, "/el/review/log.csv")
    lines = desk_store.list_log(stages.db, LogFilter(action="archive"))
    (line,) = [(each.entry.status_before, each.entry.status_after) for each in lines]
    assert line == ("published", "archived")
    assert [each.entry.reason for each in lines] == [REASON]


def test_all_authors_are_told_and_no_coordinator_is_called_any_more(
    stages: Desk, update: Practice, mona: FlaskClient
) -> None:
    authorship.join(stages.db, update, stages.member("Bruno"))
    assert told(stages, "awaiting_approval")
    mona.post(address(update), data=form(update))
    assert sorted(told(stages, "archive")) == ["Anna", "Bruno"]
    assert all(REASON in each["body"] for each in stages.mails("archive"))
    assert not any(SECRET in each["body"] for each in stages.mails("archive"))
    assert told(stages, "awaiting_approval") == []
    with pytest.raises(NotAwaiting):
        approve(stages, update)


def test_double_click_is_answered_as_done(
    stages: Desk, update: Practice, mona: FlaskClient
) -> None:
    for _time in range(2):
        assert mona.post(address(update), data=form(update)).status_code == 303
    assert stages.log(update).count("archive") == 1
    assert mona.get(address(update)).location == f"/en/review/{update.id}"


def test_reason_is_asked_for(stages: Desk, update: Practice, mona: FlaskClient) -> None:
    answer = mona.post(address(update), data=form(update, reason="…"))
    assert answer.status_code == 400
    assert 'href="#reason"' in answer.text
    assert SECRET not in answer.text
    assert stages.now(update) == update


def test_late_one_reads_who_was_first_and_keeps_what_was_written(
    stages: Desk, update: Practice, mona: FlaskClient
) -> None:
    approve(stages, update)
    answer = mona.post(address(update), data=form(update))
    assert answer.status_code == 409
    assert REASON in answer.text
    assert "approved it" in answer.text
    assert stages.now(update).status == "submitted"


def test_other_revision_than_the_public_one_is_not_taken_down(
    stages: Desk, update: Practice
) -> None:
    decision = Decision("archive", update.newest_revision_id or 0, REASON)
    with pytest.raises(AlreadyDecided):
        moderation.take_down(stages.db, update, stages.member("Mona"), decision)
    assert stages.now(update) == update


@pytest.mark.parametrize("name", ["Anna", "Bruno", "Clara", None])
def test_only_moderators_take_it_down(
    stages: Desk, update: Practice, sign_in: SignIn, name: str | None
) -> None:
    client = sign_in(name)
    answer = client.post(address(update), data=form(update))
    assert answer.status_code == (404 if name else 303)
    assert address(update) not in client.get(f"/en/practices/{update.slug}").text
    assert stages.now(update) == update


def test_whoever_wrote_in_it_does_not_take_it_down(stages: Desk, sign_in: SignIn) -> None:
    practice = stages.decide(approve(stages, stages.submitted(by="Mona")), "publish", by="Ada")
    authorship.join(stages.db, practice, stages.member("Anna"))
    update = stages.edited(practice, "Anna", LATER)
    assert update.awaits_approval
    assert sign_in("Mona").post(address(update), data=form(update)).status_code == 404
    assert sign_in("Ada").post(address(update), data=form(update)).status_code == 303


def test_what_never_was_public_is_not_found(
    stages: Desk, waiting: Practice, mona: FlaskClient
) -> None:
    sent = {"revision": str(waiting.newest_revision_id), "reason": REASON}
    assert mona.get(address(waiting)).status_code == 404
    assert mona.post(address(waiting), data=sent).status_code == 404


def test_what_can_be_reviewed_is_archived_there(stages: Desk, mona: FlaskClient) -> None:
    practice = stages.decide(approve(stages, stages.submitted()), "publish")
    assert mona.get(address(practice)).location == f"/en/review/{practice.id}"
    assert address(practice) not in mona.get(f"/en/practices/{practice.slug}").text
