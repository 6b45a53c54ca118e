"""The checklist of a revision, the level of evidence and the maturity."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.moderation import checklist
from kb.moderation.model import NOTE_LENGTH
from kb.practices import store
from kb.practices.model import Practice
from kb.search.syncing import indexes
from tests.kb.moderation.conftest import UPDATED, Desk
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]


def fill(client: FlaskClient, practice: Practice, **answers: str) -> int:
    """Open the page, and send it with those answers."""
    return send(client, practice, opened(client, practice), **answers)


def opened(client: FlaskClient, practice: Practice) -> dict[str, str]:
    """What the form of a page that is opened now has hidden in it."""
    page = client.get(f"/en/review/{practice.id}").text
    return dict(re.findall(r'<input type="hidden" name="(opened_[\w-]+)" value="([^"]*)"', page))


def send(client: FlaskClient, practice: Practice, opened: dict[str, str], **answers: str) -> int:
    """Send a page that was opened earlier."""
    sent = {"revision": str(practice.newest_revision_id), **opened, **answers}
    return client.post(f"/en/review/{practice.id}/checklist", data=sent).status_code


def answers(desk: Desk, practice: Practice) -> dict[str, tuple[str, str, str]]:
    revision = store.get_revision(desk.db, practice.newest_revision_id)
    found = checklist.find(desk.db, revision)
    if found.number != revision.number:
        return {}
    return {
        code: (each.answer, each.note, each.member_name) for code, each in found.answers.items()
    }


def test_answers_stay_with_the_revision(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    given = {"answer_efficiency": "partly", "note_efficiency": "No cost.", "answer_inclusion": "no"}
    assert fill(mona, practice, **given) == 303
    assert answers(desk, practice) == {
        "efficiency": ("partly", "No cost.", "Mona"),
        "inclusion": ("no", "", "Mona"),
    }
    page = mona.get(f"/en/review/{practice.id}").text
    assert "2 of 10 answered" in page
    assert list(faults("/en/", page)) == []


def test_next_revision_begins_with_the_answers_for_the_last(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    fill(mona, practice, answer_efficiency="yes")
    practice = desk.edited(desk.decide(practice, "request_changes"), "Anna", UPDATED)
    assert answers(desk, practice) == {}
    assert "These are the answers for revision 1." in mona.get(f"/en/review/{practice.id}").text
    fill(mona, practice, answer_efficiency="no")
    assert answers(desk, practice)["efficiency"][0] == "no"
    first = store.list_revisions(desk.db, practice.id)[-1]
    assert checklist.find(desk.db, first).answers["efficiency"].answer == "yes"


def test_who_answered_stays_with_what_another_leaves(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    fill(mona, practice, answer_efficiency="yes", answer_inclusion="yes")
    fill(sign_in("Ada"), practice, answer_efficiency="yes", answer_inclusion="no")
    found = answers(desk, practice)
    assert (found["efficiency"][2], found["inclusion"][2]) == ("Mona", "Ada")


def test_two_who_answer_at_once_take_nothing_from_each_other(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    """Each page was opened before the other was saved."""
    practice = desk.submitted()
    fill(mona, practice, answer_efficiency="yes", note_efficiency="No cost.")
    fill(sign_in("Ada"), practice, answer_inclusion="no")
    assert answers(desk, practice) == {
        "efficiency": ("yes", "No cost.", "Mona"),
        "inclusion": ("no", "", "Ada"),
    }


def test_page_that_was_opened_before_takes_back_nothing_that_it_did_not_change(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice, ada = desk.submitted(), sign_in("Ada")
    fill(mona, practice, answer_efficiency="yes", answer_inclusion="yes")
    stale = opened(mona, practice)
    fill(ada, practice, answer_efficiency="no", note_efficiency="No cost.", answer_inclusion="yes")
    given = {"answer_efficiency": "yes", "answer_inclusion": "partly"}
    assert send(mona, practice, stale, **given) == 303
    assert answers(desk, practice) == {
        "efficiency": ("no", "No cost.", "Ada"),
        "inclusion": ("partly", "", "Mona"),
    }


def test_what_both_changed_stays_as_saved_and_both_are_shown(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    stale = opened(mona, practice)
    fill(sign_in("Ada"), practice, answer_efficiency="no", note_efficiency="No cost.")
    sent = {"revision": str(practice.newest_revision_id), **stale, "answer_inclusion": "yes"}
    sent |= {"answer_efficiency": "yes", "note_efficiency": "Low cost."}
    answer = mona.post(f"/en/review/{practice.id}/checklist", data=sent)
    assert answer.status_code == 409
    told = "You answered “Yes: Low cost.”; Ada answered “No: No cost.”, which stays"
    assert told in answer.text
    assert list(faults("/en/", answer.text)) == []
    saved = {"efficiency": ("no", "No cost.", "Ada"), "inclusion": ("yes", "", "Mona")}
    assert answers(desk, practice) == saved
    # Whoever has seen both chooses.
    given = {"answer_efficiency": "yes", "answer_inclusion": "yes"}
    assert fill(mona, practice, **given) == 303
    assert answers(desk, practice)["efficiency"] == ("yes", "", "Mona")


def test_same_answer_of_two_and_the_same_form_twice_are_no_conflict(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    stale = opened(mona, practice)
    for client in (mona, mona, sign_in("Ada")):
        assert send(client, practice, stale, answer_efficiency="yes") == 303
    assert answers(desk, practice)["efficiency"][2] == "Mona"


def test_answers_for_the_last_revision_overwrite_none_that_were_saved_for_this_one(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    fill(mona, practice, answer_efficiency="yes", answer_inclusion="yes")
    practice = desk.edited(desk.decide(practice, "request_changes"), "Anna", UPDATED)
    stale = opened(mona, practice)
    fill(sign_in("Ada"), practice, answer_efficiency="no")
    given = {"answer_efficiency": "yes", "answer_inclusion": "yes"}
    assert send(mona, practice, stale, **given) == 303
    found = answers(desk, practice)
    assert (found["efficiency"][0], found["inclusion"][0]) == ("no", "yes")


def test_what_did_not_fit_still_knows_what_its_page_was_opened_with(
    desk: Desk, mona: FlaskClient, sign_in: SignIn
) -> None:
    practice = desk.submitted()
    stale = opened(mona, practice)
    fill(sign_in("Ada"), practice, answer_efficiency="no")
    sent = {"revision": str(practice.newest_revision_id), **stale, "note_inclusion": "Why?"}
    page = mona.post(f"/en/review/{practice.id}/checklist", data=sent).text
    assert f'name="opened_efficiency" value="{stale["opened_efficiency"]}"' in page


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"note_efficiency": "Why?"}, "answer_efficiency"),
        ({"answer_efficiency": "perhaps", "note_efficiency": "?!"}, "answer_efficiency"),
        (
            {"answer_efficiency": "yes", "note_efficiency": "ό" * (NOTE_LENGTH + 1)},
            "note_efficiency",
        ),
        ({"answer_efficiency": "yes", "note_efficiency": "\x07"}, "note_efficiency"),
    ],
)
def test_what_does_not_fit_is_kept_for_mending(
    desk: Desk, mona: FlaskClient, given: dict[str, str], at: str
) -> None:
    practice = desk.submitted()
    sent = {"revision": str(practice.newest_revision_id), "answer_inclusion": "no", **given}
    answer = mona.post(f"/en/review/{practice.id}/checklist", data=sent)
    assert answer.status_code == 400
    assert f'href="#{at}"' in answer.text
    assert list(faults("/en/", answer.text)) == []
    assert answers(desk, practice) == {}


def test_revision_of_another_practice_is_not_found(desk: Desk, mona: FlaskClient) -> None:
    first, second = desk.submitted(key="one"), desk.submitted(key="two")
    sent = {"revision": str(second.newest_revision_id), "answer_efficiency": "yes"}
    assert mona.post(f"/en/review/{first.id}/checklist", data=sent).status_code == 404


def test_contributor_answers_nothing(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    assert fill(sign_in("Anna"), practice, answer_efficiency="yes") == 404


def test_reviewer_sets_the_evidence_that_readers_see(
    desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = desk.submitted()
    sent = {"revision": str(practice.newest_revision_id), "evidence": "e3"}
    assert mona.post(f"/en/review/{practice.id}/publish", data=sent).status_code == 303
    assert desk.now(practice).evidence_level == "e3"
    assert "3 – Causation" in client.get(f"/en/practices/{practice.slug}").text
    row = desk.db.execute("SELECT facets FROM public_document").fetchone()
    assert '"evidence":["e3"]' in row["facets"]


def test_reviewer_sets_the_maturity_that_readers_see(
    desk: Desk, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = desk.submitted()
    sent = {"revision": str(practice.newest_revision_id), "maturity": "promising"}
    assert mona.post(f"/en/review/{practice.id}/publish", data=sent).status_code == 303
    assert "Promising" in client.get(f"/en/practices/{practice.slug}").text
    assert "Υποσχόμενη" in client.get(f"/el/practices/{practice.slug}").text


ASSESSED = {"evidence": "e3", "maturity": "proven"}


@pytest.mark.parametrize("empty", ASSESSED)
def test_levels_are_changed_only_by_a_form_that_asks_for_them(
    desk: Desk, mona: FlaskClient, empty: str
) -> None:
    practice = desk.submitted()
    sent = {"revision": str(practice.newest_revision_id), **ASSESSED}
    mona.post(f"/en/review/{practice.id}/publish", data=sent)
    practice = desk.edited(practice, "Anna", UPDATED)
    practice = desk.decide(practice, "publish")
    assert (practice.evidence_level, practice.maturity) == ("e3", "proven")
    practice = desk.edited(practice, "Anna", {**UPDATED, "end": "2025"})
    sent = {"revision": str(practice.newest_revision_id), empty: ""}
    mona.post(f"/en/review/{practice.id}/publish", data=sent)
    now = desk.now(practice)
    levels = {"evidence": now.evidence_level, "maturity": now.maturity}
    assert levels == {**ASSESSED, empty: None}


@pytest.mark.parametrize("field", ASSESSED)
def test_level_that_there_is_not_is_refused(desk: Desk, mona: FlaskClient, field: str) -> None:
    practice = desk.submitted()
    sent = {"revision": str(practice.newest_revision_id), field: "e9"}
    answer = mona.post(f"/en/review/{practice.id}/publish", data=sent)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert desk.now(practice).status == "submitted"


def test_published_practice_is_assessed_anew(desk: Desk, mona: FlaskClient, app: Flask) -> None:
    practice = desk.published()
    sent = {"revision": practice.newest_revision_id, "evidence": "e4", "maturity": "proven"}
    for _ in range(2):
        assert mona.post(f"/en/review/{practice.id}/assess", data=sent).status_code == 303
    found = desk.now(practice)
    assert (found.evidence_level, found.maturity) == ("e4", "proven")
    assert desk.log(practice) == ["submit", "publish", "assess"]
    assert "Evidence and maturity assessed" in mona.get("/en/review/log?action=assess").text
    indexes(app).sync()
    answer = mona.get("/api/v1/search?evidence=e4").json
    assert answer["total"] == 1


@pytest.mark.parametrize(
    ("status", "who", "evidence", "answered"),
    [
        ("published", "Mona", "e99", 400),
        ("submitted", "Mona", "e4", 409),
        ("archived", "Mona", "e4", 409),
        ("published", "Anna", "e4", 404),
    ],
)
def test_only_what_is_published_is_assessed_and_only_by_moderators(
    desk: Desk, sign_in: SignIn, status: str, who: str, evidence: str, answered: int
) -> None:
    practice = desk.in_status(status)
    sent = {"revision": practice.newest_revision_id, "evidence": evidence, "maturity": ""}
    answer = sign_in(who).post(f"/en/review/{practice.id}/assess", data=sent)
    assert answer.status_code == answered
    assert desk.now(practice).evidence_level is None
