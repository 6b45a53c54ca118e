"""What a municipality has, listed by who has the next step."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from kb.practices import actions
from tests.kb.moderation.conftest import Desk

SignIn = Callable[[str | None], FlaskClient]
LATER = "Next: a moderator of the Coordination Team reads it."


def test_what_was_sent_back_stands_first(desk: Desk, sign_in: SignIn) -> None:
    back = desk.decide(desk.submitted(key="back"), "request_changes")
    desk.published(key="public")
    desk.submitted(key="waiting")
    draft = actions.create(desk.db, desk.member("Anna"), "draft", {})
    page = sign_in("Anna").get("/en/my-practices").text
    assert re.findall(r'id="shelf-(\w+)"', page) == ["writing", "review", "public"]
    listed = re.findall(r'govuk-link" href="/en/my-practices/(\d+)"', page)
    assert [int(number) for number in listed[:2]] == [back.id, draft.id]


def test_next_step_of_most_is_said_once(desk: Desk, sign_in: SignIn) -> None:
    for key in ("one", "two", "three"):
        desk.submitted(key=key)
    assert sign_in("Anna").get("/en/my-practices").text.count(LATER) == 1


def test_who_does_not_write_a_draft_is_not_told_to_finish_it(desk: Desk, sign_in: SignIn) -> None:
    practice = actions.create(desk.db, desk.member("Anna"), "draft", {})
    for path in ("/en/my-practices", f"/en/my-practices/{practice.id}"):
        assert "finish it when you have time" in sign_in("Anna").get(path).text
        assert "whoever writes it finishes it" in sign_in("Bruno").get(path).text
