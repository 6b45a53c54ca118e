"""A municipality's own approval: what waits for it, how it goes on or comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.accounts import membership
from kb.db import transaction
from kb.moderation import store as desk_store
from kb.moderation.model import LogFilter
from kb.practices import actions, authorship, records, store
from kb.practices.model import NotAuthor, Practice, dump
from kb.search.syncing import indexes
from tests.kb.moderation.approvals import REASON, again, approve, on_the_desk, send_back, told
from tests.kb.moderation.conftest import CARD, Desk

SignIn = Callable[[str | None], FlaskClient]


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
