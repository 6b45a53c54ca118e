"""The commands about members, and the links of the demo."""

import re

import pytest

from kb.accounts import membership
from kb.accounts.commands import members
from tests.people import is_signed_in, mails_to


@pytest.fixture
def run(app, db):
    """Runs ``flask members …``."""
    return lambda *words: app.test_cli_runner().invoke(members, words)


def test_invite_sends_a_mail(run, db):
    done = run(
        *("invite", "zoe@example.gr", "--name", "Zoe", "--role", "contributor"),
        *("--municipality", "athens", "--language", "en"),
    )
    assert done.exit_code == 0, done.output
    assert "/en/links/" in mails_to(db, "zoe@example.gr")[0]


@pytest.mark.parametrize(
    "words",
    [
        ("anna@example.gr", "--name", "Anna", "--role", "moderator"),
        ("zoe", "--name", "Zoe", "--role", "moderator"),
        ("zoe@example.gr", "--name", " ", "--role", "moderator"),
        ("zoe@example.gr", "--name", "Zoe", "--role", "contributor"),
        ("zoe@example.gr", "--name", "Zoe", "--role", "moderator", "--municipality", "athens"),
        ("zoe@example.gr", "--name", "Zoe", "--municipality", "atlantis"),
        ("zoe@example.gr", "--name", "Zoe", "--role", "owner"),
    ],
)
def test_bad_invitation_is_refused_with_a_sentence(run, db, words):
    done = run("invite", *words)
    assert done.exit_code in (1, 2)
    assert "Traceback" not in done.output
    assert "Error" in done.output
    assert db.execute("SELECT count(*) FROM member").fetchone()[0] == 5


def test_first_administrator_gets_a_link(run, db, client):
    done = run("create-administrator", "boss@example.gr", "--name", "Boss", "--language", "en")
    assert done.exit_code == 0, done.output
    path = re.search(r"http://127\.0\.0\.1:8000(/en/links/\S+)", done.output)[1]
    assert client.post(path, data={"password": "τρία λόγια χωρίς ειρμό"}).status_code == 303
    assert client.get("/en/members").status_code == 200
    assert mails_to(db, "boss@example.gr") == []


def test_link_signs_in_whom_no_mail_reaches(run, client):
    done = run("link", "anna@example.gr")
    path = re.search(r"http://127\.0\.0\.1:8000(/el/links/\S+)", done.output)[1]
    client.post(path)
    assert is_signed_in(client)


def test_list_shows_everybody(run):
    lines = run("list").output.splitlines()
    assert len(lines) == 5
    assert re.fullmatch(r"active +administrator +- +ada@example\.gr +Ada", lines[0])


def test_account_is_closed_and_opened(run, db):
    assert run("deactivate", "anna@example.gr").exit_code == 0
    assert run("link", "anna@example.gr").exit_code == 1
    assert run("reactivate", "Anna@example.gr").exit_code == 0
    assert run("link", "anna@example.gr").exit_code == 0
    assert run("deactivate", "nobody@example.gr").exit_code == 1


def test_last_administrator_stays(run):
    done = run("deactivate", "ada@example.gr")
    assert done.exit_code == 1
    assert "create-administrator" in done.output


@pytest.fixture
def nobody(db):
    """The store of a library that was just set up: without members."""
    db.execute("DELETE FROM member")


@pytest.mark.usefixtures("nobody")
def test_demo_links_sign_in_one_of_each_role(db, app):
    links = membership.demo_links(db)
    assert [member.role for member, _url in links] == [
        "contributor",
        "moderator",
        "administrator",
    ]
    for member, url in links:
        assert url.startswith("http://127.0.0.1:8000/el/links/")
        client = app.test_client()
        client.post(url.removeprefix("http://127.0.0.1:8000"))
        assert member.email in client.get("/en/account").text


@pytest.mark.usefixtures("nobody")
def test_demo_links_of_the_last_start_die(db, client):
    (_, old), *_ = membership.demo_links(db)
    (_, new), *_ = membership.demo_links(db)
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200
    assert db.execute("SELECT count(*) FROM member").fetchone()[0] == 3


@pytest.mark.usefixtures("nobody")
def test_demo_gives_nothing_back_that_was_taken_away(db):
    membership.demo_links(db)
    db.execute("UPDATE member SET is_active = 0 WHERE email = 'administrator@demo.example'")
    db.execute(
        "UPDATE member SET role = 'administrator', municipality = NULL"
        " WHERE email = 'contributor@demo.example'"
    )
    assert [member.role for member, _url in membership.demo_links(db)] == ["moderator"]


def test_demo_does_not_come_to_a_library_with_members_of_its_own(db, run, app):
    assert membership.demo_links(db) == []
    assert app.test_cli_runner().invoke(args=["kb", "demo-links"]).output == ""
    assert db.execute("SELECT count(*) FROM member").fetchone()[0] == 5


@pytest.mark.usefixtures("nobody")
def test_demo_people_have_no_passwords(db):
    membership.demo_links(db)
    rows = db.execute("SELECT password_hash FROM member WHERE email LIKE '%demo.example'")
    assert {row[0] for row in rows} == {None}
