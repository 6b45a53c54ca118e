"""The link of a letter: what it shows, what its buttons do, and when it does nothing any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.accounts.sessions import new_token
from kb.db import transaction
from kb.moderation import actions as moderation
from kb.moderation import plans
from kb.moderation.model import Decision
from kb.practices import actions as writing
from kb.practices.model import Practice
from kb.practices.store import find_draft
from kb.renewals import actions, store
from kb.renewals.model import NOTE_LENGTH, LinkGone
from tests.kb.moderation.conftest import CARD, UPDATED
from tests.kb.practices.cases import write_all
from tests.kb.renewals.conftest import Years

SignIn = Callable[[str | None], FlaskClient]
ENDED = "Το πρόγραμμα έληξε με τη χρηματοδότηση."


@pytest.fixture
def asked(years: Years) -> Practice:
    """A practice that a letter has asked about."""
    practice = years.published()
    years.ask()
    return practice


def state(years: Years) -> list[tuple[Any, ...]]:
    tables = ("practice", "renewal", "renewal_link", "moderation_log", "outbox", "change")
    return [tuple(row) for each in tables for row in years.db.execute(f"SELECT * FROM {each}")]


def path(years: Years, end: str = "", language: str = "en") -> str:
    return f"/{language}/still-true/{years.token()}{end}"


@pytest.mark.usefixtures("asked")
def test_looking_changes_nothing(years: Years, client: FlaskClient) -> None:
    before = state(years)
    for end in ("", "/ended"):
        for language in ("el", "en"):
            assert client.get(path(years, end, language)).status_code == 200
            assert client.head(path(years, end, language)).status_code == 200
    for end in ("/confirm", "/edit"):
        assert client.get(path(years, end)).status_code == 405
    assert state(years) == before


@pytest.mark.usefixtures("asked")
def test_page_is_kept_by_nobody_and_sends_no_address_on(years: Years, client: FlaskClient) -> None:
    for answer in (client.get(path(years)), client.get("/en/still-true/a-guess")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_one_click_confirms(years: Years, asked: Practice, client: FlaskClient) -> None:
    page = client.get(path(years))
    assert "Interpreters at citizen service centres" in page.text
    answer = client.post(path(years, "/confirm"), follow_redirects=True)
    assert "you answered that it is still true" in answer.text
    assert years.now(asked).confirmed_on == years.today
    assert years.desk.log(asked) == ["submit", "publish", "confirm"]
    assert [years.ask(30), years.ask(364)] == [0, 0]
    assert years.ask(366) == 1
    assert "Confirmed by the municipality" in client.get(f"/en/practices/{asked.slug}").text


def test_second_click_says_what_was_answered(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    client.post(path(years, "/confirm"))
    before = state(years)
    for end in ("/confirm", "/edit", "/ended"):
        answer = client.post(path(years, end), data={"note": ENDED}, follow_redirects=True)
        assert answer.status_code == 200
        assert "you answered that it is still true" in answer.text
    assert state(years) == before


def test_needs_changes_is_noted_once_and_stays_on_the_list(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    for _ in range(2):
        page = client.post(path(years, "/edit"), follow_redirects=True).text
    assert "Sign in and make the changes" in page
    assert "It needs changes" not in page
    assert years.now(asked).confirmed_on is None
    assert years.desk.log(asked) == ["submit", "publish"]
    case = store.find_due(years.db, asked.id, 12, years.start)
    assert case is not None
    assert case.standing == "edit"
    assert [years.ask(30), years.ask(365)] == [0, 0]


def test_who_may_edit_comes_straight_to_the_form(
    years: Years, asked: Practice, sign_in: SignIn
) -> None:
    answer = sign_in("Anna").post(path(years, "/edit"))
    assert answer.location == f"/en/my-practices/{asked.id}/write"
    # Others get a page with a way on, where they have one: colleagues can join its authors.
    own_page = f'href="/en/my-practices/{asked.id}"'
    for name, has_way in ((None, True), ("Bruno", True), ("Clara", False), ("Mona", False)):
        client = sign_in(name)
        assert client.post(path(years, "/edit")).location == path(years)
        assert (own_page in client.get(path(years)).text) == has_way


def test_who_wanted_changes_can_still_confirm(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    client.post(path(years, "/edit"))
    client.post(path(years, "/confirm"))
    assert years.now(asked).confirmed_on == years.today
    assert list(years.answers()) == ["confirm"]


def test_published_update_ends_the_question(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    client.post(path(years, "/edit"))
    years.desk.decide(years.desk.edited(asked, "Anna", UPDATED), "publish")
    assert store.list_due(years.db, 12, years.start) == []
    answer = client.get(path(years))
    assert answer.status_code == 410
    assert "confirmed or updated" in answer.text


def test_ended_needs_a_second_step_and_tells_the_moderators(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    assert years.now(asked).is_public
    client.get(path(years, "/ended"))
    assert years.now(asked).is_public
    answer = client.post(path(years, "/ended"), data={"note": ENDED}, follow_redirects=True)
    assert "you answered that it has ended" in answer.text
    assert years.now(asked).status == "archived"
    row = years.db.execute("SELECT * FROM moderation_log ORDER BY id DESC").fetchone()
    assert (row["action"], row["member_id"], row["reason"]) == ("archive", None, ENDED)
    (told,) = years.desk.mails("ended")
    assert told["recipient"] == "mona@example.gr"
    assert f"> {ENDED}" in told["body"]
    assert told["body"].endswith(f"/el/review/{asked.id}\n")


def test_ended_twice_is_told_once(years: Years, asked: Practice, client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.post(path(years, "/ended"), follow_redirects=True)
        assert "you answered that it has ended" in answer.text
    assert years.desk.log(asked) == ["submit", "publish", "archive"]
    assert len(years.desk.mails("ended")) == 1


def test_page_after_the_end_shows_nothing_of_it(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    client.post(path(years, "/ended"))
    for end in ("", "/ended"):
        page = client.get(path(years, end)).text
        assert "Interpreters" not in page
        assert "Διερμηνείς" not in page


def test_restored_practice_is_on_the_list_and_the_old_link_settled(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    client.post(path(years, "/ended"))
    years.desk.decide(asked, "restore")
    assert client.get(path(years)).status_code == 410
    case = store.find_due(years.db, asked.id, 12, years.start)
    assert case is not None
    assert case.standing == "archive"
    assert years.ask(40) == 0


def test_update_on_its_way_comes_first(years: Years, asked: Practice, client: FlaskClient) -> None:
    years.desk.edited(asked, "Anna", UPDATED)
    for end in ("", "/ended"):
        page = client.get(path(years, end)).text
        assert "An update of it is on its way" in page
        assert "Yes, it is still true" in page
        assert "It has ended" not in page
    assert client.post(path(years, "/ended")).status_code == 409
    assert years.now(asked).status == "submitted"
    assert list(years.answers()) == [None]


def test_confirming_leaves_a_planned_publication_as_it_is(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    update = years.desk.edited(asked, "Anna", UPDATED)
    mona = years.desk.member("Mona")
    decision = Decision("publish", update.newest_revision_id or 0)
    moderation.plan(years.db, update, mona, decision, "2020-01-01T00:00:00Z")
    client.post(path(years, "/confirm"))
    assert plans.find(years.db, asked.id) is not None
    assert moderation.publish_due(years.db) == 1


@pytest.mark.parametrize("note", ["x" * (NOTE_LENGTH + 1), "a\x00b"])
def test_bad_note_comes_back(years: Years, asked: Practice, client: FlaskClient, note: str) -> None:
    answer = client.post(path(years, "/ended"), data={"note": note})
    assert answer.status_code == 400
    assert 'href="#note"' in answer.text
    assert years.now(asked).is_public


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("method", ["get", "post"])
def test_guessed_and_cut_links_lead_nowhere(years: Years, client: FlaskClient, method: str) -> None:
    token, before = years.token(), state(years)
    hashes = [row["token_hash"] for row in years.db.execute("SELECT * FROM renewal_link")]
    for guess in (new_token(), token[:-1], token + "a", token.swapcase(), *hashes, "%F0%28", "α"):
        ends = ("", "/ended") if method == "get" else ("/confirm", "/edit", "/ended")
        for end in ends:
            answer = getattr(client, method)(f"/en/still-true/{guess}{end}")
            assert answer.status_code == 410, guess
            assert "not have been copied whole" in answer.text
            assert "Interpreters" not in answer.text
    assert state(years) == before


def test_link_answers_for_its_own_practice_alone(years: Years, client: FlaskClient) -> None:
    first, second = years.published(key="one"), years.published(key="two")
    years.ask()
    client.post(f"{years.paths()[0]}/confirm")
    assert years.now(first).confirmed_on == years.today
    assert years.now(second).confirmed_on is None


def test_link_of_a_past_round_confirms_nothing(years: Years, asked: Practice) -> None:
    token = years.token()
    actions.confirm_by(years.db, asked, years.desk.member("Anna"), years.start)
    years.publish_ago(asked, 800)
    with transaction(years.db):
        years.db.execute("UPDATE practice SET confirmed_on = date('now', '-380 days')")
    assert years.ask(8) == 1
    assert actions.confirm(years.db, token, years.after(8)).round.answer == "confirm"
    assert (years.now(asked).confirmed_on or "") < years.today


def test_link_dies_after_four_months(years: Years, asked: Practice) -> None:
    actions.open_link(years.db, years.token(), years.after(119))
    with pytest.raises(LinkGone) as gone:
        actions.open_link(years.db, years.token(), years.after(121))
    assert gone.value.reason == "expired"


@pytest.mark.usefixtures("asked")
def test_archived_practice_is_not_asked_about(
    years: Years, asked: Practice, client: FlaskClient
) -> None:
    years.desk.decide(asked, "archive")
    answer = client.get(path(years))
    assert answer.status_code == 410
    assert "no longer in the library" in answer.text
    assert client.post(path(years, "/confirm")).status_code == 410


@pytest.mark.usefixtures("asked")
def test_gone_page_says_whom_to_write_to(make_app: Callable[..., Flask]) -> None:
    client = make_app(CONTACT_EMAIL="cni@example.gr").test_client()
    assert "mailto:cni@example.gr" in client.get("/en/still-true/a-guess").text


def test_only_hashes_of_secrets_are_kept(years: Years, asked: Practice) -> None:
    token = years.token()
    with transaction(years.db):
        years.db.execute("UPDATE outbox SET body = ''")
    for (name,) in years.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
        for row in years.db.execute(f'SELECT * FROM "{name}"'):
            assert token not in map(str, tuple(row)), name


def test_page_shows_only_what_is_public(years: Years, client: FlaskClient) -> None:
    contact = {**CARD["contact"], "mailbox": "secretbox@example.gr", "visibility": "members"}
    practice = years.published(contact=contact)
    years.ask()
    draft = {**UPDATED, "summary": {"en": "A draft that nobody may read yet."}}
    version = writing.working_copy(years.db, practice).version
    write_all(years.db, practice, years.desk.member("Anna"), draft, version)
    assert find_draft(years.db, practice.id)
    for end in ("", "/ended"):
        page = client.get(path(years, end)).text
        for secret in ("secretbox", "nobody may read", "Anna", "anna@example.gr"):
            assert secret not in page
    assert not re.search(r"/my-practices/\d", client.get(path(years)).text)
