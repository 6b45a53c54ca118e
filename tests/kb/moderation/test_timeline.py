"""One timeline on a practice's own page: everything that happened, and who has it now."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.db import transaction
from kb.moderation import actions, conversation
from kb.moderation import desk as reviewing
from kb.moderation.model import Decision
from kb.practices import approval, authorship
from kb.practices.model import Practice
from tests.kb.moderation.conftest import Desk

SignIn = Callable[[str | None], FlaskClient]


def page(browser: FlaskClient, practice: Practice) -> str:
    return browser.get(f"/en/my-practices/{practice.id}").text


def labels(html: str) -> list[str]:
    """What the timeline says, newest first, without its links."""
    found = re.findall(r'<p class="kb-timeline__what">(.*?)</p>', html, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", label).strip() for label in found]


def test_everything_that_happened_stands_in_one_line(desk: Desk, sign_in: SignIn) -> None:
    mona, anna, ada = (desk.member(name) for name in ("Mona", "Anna", "Ada"))
    practice = desk.submitted()
    reviewing.take_up(desk.db, practice, desk.member("Mona"))
    conversation.comment(desk.db, practice, mona, "c", "title", "el", "Πολύ μακρύς.")
    conversation.answer(desk.db, practice, anna, "a", 1, "Τον κόβω.", is_own=True)
    reviewing.hand_over(desk.db, practice, mona, ada.id)
    actions.plan(
        desk.db,
        practice,
        ada,
        Decision("publish", practice.newest_revision_id or 0),
        "2026-12-01T08:00:00Z",
    )
    conversation.resolve(desk.db, practice, ada, 1)
    actions.call_off(desk.db, practice, ada)
    desk.decide(practice, "request_changes", "Λείπουν τα αποτελέσματα.", by="Ada")
    shown = page(sign_in("Anna"), practice)
    assert sorted(labels(shown)) == sorted(
        [
            "Changes requested",
            "Planned publication called off",
            "Comment resolved: Title (Greek)",
            "Approved, to be published on 1 December 2026, 10:00",
            "Handed over to Ada",
            "Answer to the comment on: Title (Greek)",
            "Comment on: Title (Greek)",
            "Taken up for review",
            "Submitted",
        ]
    )
    for said in ("Πολύ μακρύς.", "Τον κόβω.", "Λείπουν τα αποτελέσματα."):
        assert said in shown
    assert f'href="/en/my-practices/{practice.id}/comments/1"' in shown


def test_coming_and_going_of_authors_stands_in_it(desk: Desk, sign_in: SignIn) -> None:
    practice, anna, bruno = desk.submitted(), desk.member("Anna"), desk.member("Bruno")
    authorship.add(desk.db, practice, anna, bruno.id)
    authorship.remove(desk.db, practice, anna, bruno.id)
    shown = labels(page(sign_in("Anna"), practice))
    assert sorted(shown) == ["Author added: Bruno", "Author removed: Bruno", "Submitted"]
    authorship.add(desk.db, practice, anna, bruno.id)
    authorship.hand_over(desk.db, practice, anna, bruno.id)
    authorship.remove(desk.db, practice, anna, anna.id)
    authorship.join(desk.db, practice, anna)
    authorship.hand_over(desk.db, practice, bruno, bruno.id)
    html = page(sign_in("Anna"), practice)
    assert [label for label in labels(html) if label != "Submitted"] == [
        "Began to write along: Anna",
        "Stopped writing along: Anna",
        "Responsible from then on: Bruno",
        "Author added: Bruno",
        "Author removed: Bruno",
        "Author added: Bruno",
    ]
    assert html.count("· Anna") == 5  # who submitted, added, removed, added and handed over


def test_who_becomes_responsible_where_nobody_is_stands_in_it(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    with transaction(desk.db):
        desk.db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    assert authorship.take_lead(desk.db, practice, desk.member("Bruno"))
    shown = labels(page(sign_in("Bruno"), practice))
    assert [label for label in shown if label != "Submitted"] == [
        "Responsible from then on: Bruno",
        "Began to write along: Bruno",
    ]


def test_it_says_what_was_between_the_municipality_and_its_coordinator(
    desk: Desk, sign_in: SignIn
) -> None:
    with transaction(desk.db):
        desk.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
        desk.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
    practice, anna = desk.submitted(), sign_in("Anna")
    assert "Your municipality’s coordinator has it, since" in page(anna, practice)
    approval.send_back(
        desk.db, practice, desk.member("Bruno"), practice.newest_revision_id or 0, "Πόσοι;"
    )
    shown = page(anna, practice)
    assert set(labels(shown)) == {
        "Submitted for the coordinator’s approval",
        "Changes requested by the coordinator",
    }
    assert "Πόσοι;" in shown


def test_newest_comes_first(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.decide(desk.submitted(), "decline", "Όχι.")
    with transaction(desk.db):
        desk.db.execute(
            "INSERT INTO review_step (practice_id, member_id, step, at)"
            " VALUES (?, 4, 'take_up', ?)",
            (practice.id, "2020-01-01T00:00:00Z"),
        )
    shown = labels(page(sign_in("Anna"), practice))
    assert shown[-1] == "Taken up for review"
    assert set(shown[:2]) == {"Declined", "Submitted"}


def test_page_says_who_has_it_since_when_and_until_when(desk: Desk, sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    practice = desk.submitted()
    assert "Nobody has taken it up yet." in page(anna, practice)
    reviewing.take_up(desk.db, practice, desk.member("Mona"))
    shown = page(anna, practice)
    assert re.search(r"Mona of the Coordination Team has it, since \d+ \w+ \d{4}\.", shown)
    assert re.search(r"An answer is expected by \d+ \w+ \d{4}\.", shown)
    desk.decide(practice, "request_changes")
    assert re.search(r"Your municipality has it, since \d+ \w+ \d{4}\.", page(anna, practice))


def test_late_answer_is_said_to_be_late(app: Flask, desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    with transaction(desk.db):
        desk.db.execute("UPDATE practice SET status_since = '2026-01-01T00:00:00Z'")
    shown = page(sign_in("Anna"), practice)
    assert "An answer was expected by 15 January 2026" in shown


def test_open_comments_are_counted_where_changes_are_asked_for(desk: Desk, sign_in: SignIn) -> None:
    practice = desk.submitted()
    for key in ("one", "two"):
        conversation.comment(desk.db, practice, desk.member("Mona"), key, "title", "", "Πώς;")
    desk.decide(practice, "request_changes")
    assert "2 comments on fields are open." in page(sign_in("Anna"), practice)


@pytest.mark.parametrize("name", ["Clara", "Mona"])
def test_nobody_else_sees_it(desk: Desk, sign_in: SignIn, name: str) -> None:
    practice = desk.submitted()
    assert sign_in(name).get(f"/en/my-practices/{practice.id}").status_code == 404
