"""What has to be confirmed, as moderators see it and act on it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb import mail
from kb.db import transaction
from kb.renewals import store
from tests.kb.moderation.conftest import UPDATED
from tests.kb.renewals.conftest import Years

SignIn = Callable[[str | None], FlaskClient]
PAGE = "/en/review/to-confirm"
NOTE = "Τηλεφωνικά από τη Διεύθυνση Κοινωνικής Πολιτικής."


@pytest.fixture
def mona(sign_in: SignIn) -> FlaskClient:
    """The moderator's browser."""
    return sign_in("Mona")


def table(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{PAGE}.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_each_way_of_standing_is_listed(years: Years, mona: FlaskClient, sign_in: SignIn) -> None:
    contacts = {
        name: {"service": {"el": name}, "mailbox": f"{name}@example.gr", "visibility": "public"}
        for name in ("asked", "overdue", "edit", "update")
    }
    some = {name: years.published(500, name, contact=contact) for name, contact in contacts.items()}
    years.ask(-61)
    with transaction(years.db):
        years.db.execute(
            "UPDATE renewal SET letters = 1, last_asked_at = ? WHERE recipient <> ?",
            (years.after(-1).strftime("%Y-%m-%dT%H:%M:%SZ"), "overdue@example.gr"),
        )
        years.db.execute("UPDATE renewal SET letters = 3 WHERE recipient = 'overdue@example.gr'")
    sign_in("Anna").post(f"/en/my-practices/{some['edit'].id}/still-true/edit")
    years.desk.edited(some["update"], "Anna", {**UPDATED, "contact": contacts["update"]})
    years.published(key="due", contact={**contacts["asked"], "mailbox": "due@example.gr"})
    years.published(10, key="young")
    found = {case.standing for case in store.list_due(years.db, 12, years.start)}
    assert found == {"asked", "overdue", "edit", "update", "due"}
    assert {row["Standing"] for row in table(mona)} == {
        *("Asked", "No answer", "Needs changes", "Update under way", "To be asked")
    }
    page = mona.get(PAGE).text
    assert "All (5)" in page
    assert "First asked on" in page
    assert "2 reminders, the last on" in page
    assert "The next letter goes to due@example.gr." in page
    assert "To be confirmed" in mona.get("/en/review").text
    assert "(5)" in mona.get("/en/review").text
    assert [row["Standing"] for row in table(mona, "?standing=edit")] == ["Needs changes"]


def test_list_and_table_are_narrowed(years: Years, mona: FlaskClient) -> None:
    here = years.published(key="one")
    there = years.published(key="two", municipality="thessaloniki")
    assert {row["Reference"] for row in table(mona)} == {here.reference, there.reference}
    rows = table(mona, "?municipality=athens")
    assert [row["Reference"] for row in rows] == [here.reference]
    page = mona.get(f"{PAGE}?municipality=athens").text
    assert here.reference in page
    assert there.reference not in page
    for query in ("?municipality=nowhere", "?standing=burnt", "?page=99"):
        assert mona.get(PAGE + query).status_code == 200


def test_confirmed_on_their_behalf_with_a_note(
    years: Years, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = years.published()
    path = f"/en/review/{practice.id}/confirm"
    for note in ("", " … ", "x" * 501, "a\x00b"):
        answer = mona.post(path, data={"note": note})
        assert answer.status_code == 400
        assert f'href="#note-{practice.id}"' in answer.text
    assert mona.post(path, data={"note": NOTE}).status_code == 303
    assert years.now(practice).confirmed_on == years.today
    row = years.db.execute("SELECT * FROM moderation_log ORDER BY id DESC").fetchone()
    assert (row["action"], row["reason"]) == ("confirm", NOTE)
    assert NOTE in mona.get("/en/review/log?action=confirm").text
    assert "Confirmed by the municipality" in client.get(f"/en/practices/{practice.slug}").text
    assert mona.post(path, data={"note": NOTE}).status_code == 409
    assert years.desk.log(practice) == ["submit", "publish", "confirm"]


def test_note_that_does_not_fit_keeps_what_was_typed(years: Years, mona: FlaskClient) -> None:
    practice = years.published()
    answer = mona.post(f"/en/review/{practice.id}/confirm", data={"note": "<b>" + "x" * 501})
    assert "&lt;b&gt;" + "x" * 501 in answer.text


def test_asked_again_at_once_and_once(years: Years, mona: FlaskClient) -> None:
    practice = years.published()
    years.ask(-2)
    mail.deliver(years.db)
    for _ in range(2):
        answer = mona.post(f"/en/review/{practice.id}/ask-again?municipality=athens")
        assert answer.location == f"{PAGE}?municipality=athens"
    assert "goes to entaxi@example.gr" in mona.get(PAGE).text
    assert len(years.letters()) == 2


def test_asked_again_the_question_is_open_again(
    years: Years, mona: FlaskClient, client: FlaskClient
) -> None:
    practice = years.published()
    years.ask(-2)
    client.post(f"{years.paths()[0]}/edit")
    mona.post(f"/en/review/{practice.id}/ask-again")
    assert list(years.answers()) == [None]
    assert years.ask(31) == 1


def test_what_is_not_due_is_neither_asked_nor_confirmed(years: Years, mona: FlaskClient) -> None:
    young, hidden = years.published(10), years.desk.submitted(key="hidden")
    for what in ("ask-again", "confirm"):
        path = f"/en/review/{young.id}/{what}"
        assert mona.post(path, data={"note": NOTE}).status_code == 409
        path = f"/en/review/{hidden.id}/{what}"
        assert mona.post(path, data={"note": NOTE}).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("Anna", 404), (None, 303)])
def test_only_moderators_come_here(
    years: Years, sign_in: SignIn, name: str | None, status: int
) -> None:
    practice, client = years.published(), sign_in(name)
    assert client.get(PAGE).status_code == status
    assert client.get(f"{PAGE}.csv").status_code == status
    for what in ("ask-again", "confirm"):
        path = f"/en/review/{practice.id}/{what}"
        assert client.post(path, data={"note": NOTE}).status_code == status
    assert years.letters() == []
    assert years.now(practice).confirmed_on is None


def test_what_a_municipality_holds_back_is_not_told(years: Years, mona: FlaskClient) -> None:
    practice = years.published()
    with transaction(years.db):
        years.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        years.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    years.desk.edited(practice, "Anna", UPDATED)
    assert years.now(practice).held_back
    assert [row["Standing"] for row in table(mona)] == ["To be asked"]
    page = mona.get(PAGE).text
    assert f'href="/en/practices/{practice.slug}"' in page
    assert "Confirm on their behalf" not in page
    assert years.ask() == 1
