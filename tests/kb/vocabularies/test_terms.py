"""What administrators change of the vocabularies, and what follows everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.moderation import actions as moderation
from kb.moderation.model import Decision
from kb.practices import actions, store
from kb.practices.template import DEFAULT_LICENCE, MEMBERS_ONLY
from kb.vocabularies import store as vocabularies
from kb.vocabularies.model import MOST_SYNONYMS, MOST_TERMS, NEEDED
from tests.kb.practices.cases import CARD, FORM
from tests.kb.practices.page import FormReader, posted

SignIn = Callable[[str | None], FlaskClient]
AREAS = "/en/vocabularies/areas"
HOUSING = f"{AREAS}/terms/housing"
WORDS = {
    "label_el": "Στέγη",
    "label_en": "Homes",
    "definition_el": "Κατοικία για όλους.",
    "definition_en": "",
    "synonyms_el": "  σπίτια \n\nνοίκι\nσπίτια",
    "synonyms_en": "dwellings",
}
NEW = {**WORDS, "code": "homes"}


@pytest.fixture
def ada(sign_in: SignIn) -> FlaskClient:
    return sign_in("Ada")


def opened(client: FlaskClient, address: str = HOUSING) -> str:
    """The mark of what a page of a term shows."""
    found = re.search('name="opened" value="([0-9a-f]+)"', client.get(address).text)
    assert found
    return found[1]


def change(client: FlaskClient, address: str = HOUSING, **fields: str) -> Any:
    data = {**WORDS, "opened": opened(client, address), **fields}
    return client.post(address, data=data, follow_redirects=True)


def codes(db: Database, vocabulary: str = "areas") -> list[str]:
    return [term.code for term in vocabularies.get_vocabulary(db, vocabulary).offered()]


def rows(db: Database) -> list[Any]:
    tables = ("vocabulary", "term", "term_synonym", "change")
    return [tuple(row) for table in tables for row in db.execute(f"SELECT * FROM {table}")]


def test_vocabularies_and_their_terms_are_listed(ada: FlaskClient) -> None:
    assert 'href="/en/vocabularies"' in ada.get("/en/members").text
    page = ada.get("/en/vocabularies").text
    assert f'href="{AREAS}"' in page
    assert "25 terms" in page
    page = ada.get(AREAS).text
    assert page.index("Στέγαση") < page.index("Υγεία")
    assert f'href="{HOUSING}"' in page


@pytest.mark.parametrize("name", [None, "Anna", "Bruno", "Mona"])
def test_vocabularies_are_for_administrators(
    sign_in: SignIn, db: Database, name: str | None
) -> None:
    client, before, refused = sign_in(name), rows(db), 404 if name else 303
    for path in ("/en/vocabularies", AREAS, f"{AREAS}/new", HOUSING):
        assert client.get(path).status_code == refused, path
    for path in (f"{AREAS}/new", HOUSING, f"{HOUSING}/retire", f"{HOUSING}/restore"):
        assert client.post(path, data=NEW).status_code == refused, path
    assert rows(db) == before


@pytest.mark.parametrize("path", ["x", "x/new", "areas/terms/x", "x/terms/housing"])
def test_what_is_not_there_is_not_found(ada: FlaskClient, path: str) -> None:
    assert ada.get(f"/en/vocabularies/{path}").status_code == 404
    if path != "x":
        assert ada.post(f"/en/vocabularies/{path}", data=NEW).status_code == 404


def test_a_new_label_stands_on_the_practice_and_in_the_form(
    ada: FlaskClient, db: Database, sign_in: SignIn, member: Callable[[str], Member]
) -> None:
    anna, mona = member("Anna"), member("Mona")
    practice = actions.create(db, anna, "a key", {**CARD, "areas": ["housing"]})
    actions.submit(db, practice, anna, 1)
    moderation.decide(db, store.get(db, practice.id), mona, Decision("publish", 1))
    answer = change(ada)
    assert "“Homes” is saved." in answer.text
    assert vocabularies.get_wording(db, "areas", "housing").synonyms == {
        "el": "σπίτια\nνοίκι",
        "en": "dwellings",
    }
    client = sign_in(None)
    assert "Στέγη" in client.get(f"/el/practices/{store.get(db, practice.id).slug}").text
    assert "Στέγη" in client.get("/el/").text
    assert "Στέγη" in sign_in("Anna").get("/el/my-practices/new").text


def test_what_cannot_be_seen_is_left_out(ada: FlaskClient, db: Database) -> None:
    change(ada, label_el="Στέ\u202eγη\0 ", synonyms_el="σπίτια\x1b\nΣΠΊΤΙΑ\n\u200f")
    wording = vocabularies.get_wording(db, "areas", "housing")
    assert (wording.label["el"], wording.synonyms["el"]) == ("Στέγη", "ΣΠΊΤΙΑ")


def test_a_ready_text_that_cannot_be_shown_is_refused(ada: FlaskClient, db: Database) -> None:
    address = "/en/vocabularies/decision_reasons/terms/unclear-context"
    before = rows(db)
    data = {**WORDS, "text_el": "α\0β", "text_en": "a", "opened": opened(ada, address)}
    answer = ada.post(address, data=data)
    assert (answer.status_code, "cannot be shown" in answer.text) == (400, True)
    assert rows(db) == before


def test_what_cannot_be_used_is_refused_with_what_was_typed(ada: FlaskClient, db: Database) -> None:
    before = rows(db)
    for field, value, message in (
        ("label_el", " ", "Write the label"),
        ("label_en", "health", "Another term has this label: health"),
        ("label_en", "x" * 121, "at most 120 can be kept"),
        ("definition_el", "x" * 401, "at most 400 can be kept"),
        ("synonyms_el", "\n".join(map(str, range(MOST_SYNONYMS + 1))), "At most 30 other names"),
        ("synonyms_en", "x" * 81, "up to 80 characters"),
    ):
        data = {**WORDS, "opened": opened(ada), field: value}
        answer = ada.post(HOUSING, data=data)
        assert (answer.status_code, message in answer.text) == (400, True), (field, message)
        assert "Κατοικία για όλους." in answer.text or field == "definition_el"
        assert "<title>Error: " in answer.text
    assert rows(db) == before


def test_nothing_else_is_set_by_posting(ada: FlaskClient, db: Database) -> None:
    term = db.execute("SELECT * FROM term WHERE code = 'housing'").fetchone()
    change(ada, **{name: "7" for name in term.keys() if name not in WORDS})  # noqa: SIM118
    after = db.execute("SELECT * FROM term WHERE code = 'housing'").fetchone()
    changed = {name for name in term.keys() if term[name] != after[name]}  # noqa: SIM118
    assert changed == {"label_el", "label_en", "definition_el", "definition_en"}


def test_only_ready_replies_have_a_text(ada: FlaskClient, db: Database) -> None:
    assert "text_el" not in ada.get(HOUSING).text
    address = "/en/vocabularies/decision_reasons/terms/other"
    assert 'name="text_el"' in ada.get(address).text
    change(ada, address, text_el="Γράψτε\r\nκι άλλα.", text_en="Write more.")
    text = vocabularies.get_term(db, "decision_reasons", "other").text
    assert text == {"el": "Γράψτε\nκι άλλα.", "en": "Write more."}


def test_two_at_one_term_overwrite_nothing_unseen(ada: FlaskClient, db: Database) -> None:
    mark = opened(ada)
    change(ada, label_el="Κατοικία")
    answer = ada.post(HOUSING, data={**WORDS, "opened": mark})
    assert answer.status_code == 409
    assert "Not saved yet" in answer.text
    assert ">Κατοικία</dd>" in answer.text
    form = FormReader(answer.text.replace('method="post"', 'class="kb-writing"')).fields
    assert form["label_el"] == "Στέγη"
    assert vocabularies.get_term(db, "areas", "housing").label["el"] == "Κατοικία"
    # Whoever has seen both may replace it; whoever typed the same has nothing to choose.
    assert ada.post(HOUSING, data=form).status_code == 303
    assert ada.post(HOUSING, data={**WORDS, "opened": mark}).status_code == 303
    assert vocabularies.get_term(db, "areas", "housing").label["el"] == "Στέγη"


def test_an_unchanged_term_saved_again_changes_nothing(ada: FlaskClient, db: Database) -> None:
    form = FormReader(ada.get(HOUSING).text.replace('method="post"', 'class="kb-writing"')).fields
    before = rows(db)
    assert ada.post(HOUSING, data=form).status_code == 303
    assert rows(db) == before


def test_a_new_term_is_usable_at_once(ada: FlaskClient, db: Database, sign_in: SignIn) -> None:
    answer = ada.post(f"{AREAS}/new", data=NEW, follow_redirects=True)
    assert "“Homes” is added." in answer.text
    assert codes(db)[-1] == "homes"
    anna = sign_in("Anna")
    assert 'value="homes"' in anna.get("/en/my-practices/new").text
    form = {**FORM, "areas_main": "homes", "submission_key": "a new key", "then": "save"}
    assert anna.post("/en/my-practices", data=form).status_code == 303
    draft = store.find_draft(db, 1)
    assert draft
    assert draft.content["areas"] == ["homes", "mediation"]


@pytest.mark.parametrize(
    "code", ["", "Homes", "σπίτια", "-homes", "a b", "homes\n;", "../x", "x" * 41, "health"]
)
def test_a_code_is_well_made_and_free(ada: FlaskClient, db: Database, code: str) -> None:
    before = rows(db)
    answer = ada.post(f"{AREAS}/new", data={**NEW, "code": code})
    assert answer.status_code == 400
    assert 'href="#code"' in answer.text
    assert "Κατοικία για όλους." in answer.text
    assert rows(db) == before


def test_a_code_is_no_other_term_s_short_form(ada: FlaskClient) -> None:
    answer = ada.post("/en/vocabularies/setup_times/new", data={**NEW, "code": "1-3"})
    assert answer.status_code == 400


def test_a_vocabulary_is_full_at_some_time(ada: FlaskClient, db: Database) -> None:
    with transaction(db):
        for number in range(MOST_TERMS):
            vocabularies.insert_term(db, "areas", f"more-{number}")
        vocabularies.note_change(db)
    assert "this one is full" in ada.post(f"{AREAS}/new", data=NEW).text


def test_what_is_out_of_use_is_not_offered_yet_kept(
    ada: FlaskClient, db: Database, sign_in: SignIn, member: Callable[[str], Member]
) -> None:
    actions.create(db, member("Anna"), "a key", {**CARD, "areas": ["housing", "mediation"]})
    anna, card = sign_in("Anna"), "/en/my-practices/1/write/quick"
    answer = ada.post(f"{HOUSING}/retire", follow_redirects=True)
    assert "is no longer offered. What has it keeps it." in answer.text
    assert "No longer offered" in answer.text
    assert 'value="housing"' not in anna.get("/en/my-practices/new").text
    assert "housing" not in sign_in(None).get("/en/").text
    page = anna.get(card).text
    assert 'value="housing"' in page
    saved = anna.post(card, data={**posted(page), "title_el": "Άλλος τίτλος", "then": "stay"})
    assert saved.status_code == 303
    draft = store.find_draft(db, 1)
    assert draft
    assert draft.content["areas"] == ["housing", "mediation"]
    assert "Housing" in anna.get("/en/my-practices/1/submit").text
    ada.post(f"{HOUSING}/restore")
    assert 'value="housing"' in anna.get("/en/my-practices/new").text


def test_taking_out_of_use_twice_is_once(ada: FlaskClient, db: Database) -> None:
    for deed in ("retire", "restore"):
        assert ada.post(f"{HOUSING}/{deed}").status_code == 303
        before = rows(db)
        assert ada.post(f"{HOUSING}/{deed}").status_code == 303
        assert rows(db) == before


def test_something_to_choose_from_is_left(ada: FlaskClient, db: Database) -> None:
    for code in codes(db, "levels"):
        ada.post(f"/en/vocabularies/levels/terms/{code}/retire")
    assert codes(db, "levels") == ["both"]
    page = ada.get("/en/vocabularies/levels/terms/both").text
    assert "This is the only term that is offered" in page
    assert "/terms/both/retire" not in page


def test_terms_that_the_program_goes_by_stay_in_use(ada: FlaskClient, db: Database) -> None:
    assert NEEDED["licences"] == {DEFAULT_LICENCE, MEMBERS_ONLY}
    for vocabulary, needed in NEEDED.items():
        for code in needed:
            address = f"/en/vocabularies/{vocabulary}/terms/{code}"
            answer = ada.post(f"{address}/retire", follow_redirects=True)
            assert "is still needed, and stays in use." in answer.text
            assert "The library itself goes by this term" in answer.text
            assert code in codes(db, vocabulary)


def test_reviewers_keep_the_level_that_a_practice_has(
    ada: FlaskClient, db: Database, sign_in: SignIn, member: Callable[[str], Member]
) -> None:
    anna, mona = member("Anna"), member("Mona")
    for key in ("one", "two"):
        practice = actions.create(db, anna, key, CARD)
        actions.submit(db, practice, anna, 1)
    moderation.decide(db, store.get(db, 1), mona, Decision("publish", 1, evidence="e2"))
    ada.post("/en/vocabularies/evidence_levels/terms/e2/retire")
    ada.post("/en/vocabularies/review_criteria/terms/inclusion/retire")
    ada.post("/en/vocabularies/decision_reasons/terms/only-link/retire")
    browser = sign_in("Mona")
    page = browser.get("/en/review/1").text
    assert '<option value="e2" selected>' in page
    page = browser.get("/en/review/2").text
    for gone, kept in (("e2", "e3"), ("only-link", "language")):
        assert f'value="{gone}"' not in page
        assert f'value="{kept}"' in page
    assert "answer_inclusion" not in page
