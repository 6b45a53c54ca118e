"""Earlier revisions: who reads, compares and restores them; the log as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from kb.accounts import membership
from kb.db import transaction
from kb.practices import actions, drafts, store
from kb.practices.model import Practice
from tests.kb.moderation.conftest import CARD, UPDATED, Desk
from tests.kb.practices.cases import write_all
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]
THIRD = {**UPDATED, "end": "2025", "how_it_works": {"en": "By appointment every Friday."}}


@pytest.fixture
def thrice(desk: Desk) -> Practice:
    """A practice of three revisions; the second is public, the third was sent back."""
    practice = desk.decide(desk.updated(), "publish")
    return desk.decide(desk.edited(practice, "Anna", THIRD), "request_changes")


@pytest.mark.parametrize(("name", "side"), [("Mona", "review"), ("Bruno", "my-practices")])
def test_every_revision_can_be_read(
    desk: Desk, thrice: Practice, sign_in: SignIn, name: str, side: str
) -> None:
    client = sign_in(name)
    for number, said in {1: "In progress", 2: "every Tuesday", 3: "every Friday"}.items():
        page = client.get(f"/en/{side}/{thrice.id}/revisions/{number}").text
        assert said in page
        assert list(faults("/en/", page)) == []
    assert "This is what everybody reads." in client.get(f"/en/{side}/{thrice.id}/revisions/2").text
    assert client.get(f"/en/{side}/{thrice.id}/revisions/4").status_code == 404


@pytest.mark.parametrize(("name", "side"), [("Mona", "review"), ("Bruno", "my-practices")])
def test_any_two_can_be_compared(
    desk: Desk, thrice: Practice, sign_in: SignIn, name: str, side: str
) -> None:
    client, path = sign_in(name), f"/en/{side}/{thrice.id}/compare"
    page = client.get(f"{path}?a=1&b=3").text
    assert "From revision 1 to revision 3" in page
    assert "Friday" in page
    assert list(faults("/en/", page)) == []
    assert "From revision 3 to revision 1" in client.get(f"{path}?a=3&b=1").text
    assert "From revision 2 to revision 3" in client.get(path).text
    assert "Nothing differs." in client.get(f"{path}?a=2&b=2").text
    assert client.get(f"{path}?a=9&b=1").status_code == 404
    assert client.get(f"{path}?a=x&b={'9' * 99}").status_code == 200


@pytest.mark.parametrize(("name", "status"), [(None, 303), ("Clara", 404)])
def test_nobody_else_reads_or_compares(
    thrice: Practice, sign_in: SignIn, name: str | None, status: int
) -> None:
    client = sign_in(name)
    for side in ("review", "my-practices"):
        for path in ("revisions/1", "compare"):
            assert client.get(f"/en/{side}/{thrice.id}/{path}").status_code == status
    restore = f"/en/my-practices/{thrice.id}/revisions/1/restore"
    assert client.post(restore).status_code == status


def test_restored_revision_is_the_draft_and_nothing_is_lost(
    desk: Desk, thrice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    draft = actions.working_copy(desk.db, thrice)
    typed = {**THIRD, "stage": "pilot"}
    write_all(desk.db, thrice, desk.member("Anna"), typed, draft.version)
    address = f"/en/my-practices/{thrice.id}/revisions/1"
    assert "Restore this revision" in anna.get(address).text
    assert anna.post(f"{address}/restore").status_code == 303
    assert actions.working_copy(desk.db, thrice).content == CARD
    kept = [each.content for each in drafts.list_versions(desk.db, thrice.id, 10)]
    assert typed in kept
    assert len(store.list_revisions(desk.db, thrice.id)) == 3
    assert desk.now(thrice).public_revision_id == thrice.public_revision_id


def test_nothing_is_restored_while_moderators_have_it(desk: Desk, sign_in: SignIn) -> None:
    practice, anna = desk.updated(), sign_in("Anna")
    address = f"/en/my-practices/{practice.id}/revisions/1"
    assert "Restore this revision" not in anna.get(address).text
    before = actions.working_copy(desk.db, practice)
    assert anna.post(f"{address}/restore").status_code == 409
    assert actions.working_copy(desk.db, practice) == before


def test_both_sides_find_the_revisions(desk: Desk, thrice: Practice, sign_in: SignIn) -> None:
    for name, side in (("Mona", "review"), ("Anna", "my-practices")):
        page = sign_in(name).get(f"/en/{side}/{thrice.id}").text
        assert f"/en/{side}/{thrice.id}/revisions/1" in page
        assert f'action="/en/{side}/{thrice.id}/compare"' in page
        assert list(faults("/en/", page)) == []


def test_save_that_changes_nothing_makes_no_revision(desk: Desk) -> None:
    practice = desk.decide(desk.submitted(), "request_changes")
    again = desk.edited(practice, "Anna", CARD)
    assert len(store.list_revisions(desk.db, again.id)) == 1


# The log


def table(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/en/review/log.csv?{query}")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_log_is_a_table_whose_cells_do_not_run(desk: Desk, mona: FlaskClient) -> None:
    desk.decide(desk.submitted(), "decline", "=cmd|' /C calc'!A0;ναι")
    declined, submitted = table(mona)
    assert declined["Reason"] == "'=cmd|' /C calc'!A0;ναι"
    assert (declined["Decision"], declined["Member"]) == ("Declined", "Mona")
    assert (submitted["Decision"], submitted["Member"]) == ("Submitted", "Anna")


def test_table_is_in_the_words_of_its_reader(desk: Desk, mona: FlaskClient) -> None:
    desk.submitted()
    (line,) = csv.reader(
        io.StringIO(mona.get("/el/review/log.csv").data.decode("utf-8-sig").splitlines()[1]),
        delimiter=";",
    )
    assert line[3:] == ["Υποβλήθηκε", "Anna", "Προσχέδιο", "Υποβλήθηκε", ""]


def test_log_says_that_nobody_approved_what_went_on_by_itself(
    desk: Desk, mona: FlaskClient
) -> None:
    with transaction(desk.db):
        desk.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        desk.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    desk.submitted()
    membership.deactivate(desk.db, None, desk.member("Bruno").id)
    assert "The library, because nobody approves there any more" in mona.get("/en/review/log").text
    assert table(mona)[0]["Member"] == "The library, because nobody approves there any more"


def test_log_can_be_narrowed_to_a_member_and_dates(desk: Desk, mona: FlaskClient) -> None:
    practice = desk.submitted()
    desk.decide(practice, "decline", by="Ada")
    ada = desk.member("Ada").id
    today = store.list_log(desk.db, practice.id)[0].at[:10]
    for query, found in {
        f"member={ada}": ["Declined"],
        f"member={desk.member('Mona').id}": [],
        "to=2020-01-01": [],
        "from=2020-01-01&to=2999-01-01": ["Declined", "Submitted"],
        "from=2999-01-01": [],
        f"action=submit&from=2020-01-01&reference={practice.reference}": ["Submitted"],
    }.items():
        assert [row["Decision"] for row in table(mona, query)] == found, query
        assert mona.get(f"/en/review/log?{query}").text.count("kb-history__entry") == len(found)
    assert today >= "2026"


@pytest.mark.parametrize("query", ["from=x", "to=2026-02-30", "from=0001-01-01", "to=9999-12-31"])
def test_date_that_there_is_not_is_left_aside_with_a_note(
    desk: Desk, mona: FlaskClient, query: str
) -> None:
    desk.submitted()
    page = mona.get(f"/en/review/log?{query}&member=x").text
    assert "There is no such date" in page
    assert "kb-history__entry" in page


def test_address_of_a_page_takes_nothing_for_its_own(desk: Desk, mona: FlaskClient) -> None:
    for number in range(14):
        desk.published(key=f"key {number}")
    query = "endpoint=x&_scheme=javascript&_external=1&lang=fr&_anchor=y&action="
    for path in ("/en/review/log", "/en/review/log.csv"):
        answer = mona.get(f"{path}?{query}")
        assert answer.status_code == 200
        assert "javascript:" not in answer.text


@pytest.mark.parametrize("name", ["Anna", "Clara"])
def test_contributor_gets_no_log(desk: Desk, sign_in: SignIn, name: str) -> None:
    assert sign_in(name).get("/en/review/log.csv").status_code == 404
