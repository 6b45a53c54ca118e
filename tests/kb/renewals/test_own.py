"""The question on a practice's own page, for its municipality's people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.practices.model import Practice
from tests.kb.moderation.conftest import UPDATED
from tests.kb.renewals.conftest import Years

SignIn = Callable[[str | None], FlaskClient]


def page(client: FlaskClient, practice: Practice) -> str:
    return client.get(f"/en/my-practices/{practice.id}").text


def answer(client: FlaskClient, practice: Practice, what: str, **fields: str) -> int:
    path = f"/en/my-practices/{practice.id}/still-true/{what}"
    return client.post(path, data=fields).status_code


def test_what_is_due_is_marked_and_asked(years: Years, sign_in: SignIn) -> None:
    practice, young = years.published(), years.published(10, key="young")
    anna = sign_in("Anna")
    assert anna.get("/en/my-practices").text.count("Is it still true?") == 1
    assert "Yes, it is still true" in page(anna, practice)
    assert "Yes, it is still true" not in page(anna, young)


def test_author_confirms_without_any_letter(years: Years, sign_in: SignIn) -> None:
    practice, anna = years.published(), sign_in("Anna")
    assert answer(anna, practice, "confirm") == 303
    assert years.now(practice).confirmed_on == years.today
    row = years.db.execute("SELECT * FROM moderation_log ORDER BY id DESC").fetchone()
    assert (row["action"], row["member_id"]) == ("confirm", years.desk.member("Anna").id)
    assert years.ask() == 0
    after = page(anna, practice)
    assert "Yes, it is still true" not in after
    assert "Confirmed as still true" in after


def test_second_click_finds_nothing_to_confirm(years: Years, sign_in: SignIn) -> None:
    practice, anna = years.published(), sign_in("Anna")
    answer(anna, practice, "confirm")
    for what in ("confirm", "edit", "ended"):
        assert answer(anna, practice, what) == 409
    assert anna.get(f"/en/my-practices/{practice.id}/still-true/ended").status_code == 409
    assert years.desk.log(practice) == ["submit", "publish", "confirm"]


def test_needs_changes_leads_to_the_form(years: Years, sign_in: SignIn) -> None:
    practice, anna = years.published(), sign_in("Anna")
    path = f"/en/my-practices/{practice.id}/still-true/edit"
    assert anna.post(path).location == f"/en/my-practices/{practice.id}/write"
    assert list(years.answers()) == ["edit"]
    assert years.ask() == 0
    assert "your municipality answered that it needs changes" in page(anna, practice)


def test_timeline_tells_of_letters_and_answers(years: Years, sign_in: SignIn) -> None:
    practice, anna = years.published(), sign_in("Anna")
    years.ask()
    years.ask(30)
    anna.post(f"{years.paths()[-1].replace('/el/', '/en/')}/edit")
    told = page(anna, practice)
    for said in ("was asked if it is still true", "was reminded", "It needs changes"):
        assert said in told
    assert "The municipality, by the link in its mail" in told


def test_ended_goes_by_a_second_page(years: Years, sign_in: SignIn) -> None:
    practice, anna = years.published(), sign_in("Anna")
    path = f"/en/my-practices/{practice.id}/still-true/ended"
    assert "Nothing is deleted" in anna.get(path).text
    assert years.now(practice).is_public
    assert answer(anna, practice, "ended", note="x" * 501) == 400
    assert answer(anna, practice, "ended", note="Έληξε.") == 303
    assert years.now(practice).status == "archived"
    assert len(years.desk.mails("ended")) == 1


def test_what_is_under_review_is_not_asked_here_either(years: Years, sign_in: SignIn) -> None:
    practice = years.published()
    years.desk.edited(practice, "Anna", UPDATED)
    anna = sign_in("Anna")
    assert "Yes, it is still true" not in page(anna, practice)
    assert anna.get(f"/en/my-practices/{practice.id}/still-true/ended").status_code == 409
    for what in ("ended", "edit"):
        assert answer(anna, practice, what) == 409
    assert years.now(practice).status == "submitted"
    assert list(years.answers()) == []


@pytest.mark.parametrize(
    ("name", "status"), [("Bruno", 404), ("Clara", 404), ("Mona", 404), (None, 303)]
)
def test_who_does_not_write_in_it_answers_nothing(
    years: Years, sign_in: SignIn, name: str | None, status: int
) -> None:
    practice, client = years.published(), sign_in(name)
    for what in ("confirm", "edit", "ended"):
        assert answer(client, practice, what) == status
    assert list(years.answers()) == []
    assert years.now(practice).is_public
    assert years.now(practice).confirmed_on is None
