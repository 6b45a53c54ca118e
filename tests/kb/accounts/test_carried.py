"""A form that is sent after its session ended: nothing that was written is lost, or goes astray."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

from kb.access import Member
from kb.practices import actions, store
from tests.kb.practices.cases import CARD, FORM, written_with
from tests.people import PASSWORD, address_of, give_password

OWN = {"Sec-Fetch-Site": "same-origin"}
NASTY = 'Σύνοψη "με" <b>σημεία</b> &amp;\r\nκαι γραμμές'


@pytest.fixture
def ready(db: Database, member: Callable[[str], Member]) -> Database:
    for name in ("Anna", "Bruno", "Clara", "Mona"):
        give_password(db, name)
    practice = actions.create(db, member("Anna"), "key", CARD)
    written_with(db, practice, member("Bruno"))
    return db


def write(client: FlaskClient, writer: int = 1, **headers: str) -> TestResponse:
    data = {"challenge_el": NASTY, "goals_el": "", "how_it_works_el": "Νέο", "writer": str(writer)}
    return client.post(
        "/en/my-practices/1/write/what", data=data | {"version": "1"}, headers=OWN | headers
    )


def hidden(page: str) -> dict[str, str]:
    tags = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in tags}


def sign_in_with(client: FlaskClient, name: str, page: str) -> TestResponse:
    found = re.search(r'name="carried" type="hidden" value="([^"]*)"', page)
    assert found
    data = {"email": address_of(name), "password": PASSWORD, "carried": found[1]}
    return client.post("/en/sign-in", data=data)


def saved(db: Database) -> dict[str, str]:
    draft = store.find_draft(db, 1)
    assert draft
    return dict(draft.content.get("challenge", {}))


@pytest.mark.parametrize("name", ["Anna", "Bruno"])
def test_a_form_goes_on_after_signing_in_again(ready: Database, app: Flask, name: str) -> None:
    client = app.test_client()
    asked = write(client)
    assert asked.status_code == 401
    page = sign_in_with(client, name, asked.text)
    assert page.status_code == 200
    fields = hidden(page.text)
    assert fields["challenge_el"] == NASTY
    done = client.post("/en/my-practices/1/write/what", data=fields)
    assert done.status_code == 303
    assert saved(ready)["el"] == NASTY.replace("\r\n", "\n")


def test_a_wrong_password_keeps_what_is_carried(ready: Database, client: FlaskClient) -> None:
    asked = write(client)
    found = re.search(r'name="carried" type="hidden" value="([^"]*)"', asked.text)
    assert found
    data = {"email": address_of("Anna"), "password": "not this", "carried": found[1]}
    again = client.post("/en/sign-in", data=data)
    assert again.status_code == 400
    assert found[1] in again.text
    assert sign_in_with(client, "Anna", again.text).status_code == 200


def test_signing_in_in_another_tab_serves_as_well(
    ready: Database, client: FlaskClient, sign_in: Callable[[str], FlaskClient]
) -> None:
    carried = {"carried": hidden(write(client).text)["carried"]}
    assert client.post("/en/sign-in/go-on", data=carried).status_code == 401
    page = sign_in("Anna").post("/en/sign-in/go-on", data=carried)
    assert hidden(page.text)["how_it_works_el"] == "Νέο"


def test_another_municipality_does_not_get_to_see_it(ready: Database, client: FlaskClient) -> None:
    page = sign_in_with(client, "Clara", write(client).text)
    assert page.status_code == 303
    assert "Νέο" not in page.text
    assert saved(ready) == {}


def test_what_was_tampered_with_is_dropped(ready: Database, client: FlaskClient) -> None:
    data = {"email": address_of("Anna"), "password": PASSWORD, "carried": "WyIvIixbXSwxXQ.forged"}
    assert client.post("/en/sign-in", data=data).headers["Location"] == "/en/my-practices"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_only_a_form_of_this_site_is_carried(
    ready: Database, client: FlaskClient, site: str
) -> None:
    answer = write(client, **{"Sec-Fetch-Site": site})
    assert answer.status_code in (303, 403)
    assert "Νέο" not in answer.text


@pytest.mark.parametrize("origin", ["http://elsewhere.gr", "null", "http://[", ""])
def test_only_an_origin_of_this_site_counts(
    ready: Database, client: FlaskClient, origin: str
) -> None:
    answer = write(client, **{"Sec-Fetch-Site": "", "Origin": origin})
    assert answer.status_code == 303
    assert "Νέο" not in answer.text


def test_a_program_is_told_to_sign_in(ready: Database, client: FlaskClient) -> None:
    answer = write(client, Accept="application/json")
    assert (answer.status_code, answer.json) == (401, {"error": "sign-in"})


def test_a_form_whose_token_is_void_can_be_sent_again(
    ready: Database, make_app: Callable[..., Flask]
) -> None:
    client = make_app(WTF_CSRF_ENABLED=True).test_client()
    answer = write(client)
    assert answer.status_code == 400
    fields = hidden(answer.text)
    assert fields["challenge_el"] == NASTY
    assert fields["csrf_token"]
    asked = client.post("/en/my-practices/1/write/what", data=fields, headers=OWN)
    assert asked.status_code == 401
    told = write(client, Accept="application/json")
    assert (told.status_code, told.json) == (400, {"error": "token"})


def test_a_password_is_never_sent_back(make_app: Callable[..., Flask]) -> None:
    client = make_app(WTF_CSRF_ENABLED=True).test_client()
    data = {"email": "anna@example.gr", "password": "a secret of mine"}
    answer = client.post("/en/sign-in", data=data, headers=OWN)
    assert answer.status_code == 400
    assert "a secret of mine" not in answer.text


def test_a_new_practice_is_carried_whole(ready: Database, client: FlaskClient) -> None:
    answer = client.post(
        "/en/my-practices", data={**FORM, "submission_key": "k", "writer": "1"}, headers=OWN
    )
    page = sign_in_with(client, "Anna", answer.text).text
    assert page.count('name="target_groups"') == len(FORM["target_groups"])
    assert 'value="families"' in page


def test_programs_sign_in_and_get_a_token(ready: Database, client: FlaskClient) -> None:
    headers = {"Accept": "application/json"}
    state = client.get("/en/sign-in/state").json
    assert state["member"] is None
    wrong = client.post(
        "/en/sign-in", data={"email": "anna@example.gr", "password": "no"}, headers=headers
    )
    assert wrong.status_code == 400
    assert "not correct" in wrong.json["message"]
    data = {"email": address_of("Anna"), "password": PASSWORD}
    assert client.post("/en/sign-in", data=data, headers=headers).json["csrf_token"]
    assert client.get("/en/sign-in/state").json["member"]["name"] == "Anna"
