"""Signing in with a password, and out."""

import re
import threading

import pytest
from argon2 import PasswordHasher
from flask import Flask

from kb.accounts import passwords
from tests.people import CHEAP, PASSWORD, cookie_of, enter, give_password, is_signed_in

UNKNOWN = "nobody@example.gr"


@pytest.fixture
def ready(db):
    """Anna and Mona have passwords."""
    for name in ("Anna", "Mona", "Ada"):
        give_password(db, name)
    return db


def main_part(page: str) -> str:
    """The page without what differs from one answer to the next."""
    page = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page)
    return page.replace("anna@example.gr", "EMAIL").replace(UNKNOWN, "EMAIL")


def test_password_opens_a_session(ready, client):
    answer = enter(client, "Anna")
    assert answer.status_code == 303
    assert is_signed_in(client)


def test_address_may_be_typed_in_capitals(ready, client):
    answer = client.post("/en/sign-in", data={"email": " Anna@Example.GR ", "password": PASSWORD})
    assert answer.status_code == 303


def test_accents_count_the_same_from_every_keyboard(ready, client):
    decomposed = PASSWORD.replace("έ", "ε\u0301").replace("ή", "η\u0301")
    assert decomposed != PASSWORD
    assert enter(client, "Anna", decomposed).status_code == 303


def test_wrong_password_gets_the_page_with_what_was_typed(ready, client):
    answer = enter(client, "Anna", "not the password", next="/en/practices/x")
    assert answer.status_code == 400
    assert 'value="anna@example.gr"' in answer.text
    assert 'value="/en/practices/x"' in answer.text
    assert "not the password" not in answer.text
    assert "<title>Error: " in answer.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", ""), ("email", "anna"), ("email", "a@b.gr\r\nBcc: x@y.gr"), ("password", "")],
)
def test_empty_or_impossible_fields_are_named(ready, client, field, typed):
    data = {"email": "anna@example.gr", "password": PASSWORD, field: typed}
    answer = client.post("/en/sign-in", data=data)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text


def test_answer_does_not_tell_whether_an_account_exists(ready, app: Flask):
    for wrong in ("anna@example.gr", "bruno@example.gr", UNKNOWN):
        answer = app.test_client().post("/en/sign-in", data={"email": wrong, "password": "x" * 20})
        assert answer.status_code == 400
        text = main_part(answer.text).replace("bruno@example.gr", "EMAIL")
        assert text == main_part(
            app.test_client()
            .post("/en/sign-in", data={"email": UNKNOWN, "password": "x" * 20})
            .text
        )


@pytest.mark.parametrize("email", ["anna@example.gr", "bruno@example.gr", UNKNOWN])
def test_every_answer_costs_one_verification(ready, app: Flask, monkeypatch, email):
    """Anna has a password, Bruno has none, nobody is nobody: the work is the same."""
    done = []

    class CountingHasher(PasswordHasher):
        def verify(self, hash, password):  # noqa: A002 – argon2's own name
            done.append(hash.split("$")[3])
            return super().verify(hash, password)

    hasher = CountingHasher(**CHEAP)
    monkeypatch.setattr(passwords, "hasher", lambda: hasher)
    passwords.is_right(None, "the first one makes the hash to compare with")
    done.clear()
    app.test_client().post("/en/sign-in", data={"email": email, "password": "x" * 20})
    assert done == ["m=8,t=1,p=1"]


def test_closed_account_cannot_sign_in(ready, client):
    ready.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    assert enter(client, "Anna").status_code == 400


def test_account_without_password_cannot_sign_in_with_one(ready, client):
    assert enter(client, "Bruno", "").status_code == 400
    assert enter(client, "Bruno", "nobody has this password").status_code == 400


def test_hash_follows_the_present_cost(ready, make_app):
    dearer = make_app(ARGON2={**CHEAP, "time_cost": 2}).test_client()
    assert enter(dearer, "Anna").status_code == 303
    stored = ready.execute("SELECT password_hash FROM member WHERE name = 'Anna'").fetchone()[0]
    assert "t=2" in stored
    assert stored.startswith("$argon2id$")
    assert enter(dearer, "Anna").status_code == 303


def test_secret_is_new_at_each_sign_in_and_the_old_one_dies(ready, client, app):
    enter(client, "Anna")
    old = cookie_of(client)
    enter(client, "Anna")
    assert cookie_of(client) != old
    thief = app.test_client()
    thief.set_cookie("kb_session", old)
    assert not is_signed_in(thief)


def test_secret_given_before_signing_in_is_not_kept(ready, client):
    client.set_cookie("kb_session", "chosen by somebody else")
    enter(client, "Anna")
    assert cookie_of(client) != "chosen by somebody else"
    assert is_signed_in(client)


def test_store_holds_no_secret(ready, client):
    enter(client, "Anna")
    secret = cookie_of(client)
    stored = [str(tuple(row)) for row in ready.execute("SELECT * FROM session")]
    assert len(stored) == 1
    assert len(secret) == 43  # 256 bits
    assert secret not in stored[0]


def test_cookie_over_http_is_for_this_site_only(ready, client):
    cookie = enter(client, "Anna").headers["Set-Cookie"]
    assert cookie.startswith("kb_session=")
    for attribute in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=5184000"):
        assert attribute in cookie
    assert "Secure" not in cookie
    assert "Domain" not in cookie


def test_cookie_over_https_is_bound_to_the_host(ready, make_app):
    client = make_app(BASE_URL="https://library.example.gr").test_client()
    answer = client.post(
        "/en/sign-in",
        data={"email": "anna@example.gr", "password": PASSWORD},
        base_url="https://library.example.gr",
    )
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if "kb_session" in c)
    assert cookie.startswith("__Host-kb_session=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("target", ["/en/account", "/el/practices/x?a=1&b=%2F"])
def test_signing_in_leads_on_to_where_one_was(ready, client, target):
    assert enter(client, "Anna", next=target).headers["Location"] == target


@pytest.mark.parametrize(
    "target",
    [
        *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example"),
        *("javascript:alert(1)", "/\t/evil.example", "\t//evil.example", "evil.example"),
        *("///evil.example", "https:evil.example", "/\r\nSet-Cookie: a=b", "http:/evil.example"),
    ],
)
def test_signing_in_never_leads_to_another_site(ready, client, target):
    answer = enter(client, "Ada", next=target)
    assert answer.headers["Location"] == "/en/members"
    assert client.get("/en/sign-in", query_string={"next": target}).headers["Location"] == (
        "/en/members"
    )
    client.post("/en/sign-out")
    page = client.get("/en/sign-in", query_string={"next": target}).text
    assert '<input id="next" name="next" type="hidden" value="">' in page


def test_page_that_needs_an_account_leads_back_to_itself(ready, client):
    answer = client.get("/en/account/password")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/en/sign-in?next=/en/account/password"


def test_signing_out_ends_the_session_in_the_store(ready, client, app):
    enter(client, "Anna")
    secret = cookie_of(client)
    assert client.post("/en/sign-out").status_code == 303
    assert cookie_of(client) is None
    thief = app.test_client()
    thief.set_cookie("kb_session", secret)
    assert not is_signed_in(thief)


def test_signing_out_is_not_a_link(ready, client):
    enter(client, "Anna")
    assert client.get("/en/sign-out").status_code == 405
    assert is_signed_in(client)


def test_signing_out_twice_is_no_error(client):
    assert client.post("/en/sign-out").status_code == 303


def test_pages_of_signed_in_people_are_not_stored(ready, client):
    assert client.get("/en/sign-in").headers["Cache-Control"] == "no-store"
    enter(client, "Anna")
    assert client.get("/en/account").headers["Cache-Control"] == "no-store"


def test_account_closed_while_the_password_is_checked_stays_out(ready, client, monkeypatch):
    real = passwords.is_right

    def slow(stored, password):
        ready.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
        return real(stored, password)

    monkeypatch.setattr(passwords, "is_right", slow)
    assert enter(client, "Anna").status_code == 400
    assert ready.execute("SELECT count(*) FROM session").fetchone()[0] == 0


def test_many_at_once_get_in(ready, app: Flask):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(enter(app.test_client(), "Mona")))
        for _number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [303] * 4
