"""One's own account."""

import pytest

from kb.accounts import store
from tests.people import (
    PASSWORD,
    cookie_of,
    enter,
    give_password,
    is_signed_in,
    mails_to,
)

NEW = "τρία λόγια χωρίς ειρμό"


def member_row(db, name):
    return dict(db.execute("SELECT * FROM member WHERE name = ?", (name,)).fetchone())


def test_account_shows_what_the_library_knows(sign_in):
    page = sign_in("Anna").get("/en/account").text
    for known in ("anna@example.gr", "Contributor", "Municipality of Athens", "this browser"):
        assert known in page


def test_visitor_is_sent_to_sign_in(client):
    for path in ("/en/account", "/en/account/password"):
        assert client.get(path).headers["Location"].startswith("/en/sign-in?next=")
    for path in ("/en/account", "/en/account/password", "/en/account/sign-out-everywhere"):
        assert client.post(path).headers["Location"] == "/en/sign-in"


def test_name_and_language_can_be_changed(db, sign_in):
    browser = sign_in("Anna")
    answer = browser.post("/en/account", data={"name": "  Άννα \u202e Μ.\n", "language": "en"})
    assert answer.status_code == 303
    row = db.execute("SELECT name, language FROM member WHERE id = 1").fetchone()
    assert tuple(row) == ("Άννα Μ.", "en")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("name", " \u200b "), ("name", "a" * 101), ("language", "fr"), ("language", "")],
)
def test_bad_details_come_back_as_typed(db, sign_in, field, typed):
    data = {"name": "Anna", "language": "el", field: typed}
    answer = sign_in("Anna").post("/en/account", data=data)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert member_row(db, "Anna")["language"] == "el"


def test_nothing_else_can_be_changed_by_posting_it(db, sign_in):
    browser = sign_in("Anna")
    before = member_row(db, "Anna")
    posted = dict.fromkeys(before, "1") | {
        "role": "administrator",
        "municipality": "thessaloniki",
        "email": "mallory@example.org",
        "password_hash": "x",
        "name": "Anna",
        "language": "el",
    }
    assert browser.post("/en/account", data=posted).status_code == 303
    assert member_row(db, "Anna") == before


def test_password_change_asks_for_the_present_one(db, sign_in, client):
    give_password(db, "Anna")
    browser = sign_in("Anna")
    answer = browser.post("/en/account/password", data={"current": "no", "password": NEW})
    assert answer.status_code == 400
    assert 'href="#current"' in answer.text
    answer = browser.post("/en/account/password", data={"current": PASSWORD, "password": NEW})
    assert answer.status_code == 303
    assert enter(client, "Anna", NEW).status_code == 303


def test_password_change_ends_every_other_session(db, sign_in, app):
    give_password(db, "Anna")
    browser, elsewhere = sign_in("Anna"), sign_in("Anna")
    old = cookie_of(browser)
    browser.post("/en/account/password", data={"current": PASSWORD, "password": NEW})
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)
    thief = app.test_client()
    thief.set_cookie("kb_session", old)
    assert not is_signed_in(thief)


def test_password_change_is_told_by_mail(db, sign_in):
    sign_in("Anna").post("/en/account/password", data={"password": NEW})
    assert len(mails_to(db, "anna@example.gr")) == 1


def test_who_came_by_a_link_sets_a_first_password(db, sign_in, client):
    browser = sign_in("Anna")
    assert 'name="current"' not in browser.get("/en/account/password").text
    assert browser.post("/en/account/password", data={"password": NEW}).status_code == 303
    assert enter(client, "Anna", NEW).status_code == 303


@pytest.mark.parametrize("password", ["", "short", "anna@example.gr", "1212121212121212"])
def test_bad_new_password_is_refused(db, sign_in, password):
    answer = sign_in("Anna").post("/en/account/password", data={"password": password})
    assert answer.status_code == 400
    assert 'href="#password"' in answer.text
    assert member_row(db, "Anna")["password_hash"] is None


def test_signing_out_everywhere_ends_all_sessions(db, sign_in, member):
    here, there, bruno = sign_in("Anna"), sign_in("Anna"), sign_in("Bruno")
    assert len(store.list_sessions(db, member("Anna").id)) == 2
    assert here.post("/en/account/sign-out-everywhere").status_code == 303
    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert is_signed_in(bruno)
    assert cookie_of(here) is None


def test_signing_out_everywhere_makes_open_links_worthless(db, sign_in, client):
    client.post("/en/sign-in/link", data={"email": "anna@example.gr"})
    sign_in("Anna").post("/en/account/sign-out-everywhere")
    assert db.execute("SELECT count(*) FROM link").fetchone()[0] == 0
