"""Who writes a practice: joining, adding, taking off, handing over; what a removed one reads."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from itertools import product

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import membership
from kb.db import NotFound, connect, path_of, transaction
from kb.practices import actions, authors, authorship, records, store
from kb.practices.model import NotAuthor, Practice, dump
from tests.kb.practices.cases import CARD, CONFIRMED, FORM, changed, write_all, written_with
from tests.kb.practices.page import posted

SignIn = Callable[[str | None], FlaskClient]
Find = Callable[[str], Member]


@pytest.fixture
def practice(db: Database, member: Find) -> Practice:
    """Begun by Anna alone."""
    return actions.create(db, member("Anna"), "key", CARD)


def writers(db: Database, practice: Practice) -> list[str]:
    """Who writes it, its lead first."""
    found = authors.list_present(db, practice.id)
    assert [each.is_lead for each in found] == [True, *[False] * (len(found) - 1)][: len(found)]
    return [each.member.name for each in found]


def told(db: Database, kind: str) -> list[str]:
    """Who was sent that kind of message, oldest first."""
    rows = db.execute("SELECT recipient FROM outbox WHERE kind = ? ORDER BY id", (kind,))
    return [row["recipient"].partition("@")[0].capitalize() for row in rows]


def coordinate(db: Database, name: str) -> None:
    with transaction(db):
        db.execute("UPDATE member SET is_coordinator = 1 WHERE name = ?", (name,))


def hire(db: Database, name: str, municipality: str = "athens") -> None:
    with transaction(db):
        db.execute(
            "INSERT INTO member (email, name, role, municipality, language, created_at)"
            " VALUES (?, ?, 'contributor', ?, 'el', '2026-01-01T00:00:00Z')",
            (f"{name.lower()}@example.gr", name, municipality),
        )


def test_who_begins_a_practice_leads_it(db: Database, practice: Practice) -> None:
    assert writers(db, practice) == ["Anna"]


def test_colleague_reads_and_does_not_write_until_they_join(
    db: Database, practice: Practice, sign_in: SignIn, member: Find
) -> None:
    bruno, own = sign_in("Bruno"), f"/en/my-practices/{practice.id}"
    page = bruno.get(own)
    assert page.status_code == 200
    assert "Write along" in page.text
    assert f"{own}/write" not in page.text
    for path in ("edit", "write", "write/what", "submit", "files", "word/upload", "withdraw"):
        refused = bruno.get(f"{own}/{path}")
        assert refused.status_code == 409
        assert "Only its authors and your municipality’s coordinator can change it." in refused.text
        assert sign_in("Clara").get(f"{own}/{path}").status_code == 404
    with pytest.raises(NotAuthor):
        write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    answer = bruno.post(f"{own}/join", follow_redirects=True)
    assert "You are one of its authors now" in answer.text
    assert f"{own}/write" in answer.text
    assert bruno.get(f"{own}/edit").status_code == 200
    write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    assert writers(db, practice) == ["Anna", "Bruno"]
    assert told(db, "joined") == ["Anna"]


def test_joining_twice_is_joining_once(db: Database, practice: Practice, member: Find) -> None:
    for _time in range(2):
        authorship.join(db, practice, member("Bruno"))
    assert writers(db, practice) == ["Anna", "Bruno"]
    assert told(db, "joined") == ["Anna"]


@pytest.mark.parametrize("name", ["Clara", "Mona", "Ada"])
def test_nobody_from_elsewhere_joins(
    db: Database, practice: Practice, member: Find, sign_in: SignIn, name: str
) -> None:
    with pytest.raises(NotAuthor):
        authorship.join(db, practice, member(name))
    assert sign_in(name).post(f"/en/my-practices/{practice.id}/join").status_code == 404
    with pytest.raises(NotFound):
        authorship.add(db, practice, member("Anna"), member(name).id)
    assert writers(db, practice) == ["Anna"]


def test_lead_adds_and_removes_colleagues_who_are_told(
    db: Database, practice: Practice, sign_in: SignIn, member: Find
) -> None:
    anna, page = sign_in("Anna"), f"/en/my-practices/{practice.id}/authors"
    bruno = member("Bruno")
    assert anna.post(page, data={"member": ""}).status_code == 400
    added = anna.post(page, data={"member": bruno.id}, follow_redirects=True)
    assert "Bruno is one of its authors now" in added.text
    assert told(db, "added") == ["Bruno"]
    removed = anna.post(f"{page}/{bruno.id}/remove", follow_redirects=True)
    assert "Bruno is no longer one of its authors" in removed.text
    assert told(db, "removed") == ["Bruno"]
    assert writers(db, practice) == ["Anna"]


def test_who_was_taken_off_comes_back_only_by_being_added(
    db: Database, practice: Practice, member: Find, sign_in: SignIn
) -> None:
    anna, bruno = member("Anna"), member("Bruno")
    written_with(db, practice, bruno)
    authorship.remove(db, practice, anna, bruno.id)
    answer = sign_in("Bruno").post(f"/en/my-practices/{practice.id}/join")
    assert answer.status_code == 409
    assert "Anna took you off the authors" in answer.text
    assert "Ask Anna, who is responsible for it" in answer.text
    authorship.add(db, practice, anna, bruno.id)
    write_all(db, practice, bruno, changed(stage="pilot"), 1)


def test_who_left_may_join_again(db: Database, practice: Practice, sign_in: SignIn) -> None:
    bruno, own = sign_in("Bruno"), f"/en/my-practices/{practice.id}"
    bruno.post(f"{own}/join")
    assert "no longer one of its authors" in bruno.post(f"{own}/leave", follow_redirects=True).text
    assert writers(db, practice) == ["Anna"]
    bruno.post(f"{own}/join")
    assert writers(db, practice) == ["Anna", "Bruno"]


def test_lead_is_handed_over_and_both_are_told(
    db: Database, practice: Practice, member: Find, sign_in: SignIn
) -> None:
    bruno, page = member("Bruno"), f"/en/my-practices/{practice.id}/authors"
    written_with(db, practice, bruno)
    answer = sign_in("Anna").post(f"{page}/{bruno.id}/lead", follow_redirects=True)
    assert "Bruno is responsible for this practice now" in answer.text
    assert writers(db, practice) == ["Bruno", "Anna"]
    assert (told(db, "handed_over"), told(db, "handed_on")) == (["Bruno"], [])
    assert sign_in("Anna").get(page).status_code == 404
    coordinate(db, "Anna")
    authorship.hand_over(db, practice, member("Anna"), member("Anna").id)
    assert writers(db, practice) == ["Anna", "Bruno"]
    assert told(db, "handed_on") == ["Bruno"]


@pytest.mark.parametrize("name", ["Bruno", "Clara", "Mona"])
def test_only_lead_coordinator_and_administrators_say_who_writes(
    db: Database, practice: Practice, member: Find, sign_in: SignIn, name: str
) -> None:
    written_with(db, practice, member("Bruno"))
    hire(db, "Dora")
    client, page = sign_in(name), f"/en/my-practices/{practice.id}/authors"
    assert client.get(page).status_code == 404
    for address in (
        page,
        f"{page}/{member('Bruno').id}/remove",
        f"{page}/{member('Anna').id}/lead",
    ):
        assert client.post(address, data={"member": member("Dora").id}).status_code == 404
    assert writers(db, practice) == ["Anna", "Bruno"]
    for helper in ("Ada", "Bruno"):
        coordinate(db, "Bruno")
        authorship.add(db, practice, member(helper), member("Dora").id)
        authorship.remove(db, practice, member(helper), member("Dora").id)


def test_administrator_sees_who_writes_and_not_what(
    practice: Practice, sign_in: SignIn, member: Find
) -> None:
    page = sign_in("Ada").get(f"/el/my-practices/{practice.id}/authors")
    assert page.status_code == 200
    assert "Anna" in page.text
    assert CARD["title"]["el"] not in page.text


def test_lead_cannot_be_taken_off(db: Database, practice: Practice, member: Find) -> None:
    coordinate(db, "Bruno")
    for actor in (member("Anna"), member("Bruno"), member("Ada")):
        with pytest.raises(NotFound):
            authorship.remove(db, practice, actor, member("Anna").id)
    assert writers(db, practice) == ["Anna"]


def test_lead_of_a_closed_account_is_taken_by_a_co_author(
    db: Database, practice: Practice, member: Find, sign_in: SignIn
) -> None:
    written_with(db, practice, member("Bruno"))
    hire(db, "Dora")
    assert not authorship.take_lead(db, practice, member("Bruno"))
    membership.deactivate(db, None, member("Anna").id)
    assert not authorship.take_lead(db, practice, member("Dora"))
    own = f"/en/my-practices/{practice.id}"
    assert "Nobody is responsible for it" not in sign_in("Dora").get(own).text
    bruno = sign_in("Bruno")
    assert "Nobody is responsible for it" in bruno.get("/en/my-practices").text
    assert "Become responsible" in bruno.get(own).text
    assert "You are responsible" in bruno.post(f"{own}/lead", follow_redirects=True).text
    assert writers(db, practice) == ["Bruno", "Anna"]
    assert authorship.take_lead(db, practice, member("Bruno"))


@pytest.mark.parametrize("removed", [True, False])
def test_practice_without_serving_authors_is_open_to_everybody_there(
    db: Database, practice: Practice, member: Find, removed: bool
) -> None:
    if removed:
        written_with(db, practice, member("Bruno"))
        authorship.remove(db, practice, member("Anna"), member("Bruno").id)
    membership.change_rights(db, None, member("Anna").id, "contributor", "larissa")
    assert not authorship.take_lead(db, practice, member("Clara"))
    assert authorship.take_lead(db, practice, member("Bruno"))
    assert writers(db, practice)[0] == "Bruno"
    with pytest.raises(NotAuthor):
        write_all(db, practice, member("Anna"), changed(stage="pilot"), 1)


def test_imported_practice_is_led_by_whoever_joins_first(db: Database, member: Find) -> None:
    records.import_lines(db, [dump(CARD).encode()], member=member("Mona"))
    practice = store.get(db, 1)
    assert writers(db, practice) == []
    assert member("Mona").id in practice.author_ids
    authorship.join(db, practice, member("Bruno"))
    authorship.join(db, practice, member("Anna"))
    assert writers(db, practice) == ["Bruno", "Anna"]


def test_lead_of_the_network_hands_over_by_itself(db: Database, member: Find) -> None:
    practice = actions.create(db, member("Mona"), "theirs", CARD)
    written_with(db, practice, member("Bruno"))
    write_all(db, practice, member("Mona"), changed(stage="pilot"), 1)
    assert authorship.take_lead(db, practice, member("Bruno"))
    assert writers(db, practice) == ["Bruno", "Mona"]


def test_coordinator_who_writes_is_an_author(
    db: Database, practice: Practice, member: Find
) -> None:
    coordinate(db, "Bruno")
    write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    assert writers(db, practice) == ["Anna", "Bruno"]
    assert told(db, "joined") == ["Anna"]


def test_whoever_ever_wrote_or_was_an_author_does_not_decide(
    db: Database, practice: Practice, member: Find
) -> None:
    written_with(db, practice, member("Bruno"))
    write_all(db, practice, member("Bruno"), changed(stage="pilot"), 1)
    authorship.remove(db, practice, member("Anna"), member("Bruno").id)
    write_all(db, practice, member("Anna"), changed(stage="regular"), 2)
    membership.change_rights(db, None, member("Bruno").id, "moderator", None)
    assert member("Bruno").id in store.get(db, practice.id).author_ids


JSON = {"Accept": "application/json"}
WAYS = ("form", "section", "autosave", "submit", "restore", "files", "file", "word", "withdraw")


@pytest.mark.parametrize(("way", "language"), [*product(WAYS, ("en", "el"))])
def test_who_was_taken_off_while_writing_reads_what_happened_and_loses_nothing(
    db: Database, practice: Practice, member: Find, sign_in: SignIn, way: str, language: str
) -> None:
    anna, bruno = member("Anna"), member("Bruno")
    written_with(db, practice, bruno)
    client, own = sign_in("Bruno"), f"/{language}/my-practices/{practice.id}"
    page = posted(client.get(f"{own}/write/what").text)
    first = db.execute("SELECT max(id) FROM draft_version").fetchone()[0]
    if way == "withdraw":
        actions.submit(db, practice, anna, 1)
    authorship.remove(db, practice, anna, bruno.id)
    before = actions.working_copy(db, store.get(db, practice.id))
    words = "Τα λόγια του Μπρούνο"
    answer = {
        "form": lambda: client.post(f"{own}/edit", data={**FORM, "version": 1, "title_el": words}),
        "section": lambda: client.post(f"{own}/write/what", data={**page, "goals_el": words}),
        "autosave": lambda: client.post(
            f"{own}/write/what/autosave", data={**page, "goals_el": words}
        ),
        "submit": lambda: client.post(f"{own}/submit", data={**CONFIRMED, "version": "1"}),
        "restore": lambda: client.post(f"{own}/history/{first}/restore"),
        "files": lambda: client.post(f"{own}/files", data={"title-a-el": words}),
        "file": lambda: client.post(
            f"{own}/files", data={"files": (io.BytesIO(b"PK"), "a.pdf")}, headers=JSON
        ),
        "word": lambda: client.post(
            f"{own}/word/upload", data={"file": (io.BytesIO(b"PK"), "a.docx")}
        ),
        "withdraw": lambda: client.post(f"{own}/withdraw"),
    }[way]()
    if way == "file":
        [text] = answer.json["refused"]
    else:
        assert answer.status_code == 409
        text = answer.json["message"] if way == "autosave" else answer.text
    assert "Anna" in text
    if language == "en":
        assert "Anna took you off the authors of this practice on" in text
        assert "Ask Anna, who is responsible for it, to add you." in text
    if way in ("form", "section", "files"):
        assert words in text
    assert actions.working_copy(db, store.get(db, practice.id)) == before


def test_two_who_take_the_lead_at_once_are_one_lead(
    db: Database, practice: Practice, member: Find
) -> None:
    hire(db, "Dora")
    for name in ("Bruno", "Dora"):
        written_with(db, practice, member(name))
    membership.deactivate(db, None, member("Anna").id)
    people, done = [member("Bruno"), member("Dora")], []

    def take(who: Member) -> None:
        own = connect(path_of(db))
        done.append(authorship.take_lead(own, practice, who))
        own.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert len(writers(db, practice)) == 3
