"""A municipality's own approval: what waits for it, who sees it, how it goes on or comes back."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.access import Member
from kb.accounts import membership
from kb.db import NotFound, connect, path_of, transaction
from kb.moderation import actions as moderation
from kb.moderation import store as desk_store
from kb.moderation.conversation import answer, comment
from kb.moderation.desk import NothingWaits, take_up
from kb.moderation.model import AlreadyDecided, Decision, LogFilter, Shelf, days_ago
from kb.practices import actions, approval, authorship, held_back, records, store
from kb.practices.approval import NotAwaiting
from kb.practices.model import Impossible, NotAuthor, Practice, dump
from kb.search.syncing import indexes
from tests.kb.moderation.conftest import CARD, UPDATED, Desk

SignIn = Callable[[str | None], FlaskClient]
REASON = "Λείπει ο αριθμός των σχολείων."
LATER = {**CARD, "title": {"el": "Κρυφολέξη για τον δήμο"}}


@pytest.fixture
def stages(desk: Desk) -> Desk:
    """Athens approves first, and Bruno is its coordinator."""
    with transaction(desk.db):
        desk.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        desk.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    return desk


@pytest.fixture
def waiting(stages: Desk) -> Practice:
    """What Anna has submitted, and Bruno has not approved."""
    return stages.submitted()


def approve(desk: Desk, practice: Practice, by: str = "Bruno") -> Practice:
    fresh = desk.now(practice)
    approval.approve(desk.db, fresh, desk.member(by), fresh.newest_revision_id or 0)
    return desk.now(practice)


def send_back(desk: Desk, practice: Practice, reason: str = REASON) -> Practice:
    fresh = desk.now(practice)
    revision = fresh.newest_revision_id or 0
    approval.send_back(desk.db, fresh, desk.member("Bruno"), revision, reason)
    return desk.now(practice)


def again(desk: Desk, practice: Practice, by: str = "Anna") -> Practice:
    version = actions.working_copy(desk.db, desk.now(practice)).version
    return actions.submit(desk.db, desk.now(practice), desk.member(by), version)


def told(desk: Desk, kind: str) -> list[str]:
    return [each["recipient"].partition("@")[0].capitalize() for each in desk.mails(kind)]


def on_the_desk(desk: Desk) -> list[int]:
    """The practices that moderators are shown, on any shelf."""
    shelves = desk_store.count_by_status(desk.db, None)
    found = [
        item.practice_id
        for status in shelves
        for item in desk_store.list_queue(desk.db, Shelf(status), 99, 0)
    ]
    assert len(found) == sum(shelves.values())
    rows = desk.db.execute("SELECT id FROM desk_document")
    assert sorted(found) == sorted(row["id"] for row in rows)
    return sorted(found)


def test_submission_waits_for_the_coordinator_first(stages: Desk, waiting: Practice) -> None:
    assert (waiting.status, waiting.awaits_approval) == ("submitted", True)
    assert told(stages, "receipt_in_house") == ["Anna"]
    assert told(stages, "awaiting_approval") == ["Bruno"]
    assert told(stages, "review") == told(stages, "receipt") == []
    assert on_the_desk(stages) == []


def test_approved_it_waits_for_the_moderators_from_then_on(stages: Desk, waiting: Practice) -> None:
    with transaction(stages.db):
        stages.db.execute("UPDATE practice SET status_since = '2020-01-01T00:00:00Z'")
    approved = approve(stages, waiting)
    assert (approved.status, approved.held_back) == ("submitted", False)
    assert approved.status_since > "2026"
    assert stages.log(waiting) == ["submit", "approve"]
    assert told(stages, "review") == ["Mona"]
    assert told(stages, "approved") == ["Anna"]
    assert on_the_desk(stages) == [waiting.id]
    assert stages.decide(waiting, "publish").status == "published"


def test_sent_back_its_author_reads_the_reason_and_the_network_nothing(
    stages: Desk, waiting: Practice, sign_in: SignIn
) -> None:
    back = send_back(stages, waiting)
    assert (back.status, back.held_back) == ("changes_requested", True)
    (sent,) = stages.mails("sent_back")
    assert REASON in sent["body"]
    assert sent["recipient"] == "anna@example.gr"
    assert on_the_desk(stages) == []
    page = sign_in("Anna").get(f"/en/my-practices/{waiting.id}").text
    assert "What your coordinator says" in page
    assert REASON in page
    approve(stages, again(stages, waiting))
    assert on_the_desk(stages) == [waiting.id]
    for path in ("", "/revisions/1"):
        assert REASON not in sign_in("Mona").get(f"/en/review/{waiting.id}{path}").text
    lines = desk_store.list_log(stages.db, LogFilter())
    assert [line.entry.action for line in lines] == ["approve"]
    assert "What the moderator says" not in sign_in("Anna").get("/en/my-practices").text


def test_coordinators_own_submission_goes_straight_to_the_network(stages: Desk) -> None:
    practice = stages.submitted(by="Bruno")
    assert not practice.held_back
    assert told(stages, "review") == ["Mona"]


@pytest.mark.parametrize("missing", ["setting", "coordinator", "open account"])
def test_nothing_waits_where_nobody_could_approve(stages: Desk, missing: str) -> None:
    change = {
        "setting": "UPDATE municipality SET approves_first = 0",
        "coordinator": "UPDATE member SET is_coordinator = 0",
        "open account": "UPDATE member SET is_active = 0 WHERE name = 'Bruno'",
    }[missing]
    with transaction(stages.db):
        stages.db.execute(change)
    assert not stages.submitted().held_back


@pytest.mark.parametrize("way", ["switched off", "closed", "moved", "rights", "moderates"])
def test_what_waits_goes_on_where_nobody_approves_any_more(
    stages: Desk, waiting: Practice, sign_in: SignIn, way: str
) -> None:
    ada, bruno = sign_in("Ada"), f"/en/members/{stages.member('Bruno').id}"
    address, form = {
        "switched off": ("/en/municipality-settings/athens", {"mailbox": ""}),
        "closed": (f"{bruno}/deactivate", {}),
        "moved": (bruno, {"role": "contributor", "municipality": "tilos", "is_coordinator": "y"}),
        "rights": (bruno, {"role": "contributor", "municipality": "athens"}),
        "moderates": (bruno, {"role": "moderator"}),
    }[way]
    assert ada.post(address, data=form).status_code == 303
    assert not stages.now(waiting).held_back
    assert stages.log(waiting) == ["submit", "pass_on"]
    assert told(stages, "passed_on") == ["Anna"]
    assert "Mona" in told(stages, "review")
    assert on_the_desk(stages) == [waiting.id]


def test_one_coordinator_of_two_may_leave(stages: Desk, waiting: Practice) -> None:
    membership.change_rights(
        stages.db, None, stages.member("Anna").id, "contributor", "athens", True
    )
    membership.deactivate(stages.db, None, stages.member("Bruno").id)
    assert stages.now(waiting).awaits_approval


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


def test_import_does_not_go_past_the_coordinator(stages: Desk, waiting: Practice) -> None:
    line = dump({"slug": waiting.slug, **CARD}).encode()
    report = records.import_lines(stages.db, [line], publish=True)
    assert [bad.field for bad in report.bad] == ["slug"]
    assert stages.now(waiting) == waiting


def test_removed_author_neither_submits_nor_withdraws(stages: Desk, waiting: Practice) -> None:
    bruno, anna = stages.member("Bruno"), stages.member("Anna")
    authorship.hand_over(stages.db, waiting, bruno, bruno.id)
    authorship.remove(stages.db, waiting, bruno, anna.id)
    with pytest.raises(NotAuthor):
        actions.withdraw(stages.db, waiting, anna)
    with pytest.raises(NotAuthor):
        actions.submit(stages.db, waiting, anna, 1)
    assert stages.now(waiting).awaits_approval


def test_index_of_the_desk_follows(app: Flask, stages: Desk, waiting: Practice) -> None:
    def found() -> int:
        indexes(app).sync()
        (row,) = stages.db.execute("SELECT count(*) FROM desk_document")
        assert indexes(app).desk.check(stages.db.conn) == []
        return int(row[0])

    assert found() == 0
    approve(stages, waiting)
    assert found() == 1
    actions.withdraw(stages.db, waiting, stages.member("Anna"))
    again(stages, waiting)
    assert found() == 0
    assert store.get(stages.db, waiting.id).awaits_approval


def test_all_authors_hear_of_it_but_who_decides(stages: Desk, waiting: Practice) -> None:
    for name in ("Bruno", "Niki"):
        if name == "Niki":
            with transaction(stages.db):
                stages.db.execute(
                    "INSERT INTO member (name, email, role, municipality, language, created_at)"
                    " VALUES ('Niki', 'niki@example.gr', 'contributor', 'athens', 'en', 'x')"
                )
        authorship.join(stages.db, stages.now(waiting), stages.member(name))
    send_back(stages, waiting)
    assert told(stages, "sent_back") == ["Anna", "Niki"]
    approve(stages, again(stages, waiting))
    assert told(stages, "approved") == ["Anna", "Niki"]


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
