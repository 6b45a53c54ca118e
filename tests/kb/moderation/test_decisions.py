"""Decisions: who may take which, when, and what one leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from kb.access import Member
from kb.db import NotFound, get_db
from kb.moderation.actions import decide
from kb.moderation.model import AlreadyDecided, Decision, StaleRevision
from kb.practices import actions, store
from kb.practices.model import TRANSITIONS, Action, Status
from tests.kb.moderation.conftest import CARD, UPDATED, Desk

DECISIONS: list[Action] = ["publish", "request_changes", "decline", "archive", "restore"]
STATUSES: list[Status] = [
    "draft",
    "submitted",
    "changes_requested",
    "published",
    "declined",
    "archived",
]
LEADS_TO = {
    "publish": "published",
    "request_changes": "changes_requested",
    "decline": "declined",
    "archive": "archived",
    "restore": "published",
}


@pytest.mark.parametrize("action", DECISIONS)
@pytest.mark.parametrize("status", STATUSES)
def test_decision_is_possible_only_where_the_transitions_say(
    desk: Desk, status: Status, action: Action
) -> None:
    practice = desk.in_status(status)
    logged, mails = desk.log(practice), len(desk.mails())
    if status in TRANSITIONS[action]:
        assert desk.decide(practice, action, "Γιατί έτσι.").status == LEADS_TO[action]
        assert desk.log(practice) == [*logged, action]
        assert len(desk.mails(action)) >= 1
        assert len(desk.mails()) == mails + 1
    else:
        with pytest.raises(AlreadyDecided):
            desk.decide(practice, action, "Γιατί έτσι.", by="Ada")
        assert desk.now(practice) == practice
        assert desk.log(practice) == logged
        assert len(desk.mails()) == mails


def test_what_is_public_can_be_archived_while_an_update_is_mended(desk: Desk) -> None:
    practice = desk.decide(desk.updated(), "request_changes")
    archived = desk.decide(practice, "archive", "Λέει πού είναι το κατάλυμα.")
    assert (archived.status, archived.is_public) == ("archived", False)
    assert desk.decide(archived, "restore").public_revision_id == practice.public_revision_id
    desk.edited(practice, "Anna", {**UPDATED, "end": "2025"})
    assert desk.now(practice).status == "submitted"


@pytest.mark.parametrize("name", ["Anna", "Bruno", "Clara"])
def test_contributor_decides_on_nothing(desk: Desk, name: str) -> None:
    practice = desk.submitted()
    with pytest.raises(NotFound):
        desk.decide(practice, "publish", by=name)
    assert desk.now(practice).status == "submitted"


@pytest.mark.parametrize("name", ["Mona", "Ada"])
def test_author_does_not_decide_on_own_practice(desk: Desk, name: str) -> None:
    practice = desk.submitted(by=name)
    with pytest.raises(NotFound):
        desk.decide(practice, "publish", by=name)
    other = "Ada" if name == "Mona" else "Mona"
    assert desk.decide(practice, "publish", by=other).status == "published"


def test_log_row_says_who_did_what_to_which_revision_and_why(
    desk: Desk, member: Callable[[str], Member]
) -> None:
    practice = desk.decide(desk.submitted(), "request_changes", "Ποιοι εξυπηρετούνται;")
    entry = store.list_log(desk.db, practice.id)[0]
    assert (entry.action, entry.member_id, entry.member_name) == (
        "request_changes",
        member("Mona").id,
        "Mona",
    )
    assert (entry.status_before, entry.status_after) == ("submitted", "changes_requested")
    assert (entry.revision_id, entry.reason) == (
        practice.newest_revision_id,
        "Ποιοι εξυπηρετούνται;",
    )


def test_same_decision_sent_twice_is_one_decision(desk: Desk) -> None:
    practice = desk.submitted()
    assert desk.decide(practice, "decline", "Άλλο θέμα.").status == "declined"
    assert desk.decide(practice, "decline", "Άλλο θέμα.").status == "declined"
    assert desk.log(practice) == ["submit", "decline"]
    assert len(desk.mails("decline")) == 1


def test_same_decision_with_another_reason_does_not_pass_for_done(desk: Desk) -> None:
    practice = desk.submitted()
    desk.decide(practice, "decline", "Άλλο θέμα.")
    with pytest.raises(AlreadyDecided):
        desk.decide(practice, "decline", "Υπάρχει ήδη.")


def test_second_moderator_learns_who_decided_what_and_when(desk: Desk) -> None:
    practice = desk.submitted()
    desk.decide(practice, "publish", by="Mona")
    with pytest.raises(AlreadyDecided) as refused:
        desk.decide(practice, "publish", by="Ada")
    assert (refused.value.entry.member_name, refused.value.entry.action) == ("Mona", "publish")


def test_decision_on_an_older_revision_is_refused(
    desk: Desk, member: Callable[[str], Member]
) -> None:
    practice = desk.submitted()
    looked_at = practice.newest_revision_id or 0
    practice = desk.edited(desk.decide(practice, "request_changes"), "Anna", UPDATED)
    with pytest.raises(StaleRevision) as refused:
        decide(desk.db, practice, member("Ada"), Decision("publish", looked_at))
    assert refused.value.newest.number == 2
    assert desk.now(practice).status == "submitted"


def test_decision_that_was_right_before_a_resubmission_is_not_taken_for_a_double_click(
    desk: Desk,
) -> None:
    practice = desk.decide(desk.submitted(), "request_changes", "Τι άλλαξε;")
    practice = desk.edited(practice, "Anna", UPDATED)
    practice = desk.decide(practice, "request_changes", "Τι άλλαξε;")
    assert practice.status == "changes_requested"
    assert desk.log(practice) == ["submit", "request_changes"] * 2


def test_two_moderators_at_once_make_one_decision(
    app: Flask, desk: Desk, member: Callable[[str], Member]
) -> None:
    practice = desk.submitted()
    start = threading.Barrier(6)
    outcomes: list[str] = []

    def click(name: str, action: Action) -> None:
        decision = Decision(action, practice.newest_revision_id or 0, f"{name} λέει")
        person = member(name)
        start.wait()
        with app.app_context():
            try:
                decide(get_db(), practice, person, decision)
                outcomes.append(name)
            except AlreadyDecided:
                outcomes.append("too late")

    clicks: list[tuple[str, Action]] = [("Mona", "publish"), ("Ada", "decline")] * 3
    threads = [threading.Thread(target=click, args=each) for each in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("too late") == 3
    assert len(set(outcomes)) == 2
    assert len(desk.log(practice)) == 2
    assert len(desk.mails("publish") + desk.mails("decline")) == 1


def test_published_revision_stays_public_while_an_update_is_under_review(desk: Desk) -> None:
    practice = desk.updated()
    assert (practice.status, practice.is_public) == ("submitted", True)
    assert _public_stage(desk) == "running"
    practice = desk.decide(practice, "request_changes")
    assert _public_stage(desk) == "running"
    desk.decide(desk.edited(practice, "Anna", {**UPDATED, "end": "2025"}), "publish")
    assert _public_stage(desk) == "completed"


def test_declined_update_leaves_what_was_published(desk: Desk) -> None:
    practice = desk.decide(desk.updated(by="Bruno"), "decline", "Δεν έληξε.")
    assert (practice.status, practice.is_public) == ("published", True)
    assert _public_stage(desk) == "running"
    assert "stays as it is" in _english(desk, "decline")


def test_archived_practice_is_public_again_only_once_restored(desk: Desk) -> None:
    practice = desk.decide(desk.published(), "archive", "Έληξε.")
    assert not practice.is_public
    assert _public_stage(desk) is None
    assert desk.decide(practice, "restore").is_public
    assert _public_stage(desk) == "running"
    assert store.list_log(desk.db, practice.id)[0].revision_id == practice.public_revision_id


def test_archiving_after_a_declined_update_is_about_the_public_revision(desk: Desk) -> None:
    practice = desk.decide(desk.updated(), "decline")
    desk.decide(practice, "archive")
    assert store.list_log(desk.db, practice.id)[0].revision_id == practice.public_revision_id


def test_draft_goes_once_the_same_is_published(desk: Desk) -> None:
    practice = desk.submitted()
    assert store.find_draft(desk.db, practice.id) is not None
    desk.decide(practice, "publish")
    assert store.find_draft(desk.db, practice.id) is None


def test_draft_stays_where_it_says_something_else(
    desk: Desk, member: Callable[[str], Member]
) -> None:
    practice = desk.submitted()
    later = {**CARD, "stage": "pilot"}
    with desk.db.conn:
        store.put_draft(desk.db, practice.id, later, 2, member("Anna").id)
    practice = desk.decide(practice, "publish")
    assert actions.working_copy(desk.db, practice).content["stage"] == "pilot"


def test_draft_stays_when_changes_are_requested(desk: Desk) -> None:
    practice = desk.decide(desk.submitted(), "request_changes")
    assert actions.working_copy(desk.db, practice).content == CARD


def test_practice_belongs_to_the_municipality_that_its_text_names(desk: Desk) -> None:
    practice = desk.submitted(by="Mona", content={**CARD, "municipality": "larissa"})
    with desk.db.conn:
        store.set_municipality(desk.db, practice.id, "athens")
    assert desk.decide(practice, "publish", by="Ada").municipality == "larissa"


def test_every_decision_is_told_to_search(desk: Desk) -> None:
    practice = desk.submitted()
    seen = _newest_change(desk)
    for action in ("publish", "archive", "restore"):
        practice = desk.decide(practice, action)
        assert _newest_change(desk) > seen
        seen = _newest_change(desk)


def test_failed_message_undoes_the_decision(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = desk.submitted()
    monkeypatch.setattr("kb.moderation.mails.decided", _fail)
    with pytest.raises(OSError, match="full"):
        desk.decide(practice, "publish")
    assert desk.now(practice) == practice
    assert desk.log(practice) == ["submit"]


def _fail(*_arguments: object) -> None:
    raise OSError("full")


def _public_stage(desk: Desk) -> str | None:
    """The stage as everybody reads it."""
    contents = [revision.content for _, revision in store.all_public(desk.db)]
    return contents[0]["stage"] if contents else None


def _newest_change(desk: Desk) -> int:
    return int(desk.db.execute("SELECT max(seq) FROM change").fetchone()[0])


def _english(desk: Desk, kind: str) -> str:
    return str(desk.mails(kind)[-1]["body"])
