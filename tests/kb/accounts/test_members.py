"""What administrators do with the accounts of others, and what nobody else can."""

import threading

import pytest

from kb.accounts import membership
from kb.accounts.model import LastAdministrator
from kb.db import NotFound, connect
from tests.people import is_signed_in, link_to, mails_to

ZOE = {
    "email": "Zoe@Example.gr",
    "name": "Ζωή Νέα",
    "role": "contributor",
    "municipality": "thessaloniki",
    "language": "el",
}
NEW = "τρία λόγια χωρίς ειρμό"


@pytest.fixture
def ada(sign_in):
    """Ada's browser."""
    return sign_in("Ada")


def row_of(db, email):
    found = db.execute("SELECT * FROM member WHERE email = ?", (email,)).fetchone()
    return dict(found) if found else None


def rights(role, municipality=""):
    return {"role": role, "municipality": municipality}


GETS = ["/en/members", "/en/members/invite", "/en/members/1"]
POSTS = [
    "/en/members/invite",
    "/en/members/1",
    *(f"/en/members/1/{action}" for action in ("deactivate", "reactivate", "invite")),
]


@pytest.mark.parametrize("name", ["Anna", "Mona"])
def test_only_administrators_see_the_members(sign_in, client, name, db):
    browser = sign_in(name)
    before = [tuple(row) for row in db.execute("SELECT * FROM member")]
    for path in GETS:
        assert browser.get(path).status_code == 404
        assert client.get(path).status_code == 303
    for path in POSTS:
        assert browser.post(path, data={**ZOE, "role": "administrator"}).status_code == 404
        assert client.post(path, data={**ZOE, "role": "administrator"}).status_code == 303
    assert [tuple(row) for row in db.execute("SELECT * FROM member")] == before


def test_members_are_listed_by_name_closed_accounts_last(ada, db):
    db.execute("UPDATE member SET is_active = 0 WHERE name = 'Anna'")
    db.execute("UPDATE member SET name = 'Άρης' WHERE name = 'Mona'")
    page = ada.get("/en/members").text
    order = [page.index(f'key">{name}') for name in ("Άρης", "Ada", "Bruno", "Clara", "Anna")]
    assert order == sorted(order)


def test_invitation_goes_through_the_outbox_in_the_persons_language(ada, db):
    assert ada.post("/en/members/invite", data=ZOE).status_code == 303
    row = row_of(db, "zoe@example.gr")
    assert (row["name"], row["role"], row["municipality"]) == (
        "Ζωή Νέα",
        "contributor",
        "thessaloniki",
    )
    mail = mails_to(db, "zoe@example.gr")
    assert len(mail) == 1
    assert "Δήμος Θεσσαλονίκης" in mail[0]
    assert "http://127.0.0.1:8000/el/links/" in mail[0]
    assert "Invited" in ada.get("/en/members").text


def test_invited_person_chooses_a_password_and_is_in(ada, db, client):
    ada.post("/en/members/invite", data=ZOE)
    path = link_to(db, "zoe@example.gr")
    assert "Ζωή Νέα" in client.get(path).text
    assert client.post(path, data={"password": NEW}).status_code == 303
    assert is_signed_in(client)
    assert client.post(path, data={"password": NEW + "2"}).status_code == 410
    assert "Invited" not in ada.get("/en/members").text


def test_invitation_can_be_sent_again_and_the_first_dies(ada, db, client):
    ada.post("/en/members/invite", data=ZOE)
    first, number = link_to(db, "zoe@example.gr"), row_of(db, "zoe@example.gr")["id"]
    assert ada.post(f"/en/members/{number}/invite").status_code == 303
    second = link_to(db, "zoe@example.gr")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    client.post(second, data={"password": NEW})
    assert ada.post(f"/en/members/{number}/invite").status_code == 404


def test_address_is_invited_once(ada, db):
    ada.post("/en/members/invite", data=ZOE)
    answer = ada.post("/en/members/invite", data={**ZOE, "email": "ZOE@example.GR", "name": "Άλλη"})
    assert answer.status_code == 400
    assert 'href="#email"' in answer.text
    assert 'value="Άλλη"' in answer.text
    assert row_of(db, "zoe@example.gr")["name"] == "Ζωή Νέα"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "zoe"),
        ("email", "zoe@example.gr\nBcc: x@example.org"),
        ("email", "Ζωή@example.gr"),
        ("name", ""),
        ("role", "owner"),
        ("role", ""),
        ("municipality", ""),
        ("municipality", "atlantis"),
        ("municipality", "other"),
        ("language", "fr"),
    ],
)
def test_bad_invitation_comes_back_as_typed(ada, db, field, typed):
    answer = ada.post("/en/members/invite", data={**ZOE, field: typed})
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.text
    assert field == "name" or 'value="Ζωή Νέα"' in answer.text
    assert db.execute("SELECT count(*) FROM member").fetchone()[0] == 5


def test_municipality_is_for_contributors_only(ada, db):
    ada.post("/en/members/invite", data={**ZOE, "role": "moderator"})
    assert row_of(db, "zoe@example.gr")["municipality"] is None


def test_change_of_role_ends_the_persons_sessions(ada, db, sign_in, member):
    browser, bruno = sign_in("Anna"), sign_in("Bruno")
    answer = ada.post(f"/en/members/{member('Anna').id}", data=rights("moderator", "athens"))
    assert answer.status_code == 303
    row = row_of(db, "anna@example.gr")
    assert (row["role"], row["municipality"]) == ("moderator", None)
    assert not is_signed_in(browser)
    assert is_signed_in(bruno)


def test_change_of_municipality_ends_the_persons_sessions(ada, db, sign_in, member):
    browser = sign_in("Anna")
    ada.post(f"/en/members/{member('Anna').id}", data=rights("contributor", "larissa"))
    assert row_of(db, "anna@example.gr")["municipality"] == "larissa"
    assert not is_signed_in(browser)


def test_saving_without_a_change_ends_nothing(ada, sign_in, member):
    browser = sign_in("Anna")
    ada.post(f"/en/members/{member('Anna').id}", data=rights("contributor", "athens"))
    assert is_signed_in(browser)


@pytest.mark.parametrize(
    "posted", [rights("contributor"), rights("contributor", "other"), rights("owner"), {}]
)
def test_impossible_rights_are_refused(ada, db, member, posted):
    before = row_of(db, "mona@example.gr")
    assert ada.post(f"/en/members/{member('Mona').id}", data=posted).status_code == 400
    assert row_of(db, "mona@example.gr") == before


def test_only_the_rights_can_be_changed_by_posting(ada, db, member):
    before = row_of(db, "anna@example.gr")
    posted = dict.fromkeys(before, "1") | rights("contributor", "athens")
    ada.post(f"/en/members/{member('Anna').id}", data=posted)
    assert row_of(db, "anna@example.gr") == before | {"is_coordinator": 1}


def test_closed_account_is_out_and_comes_back(ada, db, sign_in, client, member):
    browser = sign_in("Anna")
    client.post("/en/sign-in/link", data={"email": "anna@example.gr"})
    path = link_to(db, "anna@example.gr")
    number = member("Anna").id
    assert ada.post(f"/en/members/{number}/deactivate").status_code == 303
    assert not is_signed_in(browser)
    assert client.post(path).status_code == 410
    assert ada.post(f"/en/members/{number}/reactivate").status_code == 303
    assert not is_signed_in(browser)
    assert row_of(db, "anna@example.gr")["is_active"] == 1


def test_last_administrator_stays(ada, db, member):
    number = member("Ada").id
    for path, data in (("", rights("moderator")), ("/deactivate", {})):
        answer = ada.post(f"/en/members/{number}{path}", data=data)
        assert answer.status_code == 409
        assert 'href="#role"' in answer.text
    row = row_of(db, "ada@example.gr")
    assert (row["role"], row["is_active"]) == ("administrator", 1)
    assert is_signed_in(ada)


def test_invited_administrator_does_not_count_before_coming_in(ada, db, client, member):
    ada.post("/en/members/invite", data={**ZOE, "role": "administrator"})
    number = member("Ada").id
    assert ada.post(f"/en/members/{number}/deactivate").status_code == 409
    client.post(link_to(db, "zoe@example.gr"), data={"password": NEW})
    assert ada.post(f"/en/members/{number}/deactivate").status_code == 303
    assert not is_signed_in(ada)
    assert client.get("/en/members").status_code == 200


def test_two_administrators_cannot_remove_each_other_at_once(app, db, sign_in, member):
    db.execute("UPDATE member SET role = 'administrator' WHERE name = 'Mona'")
    sign_in("Ada"), sign_in("Mona")
    results = []
    start = threading.Barrier(2)

    def remove(actor, other) -> None:
        with app.app_context():
            own = connect(app.config["INSTANCE"] / "library.sqlite3")
            start.wait()
            try:
                membership.deactivate(own, actor, other.id)
                results.append("done")
            except (LastAdministrator, NotFound):
                results.append("refused")
            own.close()

    ada, mona = member("Ada"), member("Mona")
    threads = [threading.Thread(target=remove, args=pair) for pair in ((ada, mona), (mona, ada))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused"]


def test_page_opened_before_losing_the_right_does_nothing(db, sign_in, member):
    actor = member("Ada")
    db.execute("UPDATE member SET role = 'moderator' WHERE name = 'Ada'")
    for action in (membership.deactivate, membership.reactivate, membership.invite_again):
        with pytest.raises(NotFound):
            action(db, actor, member("Anna").id)


def test_unknown_member_is_not_found(ada):
    assert ada.get("/en/members/999").status_code == 404
    for path in ("", "/deactivate", "/reactivate", "/invite"):
        answer = ada.post(f"/en/members/999{path}", data=rights("moderator"))
        assert answer.status_code == 404


def test_who_came_back_without_ever_having_come_can_be_invited(ada, db, client):
    ada.post("/en/members/invite", data=ZOE)
    number = row_of(db, "zoe@example.gr")["id"]
    ada.post(f"/en/members/{number}/deactivate")
    assert ada.post(f"/en/members/{number}/invite").status_code == 404
    ada.post(f"/en/members/{number}/reactivate")
    assert ada.post(f"/en/members/{number}/invite").status_code == 303
    assert client.get(link_to(db, "zoe@example.gr")).status_code == 200
