"""Taking back a wrong decision: everything as before, and nobody told what does not hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from kb import mail
from kb.db import transaction
from kb.moderation import actions as moderation
from kb.moderation import assignments, plans, store
from kb.moderation.model import Decision, TooLate
from kb.practices import actions, authorship
from kb.practices import store as practices
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, UPDATED, Desk
from tests.kb.practices.cases import write_all

SignIn = Callable[[str | None], FlaskClient]


def last(of: Desk, practice: Practice) -> int:
    entry = store.find_last(of.db, practice.id)
    assert entry
    return entry.id


def undo(client: FlaskClient, practice: Practice, log_id: int) -> int:
    sent = {"decision": str(log_id)}
    return client.post(f"/en/review/{practice.id}/undo", data=sent).status_code


def decided(of: Desk, practice: Practice, action: str) -> Practice:
    return of.decide(practice, action)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("submitted", "publish"),
        ("submitted", "request_changes"),
        ("submitted", "decline"),
        ("published", "archive"),
        ("archived", "restore"),
    ],
)
def test_everything_is_as_it_was_before(
    desk: Desk, mona: FlaskClient, status: str, action: str
) -> None:
    practice = desk.in_status(status)
    before = desk.now(practice)
    mails, logged = len(desk.mails()), desk.log(practice)
    draft = practices.find_draft(desk.db, practice.id)
    decided(desk, practice, action)
    assert undo(mona, practice, last(desk, practice)) == 303
    assert desk.now(practice) == before
    assert desk.log(practice) == [*logged, action, "undo"]
    assert len(desk.mails()) == mails
    after = practices.find_draft(desk.db, practice.id)
    assert (draft and draft.content) == (after and after.content)


def test_published_update_gives_way_to_what_was_public(
    desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = decided(desk, desk.updated(), "publish")
    assert "Completed" in client.get(f"/en/practices/{practice.slug}").text
    undo(mona, practice, last(desk, practice))
    assert "In progress" in client.get(f"/en/practices/{practice.slug}").text
    assert desk.now(practice).status == "submitted"


def test_search_hears_of_it(desk: Desk, mona: FlaskClient, app: object) -> None:
    practice = desk.published()
    search = app.extensions["search"]  # type: ignore[attr-defined]
    search.sync()
    undo(mona, practice, last(desk, practice))
    search.sync()
    assert mona.get("/api/v1/search?q=interpreters").json["total"] == 0


def test_levels_and_who_had_it_come_back(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    mona.post(f"/en/review/{practice.id}/take-up")
    sent = {"revision": str(practice.newest_revision_id), "evidence": "e4", "maturity": "proven"}
    mona.post(f"/en/review/{practice.id}/publish", data=sent)
    undo(mona, practice, last(desk, practice))
    assert desk.now(practice).evidence_level is None
    assert desk.now(practice).maturity is None
    holder = assignments.find_holder(desk.db, practice.id)
    assert holder is not None
    assert holder.name == "Mona"


def deliver(desk: Desk) -> None:
    """Let the two minutes pass, and the worker run."""
    with transaction(desk.db):
        desk.db.execute("UPDATE outbox SET next_at = '2026-01-01T00:00:00Z'")
    mail.deliver(desk.db)


def test_wrong_click_that_is_taken_back_at_once_is_told_to_nobody(
    desk: Desk, mona: FlaskClient
) -> None:
    practice = desk.submitted()
    mail.deliver(desk.db)
    decided(desk, practice, "decline")
    assert mail.deliver(desk.db) == (0, 0)
    undo(mona, practice, last(desk, practice))
    assert desk.mails("decline") == desk.mails("undo") == []


def test_message_that_went_out_is_corrected(desk: Desk, mona: FlaskClient) -> None:
    practice = decided(desk, desk.submitted(by="Bruno"), "decline")
    deliver(desk)
    undo(mona, practice, last(desk, practice))
    (sent,) = desk.mails("undo")
    assert (sent["recipient"], sent["language"]) == ("bruno@example.gr", "en")
    assert "sent by mistake" in sent["body"]
    assert "waits for a decision again" in sent["body"]


def test_only_who_may_have_read_it_gets_the_correction(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted(by="Anna")
    authorship.join(desk.db, practice, desk.member("Bruno"))
    decided(desk, practice, "decline")
    with transaction(desk.db):  # Bruno wants one message a day
        desk.db.execute("UPDATE member SET daily = 1 WHERE name = 'Bruno'")
    deliver(desk)
    undo(mona, practice, last(desk, practice))
    assert [each["recipient"] for each in desk.mails("undo")] == ["anna@example.gr"]
    assert [each["recipient"] for each in desk.mails("decline")] == ["anna@example.gr"]


@pytest.mark.parametrize(("hours", "after"), [(5, ["plan"]), (-1, ["plan", "call_off"])])
def test_time_that_was_planned_comes_back_unless_it_has_passed(
    desk: Desk, mona: FlaskClient, hours: int, after: list[str]
) -> None:
    practice = desk.submitted()
    due = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    decision = Decision("publish", practice.newest_revision_id or 0, evidence="e4")
    moderation.plan(desk.db, practice, desk.member("Ada"), decision, due)
    planned = plans.find(desk.db, practice.id)
    decided(desk, practice, "decline")
    undo(mona, practice, last(desk, practice))
    assert plans.find(desk.db, practice.id) == (planned if hours > 0 else None)
    steps = assignments.list_steps(desk.db, practice.id)
    assert [each.step for each in reversed(steps)] == after


def test_message_that_may_be_on_its_way_is_corrected(desk: Desk, mona: FlaskClient) -> None:
    practice = decided(desk, desk.submitted(), "decline")
    with transaction(desk.db):
        desk.db.execute("UPDATE outbox SET attempts = 1 WHERE kind = 'decline'")
    undo(mona, practice, last(desk, practice))
    assert len(desk.mails("undo")) == 1
    # What failed is not tried again: it would come after its correction.
    assert desk.mails("decline") == []


def test_double_click_takes_back_once(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.published()
    log_id = last(desk, practice)
    assert [undo(mona, practice, log_id), undo(mona, practice, log_id)] == [303, 303]
    assert desk.log(practice) == ["submit", "publish", "undo"]


def test_after_ten_minutes_it_stands(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    decided(desk, practice, "decline")
    log_id = last(desk, practice)
    assert "Undo" in mona.get("/en/review").text
    desk.db.execute("DROP TRIGGER moderation_log_stands")
    with transaction(desk.db):
        desk.db.execute("UPDATE moderation_log SET at = '2026-01-01T00:00:00Z'")
    assert "Undo" not in mona.get("/en/review").text
    assert undo(mona, practice, log_id) == 409
    assert desk.now(practice).status == "declined"


def test_what_was_followed_by_something_stands(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.published()
    log_id = last(desk, practice)
    decided(desk, practice, "archive")
    answer = mona.post(f"/en/review/{practice.id}/undo", data={"decision": str(log_id)})
    assert answer.status_code == 409
    assert "too late to take this back" in answer.text
    assert desk.now(practice).status == "archived"


def test_author_who_has_begun_to_write_is_not_shut_out(desk: Desk, mona: FlaskClient) -> None:
    practice = decided(desk, desk.submitted(), "request_changes")
    version = actions.working_copy(desk.db, practice).version
    write_all(desk.db, practice, desk.member("Anna"), UPDATED, version)
    assert undo(mona, practice, last(desk, practice)) == 409
    assert desk.now(practice).status == "changes_requested"


@pytest.mark.parametrize(("name", "status"), [("Ada", 409), ("Anna", 404), (None, 303)])
def test_only_who_decided_takes_it_back(
    desk: Desk, sign_in: SignIn, name: str | None, status: int
) -> None:
    practice = desk.published()
    assert undo(sign_in(name), practice, last(desk, practice)) == status
    assert desk.now(practice).is_public


def test_submission_is_not_taken_back_so(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    with pytest.raises(TooLate):
        moderation.undo(desk.db, practice, desk.member("Anna"), last(desk, practice))


def test_decision_after_one_that_was_taken_back_counts(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.published()
    undo(mona, practice, last(desk, practice))
    assert decided(desk, practice, "publish").is_public
    assert desk.log(practice) == ["submit", "publish", "undo", "publish"]
    assert len(desk.mails("publish")) == 1


# Several at once


def chosen(*some: Practice) -> list[str]:
    return [f"{each.id}:{each.newest_revision_id}" for each in some]


def test_each_of_several_is_done_by_itself(desk: Desk, mona: FlaskClient) -> None:
    good = desk.submitted(key="good")
    own = desk.submitted(by="Mona", key="own")
    late = desk.submitted(key="late")
    changed = desk.submitted(key="changed")
    picked = chosen(good, own, late, changed)
    desk.decide(late, "decline", by="Ada")
    back = desk.decide(changed, "request_changes", by="Ada")
    desk.edited(back, "Anna", UPDATED)
    answer = mona.post("/en/review/bulk", data={"do": "publish", "practice": picked})
    assert (answer.status_code, answer.location) == (303, "/en/review/bulk")
    assert [desk.now(each).status for each in (good, own, late, changed)] == [
        "published",
        "submitted",
        "declined",
        "submitted",
    ]
    page = mona.get("/en/review/bulk").text
    for said in ("Published.", "whoever wrote", "decided on or taken back", "a newer revision"):
        assert said in page
    assert desk.log(good) == ["submit", "publish"]
    # The same sent again changes nothing.
    mona.post("/en/review/bulk", data={"do": "publish", "practice": picked})
    assert desk.log(good) == ["submit", "publish"]


def test_several_are_taken_up_and_handed_over(desk: Desk, mona: FlaskClient) -> None:
    some = [desk.submitted(key=key) for key in ("one", "two")]
    mona.post("/en/review/bulk", data={"do": "take-up", "practice": chosen(*some)})
    assert "Mona (2)" in mona.get("/en/review").text
    to = str(desk.member("Ada").id)
    mona.post("/en/review/bulk", data={"do": "hand-over", "to": to, "practice": chosen(*some)})
    assert "Ada (2)" in mona.get("/en/review").text
    assert mona.get("/en/review/bulk").text.count("Handed over.") == 2


def test_nothing_chosen_changes_nothing(desk: Desk, mona: FlaskClient) -> None:
    desk.submitted()
    for sent in ({"do": "publish"}, {"do": "burn", "practice": ["1:1"]}):
        assert mona.post("/en/review/bulk", data=sent).location == "/en/review"
        assert "Choose at least one practice" in mona.get("/en/review").text
    for value in ("1", "x:y", "99:1", f"1:{'9' * 50}", "1:²"):
        sent = {"do": "publish", "practice": [value]}
        assert mona.post("/en/review/bulk", data=sent).status_code == 404, value


def test_unsubmitted_draft_is_nobodys_to_choose(desk: Desk, mona: FlaskClient) -> None:
    draft = actions.create(desk.db, desk.member("Anna"), "one", CARD)
    sent = {"do": "publish", "practice": [f"{draft.id}:1"]}
    assert mona.post("/en/review/bulk", data=sent).status_code == 404
    assert mona.get("/en/review/bulk").status_code == 200


def test_contributor_does_nothing_to_several(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    sent = {"do": "publish", "practice": chosen(practice)}
    assert sign_in("Anna").post("/en/review/bulk", data=sent).status_code == 404
    assert desk.now(practice).status == "submitted"
