"""Links that are sent by mail: what opening and using one does."""

import re
import threading
from datetime import timedelta

import pytest

from kb.accounts import actions
from kb.accounts.model import LINK_LIFETIMES, LinkSpent, from_now
from kb.db import connect, transaction
from kb.search.syncing import indexes
from tests.people import (
    PASSWORD,
    cookie_of,
    enter,
    give_password,
    is_signed_in,
    link_to,
    mails_to,
)

NEW = "τρία λόγια χωρίς ειρμό"
ANNA = "anna@example.gr"


def ask(client, email=ANNA, kind="sign-in/link", **fields):
    return client.post(f"/en/{kind}", data={"email": email, **fields})


def sign_in_link(client, db):
    assert ask(client).status_code == 303
    return link_to(db, ANNA)


def reset_link(client, db):
    assert ask(client, kind="password/reset").status_code == 303
    return link_to(db, ANNA)


def everything(db):
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: [tuple(row) for row in db.execute(f"SELECT * FROM {table}")] for table in tables}


@pytest.mark.parametrize("make", [sign_in_link, reset_link])
def test_opening_a_link_changes_nothing(client, db, app, make):
    path = make(client, db)
    indexes(app).wait()
    before = everything(db)
    for _time in range(3):
        answer = app.test_client().get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "kb_session" not in str(answer.headers)
    assert everything(db) == before


def test_link_signs_in_once(client, db, app):
    path = sign_in_link(client, db)
    assert client.post(path).status_code == 303
    assert is_signed_in(client)
    other = app.test_client()
    assert other.post(path).status_code == 410
    assert other.get(path).status_code == 410
    assert not is_signed_in(other)


def test_of_two_at_once_one_gets_in(client, db, app):
    path = sign_in_link(client, db)
    token = path.rpartition("/")[2]
    found = []
    start = threading.Barrier(4)

    def use() -> None:
        with app.app_context():
            own = connect(app.config["INSTANCE"] / "library.sqlite3")
            start.wait()
            try:
                found.append(actions.use_sign_in_link(own, token)[0].name)
            except LinkSpent:
                found.append("spent")
            own.close()

    threads = [threading.Thread(target=use) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["Anna", "spent", "spent", "spent"]


@pytest.mark.parametrize("make", [sign_in_link, reset_link])
def test_link_expires(client, db, make):
    path = make(client, db)
    db.execute("UPDATE link SET expires_at = ?", (from_now(timedelta(seconds=-1)),))
    answer = client.get(path)
    assert answer.status_code == 410
    assert "<h1" in answer.text
    assert client.post(path, data={"password": NEW}).status_code == 410


@pytest.mark.parametrize("purpose", ["sign_in", "reset"])
def test_lifetime_is_that_of_the_purpose(client, db, purpose):
    ask(client, kind="sign-in/link" if purpose == "sign_in" else "password/reset")
    row = db.execute("SELECT purpose, expires_at FROM link").fetchone()
    assert row["purpose"] == purpose
    expected = from_now(LINK_LIFETIMES[purpose])
    assert from_now(LINK_LIFETIMES[purpose] - timedelta(minutes=1)) < row["expires_at"] <= expected


def test_token_itself_is_not_stored(client, db):
    token = sign_in_link(client, db).rpartition("/")[2]
    assert len(token) == 43
    assert token not in str([tuple(row) for row in db.execute("SELECT * FROM link")])


@pytest.mark.parametrize("token", ["x", "a" * 3000, "%00", "é", "..%2F"])
def test_unknown_link_says_what_to_do(client, token):
    # A slash too many at the end is forgiven first.
    answer = client.get(f"/en/links/{token}", follow_redirects=True)
    assert answer.status_code in (404, 410)
    assert client.post(f"/en/links/{token}").status_code in (404, 410)


def test_link_of_a_closed_account_is_dead(client, db):
    path = sign_in_link(client, db)
    db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_link_leads_on_to_where_one_was(client, db):
    ask(client, next="/en/practices/x")
    path = link_to(db, ANNA)
    page = client.get(path).text
    action = re.search(r'<form method="post" action="(/en/links/[^"]+|/el/links/[^"]+)"', page)
    assert client.post(action[1].replace("&amp;", "&")).headers["Location"] == "/en/practices/x"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_link_never_leads_to_another_site(client, db, target):
    ask(client, next=target)
    path = link_to(db, ANNA)
    assert "evil" not in path
    answer = client.post(path, query_string={"next": target})
    assert "evil" not in answer.headers["Location"]


def test_using_a_link_ends_the_session_that_the_browser_had(client, db, sign_in, app):
    browser = sign_in("Bruno")
    old = cookie_of(browser)
    path = sign_in_link(client, db)
    assert "Bruno" in browser.get(path).text
    browser.post(path)
    assert "anna@example.gr" in browser.get("/en/account").text
    thief = app.test_client()
    thief.set_cookie("kb_session", old)
    assert not is_signed_in(thief)


def test_sign_in_link_cannot_set_a_password(client, db):
    token = sign_in_link(client, db).rpartition("/")[2]
    with pytest.raises(LinkSpent):
        actions.use_password_link(db, token, NEW)
    assert client.post(f"/en/links/{token}", data={"password": NEW}).status_code == 303
    row = db.execute("SELECT password_hash FROM member WHERE name = 'Anna'").fetchone()
    assert row[0] is None


def test_reset_link_cannot_skip_the_password(client, db):
    token = reset_link(client, db).rpartition("/")[2]
    with pytest.raises(LinkSpent):
        actions.use_sign_in_link(db, token)
    assert client.post(f"/en/links/{token}").status_code == 400


def test_reset_sets_the_password_and_signs_in(client, db):
    give_password(db, "Anna")
    answer = client.post(reset_link(client, db), data={"password": NEW})
    assert answer.status_code == 303
    assert is_signed_in(client)
    client.post("/en/sign-out")
    assert enter(client, "Anna", PASSWORD).status_code == 400
    assert enter(client, "Anna", NEW).status_code == 303


def test_reset_ends_all_sessions_and_open_links(client, db, sign_in):
    browser = sign_in("Anna")
    first, second = sign_in_link(client, db), reset_link(client, db)
    client.post(second, data={"password": NEW})
    assert not is_signed_in(browser)
    assert client.get(first).status_code == 410


def test_reset_is_told_by_mail(client, db):
    client.post(reset_link(client, db), data={"password": NEW})
    assert len(mails_to(db, ANNA)) == 2
    assert "/password/reset" in mails_to(db, ANNA)[-1]


@pytest.mark.parametrize(
    "password", ["", "short", "anna anna anna", "aaaaaaaaaaaaaaaa", "x1" * 101, "annaannaanna"]
)
def test_bad_password_leaves_the_link_usable(client, db, password):
    path = reset_link(client, db)
    answer = client.post(path, data={"password": password})
    assert answer.status_code == 400
    assert 'href="#password"' in answer.text
    assert password not in answer.text or len(password) < 6
    assert client.post(path, data={"password": NEW}).status_code == 303


@pytest.mark.parametrize("kind", ["sign-in/link", "password/reset"])
def test_answer_does_not_tell_whether_an_account_exists(client, db, kind):
    db.execute("UPDATE member SET is_active = 0 WHERE name = 'Clara'")
    answers = [
        ask(client, email, kind) for email in (ANNA, "clara@example.gr", "nobody@example.gr")
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len({answer.text for answer in answers}) == 1
    assert mails_to(db, "nobody@example.gr") == mails_to(db, "clara@example.gr") == []
    assert len(mails_to(db, ANNA)) == 1


@pytest.mark.parametrize("kind", ["sign-in/link", "password/reset"])
def test_impossible_address_is_named(client, kind):
    answer = ask(client, "anna@", kind)
    assert answer.status_code == 400
    assert 'value="anna@"' in answer.text
    assert client.get(f"/en/{kind}").status_code == 200


def test_forged_host_does_not_get_into_the_link(make_app, db):
    client = make_app(TRUSTED_HOSTS=("evil.example",)).test_client()
    client.post(
        "/en/sign-in/link",
        data={"email": ANNA},
        base_url="http://evil.example",
        headers={"X-Forwarded-Host": "evil.example"},
    )
    body = mails_to(db, ANNA)[-1]
    assert "evil" not in body
    assert "http://127.0.0.1:8000/el/links/" in body


def test_old_links_are_forgotten_in_time(client, db, member):
    with transaction(db):
        db.execute(
            "INSERT INTO link VALUES ('old', 'reset', ?, NULL, '2020-01-01T00:00:00Z',"
            " '2020-01-01T02:00:00Z', NULL)",
            (member("Anna").id,),
        )
    client.post(sign_in_link(client, db))
    assert db.execute("SELECT count(*) FROM link WHERE token_hash = 'old'").fetchone()[0] == 0
