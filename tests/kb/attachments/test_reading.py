"""Who may read which file, how it is sent, and what search knows of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import files
from kb.attachments import actions as attachments
from kb.attachments.model import Row
from kb.db import transaction
from kb.moderation.actions import decide
from kb.moderation.model import Decision
from kb.practices import actions, records, store
from kb.practices.model import Practice
from kb.search.syncing import indexes
from tests.kb.attachments import documents as made
from tests.kb.attachments.conftest import Find, Put
from tests.kb.practices.cases import CARD

SignIn = Callable[[str | None], FlaskClient]
PEOPLE = (None, "Anna", "Bruno", "Clara", "Mona", "Ada")
ATHENS, STAFF, MEMBERS = {"Anna", "Bruno"}, {"Mona", "Ada"}, set(PEOPLE) - {None}


class Library:
    """A practice of Athens with files, taken through its statuses."""

    def __init__(self, db: Database, member: Find, put: Put) -> None:
        self.db, self.member, self.put = db, member, put
        self.practice = actions.create(db, member("Anna"), "files", CARD)

    def add(self, word: str, **said: Any) -> Row:
        said = {"kind": "form", **said}
        return self.put(self.fresh(), f"{word}.pdf", made.pdf(f"canary{word} κρυφολέξη"), **said)

    def remove(self, row: Row) -> None:
        attachments.save(self.db, self.fresh(), self.member("Anna"), [], {}, [row["file"]])

    def fresh(self) -> Practice:
        return store.get(self.db, self.practice.id)

    def submit(self) -> None:
        draft = actions.working_copy(self.db, self.fresh())
        actions.submit(self.db, self.fresh(), self.member("Anna"), draft.version)

    def decide(self, action: Any) -> None:
        fresh = self.fresh()
        decision = Decision(action, fresh.newest_revision_id or 0, "a reason")
        decide(self.db, fresh, self.member("Mona"), decision)

    def publish(self) -> None:
        self.submit()
        self.decide("publish")


@pytest.fixture
def library(db: Database, member: Find, put: Put) -> Library:
    return Library(db, member, put)


@pytest.fixture
def readers(sign_in: SignIn, library: Library) -> Callable[[Row], set[str | None]]:
    """Who gets a file, at either of its addresses; nobody gets anything but the file or a 404."""
    clients = {name: sign_in(name) for name in PEOPLE}

    def of(row: Row) -> set[str | None]:
        return {name for name, client in clients.items() if _gets(client, library.fresh(), row)}

    return of


def addresses(practice: Practice, row: Row) -> list[str]:
    end = f"files/{row['file']}/{quote(row['name'])}"
    found = [f"/el/my-practices/{practice.id}/{end}"]
    return found + ([f"/el/practices/{practice.slug}/{end}"] if practice.slug else [])


def _gets(client: FlaskClient, practice: Practice, row: Row) -> bool:
    got = False
    for address in addresses(practice, row):
        answer = client.get(address, buffered=True)
        assert answer.status_code in (200, 303, 404), address
        if answer.status_code == 200:
            assert len(answer.data) == row["size"]
            got = True
        else:
            assert b"%PDF" not in answer.data
    return got


def test_a_draft_s_files_are_its_municipality_s_alone(library: Library, readers: Any) -> None:
    assert readers(library.add("draft")) == ATHENS


def test_each_file_is_read_by_whom_its_revision_is_for(library: Library, readers: Any) -> None:
    public = library.add("public")
    network = library.add("network", licence="network-only")
    library.submit()
    assert readers(public) == readers(network) == ATHENS | STAFF
    library.decide("publish")
    assert readers(public) == set(PEOPLE)
    assert readers(network) == MEMBERS
    library.remove(public)
    update = library.add("update")
    # What is public stays so until the update is; the update's file is nobody's but Athens'.
    assert readers(public) == set(PEOPLE)
    assert readers(update) == ATHENS
    library.submit()
    assert readers(update) == ATHENS | STAFF
    library.decide("publish")
    assert readers(update) == set(PEOPLE)
    # The older revision can still be read by those who see the history.
    assert readers(public) == ATHENS | STAFF
    library.decide("archive")
    assert readers(update) == readers(network) == ATHENS | STAFF


def test_a_file_of_one_practice_is_not_found_under_another(
    library: Library, db: Database, member: Find, sign_in: SignIn
) -> None:
    row = library.add("one")
    library.publish()
    other = actions.create(db, member("Clara"), "other", {**CARD, "municipality": "thessaloniki"})
    for address in addresses(other, row):
        assert sign_in("Clara").get(address).status_code == 404


def test_nobody_names_a_file_into_a_practice_that_it_was_not_uploaded_to(
    library: Library, db: Database, member: Find
) -> None:
    from kb.db import NotFound

    row = library.add("canary")
    content = {**CARD, "municipality": "thessaloniki", "attachments": [dict(row)]}
    with pytest.raises(NotFound):
        actions.create(db, member("Clara"), "theft", content)
    line = __import__("json").dumps({**content, "slug": "theft"}).encode()
    report = records.import_lines(db, [line], publish=True)
    assert (report.added, [bad.field for bad in report.bad]) == (0, ["attachments"])


def test_a_public_practice_with_files_comes_in_again_as_it_went_out(
    library: Library, db: Database
) -> None:
    library.add("public")
    library.publish()
    (line,) = records.export_lines(db)
    assert "canary" not in line
    assert '"name": "public.pdf"' in line
    report = records.import_lines(db, [line.encode()], publish=True)
    assert (report.unchanged, report.bad) == (1, [])


def test_what_is_for_members_does_not_leave_by_export(library: Library, db: Database) -> None:
    library.add("network", licence="network-only", title={"en": "Canary title"})
    library.publish()
    assert "anary" not in "".join(records.export_lines(db))


def test_a_file_is_sent_so_that_nothing_in_it_runs(library: Library, client: FlaskClient) -> None:
    row = library.put(library.practice, "Καλή πρακτική.pdf", made.pdf(), kind="form")
    library.publish()
    address = addresses(library.fresh(), row)[1]
    answer = client.get(address, buffered=True)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="kali praktiki.pdf";'
        " filename*=UTF-8''%CE%9A%CE%B1%CE%BB%CE%AE%20"
        "%CF%80%CF%81%CE%B1%CE%BA%CF%84%CE%B9%CE%BA%CE%AE.pdf"
    )
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    part = client.get(address, headers={"Range": "bytes=0-4"}, buffered=True)
    assert (part.status_code, part.data) == (206, b"%PDF-")


def test_what_is_not_for_everybody_is_kept_by_no_cache(library: Library, sign_in: SignIn) -> None:
    row = library.add("draft")
    answer = sign_in("Anna").get(addresses(library.fresh(), row)[0], buffered=True)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ['a"; x=".pdf', "a;b.pdf", "a%0d%0aSet-Cookie: x.pdf", "<b>.pdf", "😀.pdf", "a'b.pdf"]
)
def test_no_name_breaks_out_of_its_header(library: Library, client: FlaskClient, name: str) -> None:
    row = library.put(library.practice, name, made.pdf(), kind="form")
    library.publish()
    answer = client.get(addresses(library.fresh(), row)[1], buffered=True)
    assert answer.headers["Content-Disposition"].count('"') == 2
    assert answer.headers["Content-Disposition"].endswith(f"UTF-8''{quote(name, safe='')}")
    assert "Set-Cookie" not in answer.headers
    page = client.get(f"/en/practices/{library.fresh().slug}")
    assert page.status_code == 200
    assert "<b>.pdf" not in page.text


def test_an_image_s_smaller_copy_is_for_the_same_people(
    library: Library, readers: Any, sign_in: SignIn
) -> None:
    row = library.put(library.practice, "a.jpg", made.photo((1600, 1200)), alt={"el": "Τραπέζι"})
    assert readers(row) == ATHENS
    own, visitor = sign_in("Anna"), sign_in(None)
    address = addresses(library.fresh(), row)[0] + "?small=1"
    small = own.get(address, buffered=True)
    assert (small.mimetype, len(small.data) < row["size"]) == ("image/jpeg", True)
    assert visitor.get(address, buffered=True).status_code == 303
    library.publish()
    public = addresses(library.fresh(), row)[1]
    assert visitor.get(f"{public}?small=1", buffered=True).data == small.data
    files.preview_of(files.path_of(row["file"])).unlink()
    assert len(visitor.get(f"{public}?small=1", buffered=True).data) == row["size"]
    page = visitor.get(f"/el/practices/{library.fresh().slug}").text
    assert f"{public}?small=1 600w, {public} {row['width']}w" in page


def test_a_file_that_is_not_in_its_place_is_a_404(library: Library, client: FlaskClient) -> None:
    row = library.add("lost")
    library.publish()
    files.path_of(row["file"]).unlink()
    assert client.get(addresses(library.fresh(), row)[1], buffered=True).status_code == 404


@pytest.mark.parametrize("sha256", ["..", "x", "0" * 64, "%2e%2e%2fsecret_key"])
def test_no_other_file_is_reached(library: Library, client: FlaskClient, sha256: str) -> None:
    library.publish()
    address = f"/el/practices/{library.fresh().slug}/files/{sha256}/a.pdf"
    assert client.get(address).status_code == 404


def test_the_page_shows_the_files_as_their_licence_allows(
    library: Library, sign_in: SignIn
) -> None:
    library.add("public", title={"el": "Το έντυπο"}, kind="form")
    library.add("network", title={"el": "Εσωτερικό"}, licence="network-only")
    library.put(library.practice, "a.jpg", made.photo(), alt={"el": "Άνθρωποι στο τραπέζι"})
    library.publish()
    address = f"/el/practices/{library.fresh().slug}"
    page = sign_in(None).get(address).text
    for text in ("Το έντυπο", 'alt="Άνθρωποι στο τραπέζι"', "CC BY 4.0", "Έντυπο"):
        assert text in page
    assert "Εσωτερικό" not in page
    assert "Εσωτερικό" in sign_in("Clara").get(address).text


@pytest.mark.parametrize("word", ["canarypublic", "κρυφολέξη"])
def test_search_finds_the_words_of_public_documents(
    app: Flask, library: Library, client: FlaskClient, word: str
) -> None:
    library.add("public")
    library.publish()
    indexes(app).sync()
    answer = client.get("/api/v1/search", query_string={"q": word, "lang": "el"}).json
    assert [hit["slug"] for hit in answer["hits"]] == [library.fresh().slug]


def test_search_knows_nothing_of_other_files(
    app: Flask, library: Library, client: FlaskClient, db: Database
) -> None:
    library.add("network", licence="network-only", title={"el": "canarytitle"})
    library.publish()
    library.add("update")
    library.submit()
    indexes(app).sync()
    documents = " ".join(
        str(tuple(row)) for row in db.execute("SELECT * FROM public_document").fetchall()
    )
    for word in ("canarynetwork", "canarytitle", "canaryupdate"):
        assert word not in documents
        answer = client.get("/api/v1/search", query_string={"q": word, "lang": "el"}).json
        assert answer["total"] == 0


def test_what_a_municipality_took_back_before_the_network_had_it_is_no_moderators(
    library: Library, readers: Callable[[Row], set[str | None]]
) -> None:
    open_to_all = library.add("a")
    library.publish()
    with transaction(library.db):
        library.db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        library.db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    held = library.add("b")
    library.submit()
    assert readers(held) == ATHENS
    actions.withdraw(library.db, library.fresh(), library.member("Anna"))
    assert readers(held) == ATHENS
    assert readers(open_to_all) == set(PEOPLE)


def test_an_import_of_what_was_exported_keeps_the_files_for_members(library: Library) -> None:
    library.add("a", licence="network-only")
    library.add("b")
    library.publish()
    (line,) = records.export_lines(library.db)
    assert records.import_lines(library.db, [line.encode()], publish=True).unchanged == 1
    raw = json.loads(line)
    raw["attachments"][0]["title"] = {"el": "Νέος τίτλος"}
    assert records.import_lines(library.db, [json.dumps(raw).encode()], publish=True).changed == 1
    revision = store.get_revision(library.db, library.fresh().public_revision_id)
    rows = revision.content["attachments"]
    assert {row["name"]: row.get("licence") for row in rows} == {
        "b.pdf": "cc-by-4-0",
        "a.pdf": "network-only",
    }
    assert rows[0]["title"] == {"el": "Νέος τίτλος"}
