"""What administrators set of a municipality, and who coordinates there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import store as accounts
from kb.municipalities import store

SignIn = Callable[[str | None], FlaskClient]
ATHENS = "/en/municipality-settings/athens"


@pytest.fixture
def ada(sign_in: SignIn) -> FlaskClient:
    return sign_in("Ada")


def settings(db: Database, code: str = "athens") -> tuple[str | None, bool]:
    place = store.get(db, code)
    return place.mailbox, place.approves_first


def rows(db: Database) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute("SELECT * FROM municipality ORDER BY code")]


def test_mailbox_and_stages_are_set_and_taken_back(ada: FlaskClient, db: Database) -> None:
    form = {"mailbox": " entaxi@athens.example.gr ", "approves_first": "yes"}
    answer = ada.post(ATHENS, data=form, follow_redirects=True)
    assert "The settings of Municipality of Athens are saved." in answer.text
    assert "The coordinator approves first" in answer.text
    assert settings(db) == ("entaxi@athens.example.gr", True)
    page = ada.get(ATHENS).text
    assert 'value="entaxi@athens.example.gr"' in page
    assert " checked" in page
    ada.post(ATHENS, data={"mailbox": ""})
    assert settings(db) == (None, False)


def test_address_that_no_mail_reaches_is_refused_and_kept(ada: FlaskClient, db: Database) -> None:
    answer = ada.post(ATHENS, data={"mailbox": "entaxi@", "approves_first": "yes"})
    assert answer.status_code == 400
    assert 'value="entaxi@"' in answer.text
    assert "like name@example.gr" in answer.text
    assert settings(db) == (None, False)


def test_nothing_else_is_changed_by_posting(ada: FlaskClient, db: Database) -> None:
    before = rows(db)
    posted = dict.fromkeys(before[0], "1") | {"mailbox": "", "approves_first": ""}
    ada.post(ATHENS, data=posted)
    assert rows(db) == before
    assert db.execute("SELECT count(*) FROM change").fetchone()[0] == 0


def test_later_save_does_not_overwrite_what_another_set(ada: FlaskClient, db: Database) -> None:
    opened = store.get(db, "athens").settings_mark
    assert f'value="{opened}"' in ada.get(ATHENS).text
    theirs, mine = {"mailbox": "theirs@athens.example.gr"}, {"approves_first": "yes"}
    assert ada.post(ATHENS, data={**theirs, "opened": opened}).status_code == 303
    answer = ada.post(ATHENS, data={**mine, "mailbox": "", "opened": opened})
    assert answer.status_code == 409
    assert "Somebody else has changed this municipality" in answer.text
    assert "theirs@athens.example.gr" in answer.text
    assert " checked" in answer.text
    assert settings(db) == ("theirs@athens.example.gr", False)
    now = store.get(db, "athens").settings_mark
    assert f'value="{now}"' in answer.text
    assert ada.post(ATHENS, data={**theirs, **mine, "opened": now}).status_code == 303
    assert settings(db) == ("theirs@athens.example.gr", True)


@pytest.mark.parametrize("name", [None, "Anna", "Mona"])
def test_settings_are_for_administrators(sign_in: SignIn, db: Database, name: str | None) -> None:
    client, form = sign_in(name), {"approves_first": "yes"}
    for path in (ATHENS, "/en/municipality-settings"):
        assert client.get(path).status_code == (404 if name else 303)
    assert client.post(ATHENS, data=form).status_code == (404 if name else 303)
    assert settings(db) == (None, False)


@pytest.mark.parametrize("code", ["other", "atlantis"])
def test_where_nobody_works_there_is_nothing_to_set(ada: FlaskClient, code: str) -> None:
    address = f"/en/municipality-settings/{code}"
    assert ada.get(address).status_code == 404
    assert ada.post(address, data={"mailbox": ""}).status_code == 404


def test_page_says_who_coordinates(
    ada: FlaskClient, db: Database, member: Callable[[str], Member]
) -> None:
    assert "There is no coordinator" in ada.get(ATHENS).text
    form = {"role": "contributor", "municipality": "athens", "is_coordinator": "yes"}
    ada.post(f"/en/members/{member('Bruno').id}", data=form)
    assert [each.name for each in accounts.coordinators(db, "athens")] == ["Bruno"]
    assert "Coordinators: Bruno" in ada.get(ATHENS).text
    assert "Coordinators: Bruno" in ada.get("/en/municipality-settings").text
    assert "coordinator" in ada.get("/en/members").text


def test_becoming_coordinator_ends_the_persons_sessions(
    ada: FlaskClient, sign_in: SignIn, member: Callable[[str], Member]
) -> None:
    bruno = sign_in("Bruno")
    form = {"role": "contributor", "municipality": "athens", "is_coordinator": "yes"}
    ada.post(f"/en/members/{member('Bruno').id}", data=form)
    assert bruno.get("/en/account").status_code == 303


@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_only_contributors_coordinate(
    ada: FlaskClient, db: Database, member: Callable[[str], Member], role: str
) -> None:
    form = {"role": role, "municipality": "athens", "is_coordinator": "yes"}
    answer = ada.post(f"/en/members/{member('Bruno').id}", data=form)
    assert answer.status_code == 303
    assert not member("Bruno").is_coordinator


def test_coordinator_can_be_invited(ada: FlaskClient, db: Database) -> None:
    form = {"email": "zoe@example.gr", "name": "Zoe", "role": "contributor", "language": "en"}
    ada.post("/en/members/invite", data=form | {"municipality": "tilos", "is_coordinator": "yes"})
    assert [each.name for each in accounts.coordinators(db, "tilos")] == ["Zoe"]
