"""Nothing unpublished is reachable: every route, as everyone it is not for, with canary words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count, product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.routing import IntegerConverter, Rule

from kb.access import Member
from kb.db import transaction
from kb.moderation.actions import decide
from kb.moderation.model import Decision
from kb.practices import actions, approval, store
from kb.practices.model import Practice
from kb.practices.template import SECTIONS
from kb.search.syncing import indexes
from tests.kb.practices.cases import CARD, write_all

Person = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]

REASON = "canaryreason"
# What only Athens and the moderators may see, by the status of the practice that holds it.
PRIVATE = (
    *("draft", "submitted", "changes_requested", "declined", "archived"),
    *("draft_of_update", "submitted_update"),
    *("awaiting", "sent_back", "awaiting_update"),
)
# What not even the moderators may see: its municipality has not sent it to the network.
HELD_BACK = ("awaiting", "sent_back", "awaiting_update")
QUERIES = ("", "?q=canary*", "?q=κρυφολέξη", "?municipality=athens", "?status=submitted", "?page=2")


def canary(status: str) -> str:
    """A word that stands in one practice alone."""
    return f"canary{status.replace('_', '')}"


def content(status: str) -> dict[str, Any]:
    word = f"{canary(status)} κρυφολέξη"
    return {
        **CARD,
        "title": {"el": f"Τίτλος {word}", "en": "Interpreters for schools"},
        "summary": {"el": f"Σύνοψη {word}"},
        "how_it_works": {"el": f"Κείμενο {word}"},
        "contact": {**CARD["contact"], "service": {"el": f"Υπηρεσία {word}"}},
    }


def write(db: Database, anna: Member, status: str) -> Practice:
    return actions.create(db, anna, f"key-{status}", content(status))


def submit(db: Database, anna: Member, practice: Practice) -> Practice:
    draft = actions.working_copy(db, practice)
    return actions.submit(db, practice, anna, draft.version)


def settle(db: Database, mona: Member, practice: Practice, *decisions: str) -> Practice:
    for action in decisions:
        fresh = store.get(db, practice.id)
        assert fresh.newest_revision_id
        decide(db, fresh, mona, Decision(action, fresh.newest_revision_id, REASON))  # type: ignore[arg-type]
    return store.get(db, practice.id)


@pytest.fixture
def library(app: Flask, db: Database, member: Person) -> list[Practice]:
    """One practice of Athens in each status, and two that are public while an update is not."""
    anna, mona = member("Anna"), member("Mona")
    write(db, anna, "draft")
    submit(db, anna, write(db, anna, "submitted"))
    for status, decisions in {
        "changes_requested": ["request_changes"],
        "declined": ["decline"],
        "archived": ["publish", "archive"],
    }.items():
        settle(db, mona, submit(db, anna, write(db, anna, status)), *decisions)
    for status in ("draft_of_update", "submitted_update"):
        public = {**content("public"), "title": {"el": f"Δημόσια {status}"}}
        practice = actions.create(db, anna, f"key-{status}", public)
        practice = settle(db, mona, submit(db, anna, practice), "publish")
        update = {**content(status), "title": {"el": f"Δημόσια {canary(status)}"}}
        write_all(db, practice, anna, update, actions.working_copy(db, practice).version)
        if status == "submitted_update":
            submit(db, anna, store.get(db, practice.id))
    hold_back(db, member)
    indexes(app).sync()
    return store.list_of_municipality(db, "athens")


def hold_back(db: Database, member: Person) -> None:
    """From here on Athens approves first: one waits, one came back, and so does an update."""
    anna, mona = member("Anna"), member("Mona")
    public = {**content("public"), "title": {"el": "Δημόσια awaiting_update"}}
    practice = actions.create(db, anna, "key-awaiting_update", public)
    practice = settle(db, mona, submit(db, anna, practice), "publish")
    update = {**content("awaiting_update"), "title": {"el": f"Δημόσια {canary('awaiting_update')}"}}
    write_all(db, practice, anna, update, actions.working_copy(db, practice).version)
    with transaction(db):
        db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    submit(db, anna, store.get(db, practice.id))
    submit(db, anna, write(db, anna, "awaiting"))
    back = submit(db, anna, write(db, anna, "sent_back"))
    reason = f"{REASON} {canary('sent_back')}"
    approval.send_back(db, back, member("Bruno"), back.newest_revision_id or 0, reason)


def addresses(app: Flask, method: str, library: list[Practice]) -> Iterator[tuple[Rule, str]]:
    """Every address that takes the method, with each of the library's own values, in Greek.

    A page of the form is as private as its practice: each practice has one of them.
    """
    turn = count()
    values: dict[str, Sequence[Any]] = {
        "lang": ["el"],
        "practice_id": [each.id for each in library],
        "slug": [each.slug for each in library if each.slug],
        "code": ["athens"],
        "token": ["a-guess"],
        "section": [None],
        "comment_id": [1],
        "number": [1, 2],
        "sha256": ["0" * 64],
    }
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                names = sorted(rule.arguments)
                for chosen in product(*(values.get(name) or others(rule, name) for name in names)):
                    given = dict(zip(names, chosen, strict=True))
                    if "section" in given:
                        given["section"] = SECTIONS[next(turn) % len(SECTIONS)].code
                    yield rule, adapter.build(rule.endpoint, given, method=method)


def others(rule: Rule, name: str) -> Sequence[Any]:
    """Values for a part of an address that is not the library's: small numbers, or a word."""
    return range(1, 6) if isinstance(rule._converters[name], IntegerConverter) else ["x"]


@contextmanager
def no_change(db: Database, queries: list[str]) -> Iterator[None]:
    """What the queries find is the same at the end."""
    before = [[tuple(row) for row in db.execute(query)] for query in queries]
    yield
    for query, rows in zip(queries, before, strict=True):
        assert [tuple(row) for row in db.execute(query)] == rows, query


def everything(db: Database) -> list[str]:
    """Queries for all that getting a page must not change: what is searched for is counted."""
    tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    kept = {"index_state", "session", "sqlite_sequence", "search_record"}
    return [f'SELECT * FROM "{name}"' for (name,) in tables if name not in kept]


# Whom which words are not for. Bruno, who works in Athens, may read them all.
SECRETS: dict[str | None, list[str]] = {
    None: [*map(canary, PRIVATE), REASON],
    "Clara": [*map(canary, PRIVATE), REASON],
    "Mona": [*map(canary, HELD_BACK)],
    "Ada": [*map(canary, HELD_BACK)],
    "Bruno": [],
}


@pytest.mark.parametrize("name", SECRETS)
def test_no_address_changes_anything_or_gives_a_word_to_whom_it_is_not_for(
    app: Flask, db: Database, library: list[Practice], sign_in: SignIn, name: str | None
) -> None:
    client, pages = sign_in(name), 0
    with no_change(db, everything(db)):
        for rule, address in addresses(app, "GET", library):
            asks = QUERIES if rule.arguments <= {"lang"} else [""]
            for query in asks:
                answer = client.get(address + query)
                # What was asked for may stand in the search box; it tells nothing.
                found = [word for word in SECRETS[name] if word.encode() in answer.data]
                assert found == [], f"{address}{query} shows {name} {found}"
                pages += 1
    assert pages > 300


def test_no_form_of_moderators_changes_or_shows_what_is_held_back(
    app: Flask, db: Database, library: list[Practice], sign_in: SignIn
) -> None:
    held = [each for each in library if each.held_back]
    assert len(held) == len(HELD_BACK)
    numbers = ", ".join(str(each.id) for each in held)
    tables = ("draft", "revision", "moderation_log", "assignment", "review_step", "comment")
    queries = [f"SELECT * FROM {table} WHERE practice_id IN ({numbers})" for table in tables]
    queries.append(f"SELECT * FROM practice WHERE id IN ({numbers})")
    client, said = sign_in("Mona"), {"key": "a key of Mona", "field": "title", "text": "Γιατί;"}
    with no_change(db, queries):
        for practice in held:
            looked = {"reason": "Γιατί;", "revision": practice.newest_revision_id}
            for rule, address in addresses(app, "POST", [practice]):
                if "practice_id" in rule.arguments:
                    # Whole, and as a form that is shown again.
                    for form in (said | looked, {}):
                        answer = client.post(address, data=form)
                        assert answer.status_code < 500, address
                        told = [word for word in SECRETS["Mona"] if word in answer.text]
                        assert told == [], address


def test_canaries_sing_where_they_should(library: list[Practice], sign_in: SignIn) -> None:
    bruno, mona, visitor = sign_in("Bruno"), sign_in("Mona"), sign_in(None)
    by_word = {each.status: each for each in library if not (each.is_public or each.held_back)}
    for status in ("draft", "submitted", "changes_requested", "declined", "archived"):
        page = bruno.get(f"/el/my-practices/{by_word[status].id}/preview")
        assert canary(status) in page.text
    for practice in library:
        if practice.held_back:
            word = {"submitted": "awaiting", "changes_requested": "sent_back"}[practice.status]
            assert canary(word) in bruno.get(f"/el/my-practices/{practice.id}/preview").text
    assert canary("submitted") in mona.get(f"/el/review/{by_word['submitted'].id}").text
    assert canary("public") in visitor.get("/api/v1/search?q=canarypublic&lang=el").text


@pytest.mark.parametrize("query", ["canary*", "κρυφολέξη", "κρυφολεξη", "canarysubmitted"])
def test_counts_of_the_public_search_are_of_public_practices(
    library: list[Practice], client: FlaskClient, query: str
) -> None:
    answer = client.get("/api/v1/search", query_string={"q": query, "lang": "el"}).json
    public = {each.slug for each in library if each.is_public}
    assert {hit["slug"] for hit in answer["hits"]} <= public
    assert answer["total"] <= len(public)


@pytest.mark.parametrize("name", [None, "Clara"])
def test_no_form_of_others_changes_anything(
    app: Flask, db: Database, library: list[Practice], sign_in: SignIn, name: str | None
) -> None:
    tables = ("practice", "draft", "revision", "moderation_log")
    client = sign_in(name)
    with no_change(db, [f"SELECT * FROM {table}" for table in tables]):
        for rule, address in addresses(app, "POST", library):
            if "practice_id" in rule.arguments:
                said = {"reason": "x", "version": "1", "revision_id": "1"}
                answer = client.post(address, data=said)
                assert answer.status_code in (303, 404), address
                assert answer.status_code == 404 or "/sign-in" in answer.location
