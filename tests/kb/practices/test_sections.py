"""The full form over HTTP: its list of sections, a page for each, rows, and saving by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.practices import actions, drafts, sheets, store
from kb.practices.examples import EXAMPLES
from kb.practices.model import Practice
from kb.practices.sheets import MORE_TASKS, SECTION_SHEETS, SHEETS, Task
from kb.practices.template import BY_CODE, FIELDS, Kind
from tests.kb.practices.cases import CARD, FORM, changed, write_all, written_with
from tests.kb.practices.page import posted

SignIn = Callable[[str | None], FlaskClient]
Find = Callable[[str], Member]
JSON = {"Accept": "application/json"}


@pytest.fixture
def practice(db: Database, member: Find) -> Practice:
    """Begun by Anna; Bruno writes along."""
    practice = actions.create(db, member("Anna"), "key", CARD)
    return written_with(db, practice, member("Bruno"))


def address(section: str = "", lang: str = "en") -> str:
    return f"/{lang}/my-practices/1/write" + (f"/{section}" if section else "")


def content(db: Database) -> dict[str, Any]:
    draft = store.find_draft(db, 1)
    assert draft
    return dict(draft.content)


def test_every_field_is_written_in_exactly_one_section() -> None:
    written = [field.code for sheet in SECTION_SHEETS for field in sheet.fields]
    assert sorted(written) == sorted(field.code for field in FIELDS if field.kind is not Kind.FILES)


def test_every_long_text_and_table_has_an_example_in_both_languages() -> None:
    for field in FIELDS:
        if field.is_localised or field.kind is Kind.ROWS:
            assert set(field.example) == {"el", "en"}, field.code
    assert set(EXAMPLES) <= set(BY_CODE)


@pytest.mark.usefixtures("practice")
def test_the_list_says_how_far_each_section_is(sign_in: SignIn) -> None:
    page = sign_in("Anna").get(address()).text
    states = dict(
        re.findall(
            r'task-list__link"[^>]*>([^<]*)</a>.*?task-list__status"[^>]*>\s*'
            r"(?:<strong[^>]*>)?\s*([^<]*?)\s*<",
            page,
            re.S,
        )
    )
    assert states["The practice in short"] == "Complete"
    assert states["What it is"] == "In progress"
    assert states["Results"] == "Not started"
    assert "1 text is not in English yet." in page
    assert "How complete it is" in page


@pytest.mark.parametrize(
    ("fields", "section", "state"),
    [
        ({}, "results", "not_started"),
        ({"how_it_works": {"el": "λέξη " * 300}}, "what", "problems"),
        ({"indicators": [{"name": {"el": "Α"}}]}, "results", "problems"),
        ({"end": "2001"}, "card", "problems"),
        ({"links": [{"title": "Α", "url": "https://a.gr"}]}, "sources", "complete"),
    ],
)
def test_the_state_of_a_section(fields: dict[str, Any], section: str, state: str) -> None:
    assert sheets.state(SHEETS[section], changed(**fields)) == state


@pytest.mark.usefixtures("practice")
def test_features_above_add_tasks_of_their_own(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task("Photos and documents", "", "/en/somewhere", "not_started", {})
    monkeypatch.setattr("kb.practices.sheets.MORE_TASKS", [*MORE_TASKS, lambda practice: task])
    assert "Photos and documents" in sign_in("Anna").get(address()).text


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("section", [sheet.code for sheet in SECTION_SHEETS])
def test_a_section_sent_as_it_was_shown_changes_nothing(
    sign_in: SignIn, db: Database, member: Find, section: str
) -> None:
    full = changed(
        challenge={"el": "Κανείς.", "en": "Nobody."},
        indicators=[{"name": {"el": "Άτομα"}, "value": 1140, "unit": {"el": "άτομα"}}],
        partners=[{"name": {"en": "UNHCR"}, "type": "un"}],
        links=[{"title": "Α", "url": "https://a.gr"}],
        regular_service=True,
        origin_language="el",
        end="2023",
    )
    saved = write_all(db, store.get(db, 1), member("Anna"), full, 1)
    anna = sign_in("Anna")
    form = posted(anna.get(address(section)).text)
    answer = anna.post(address(section), data={**form, "then": "return"})
    assert answer.status_code == 303
    assert content(db) == saved.content
    assert store.find_draft(db, 1) == saved


@pytest.mark.usefixtures("practice")
def test_buttons_lead_on_or_back(sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    where = {
        "next": address("results"), "return": address(), "stay": address("what"),
    }  # fmt: skip
    for then, target in where.items():
        assert anna.post(address("what"), data={"version": "1", "then": then}).location == target


@pytest.mark.usefixtures("practice")
def test_rows_are_added_and_removed_without_javascript(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    data = {"version": "1", "links_0_title": "Α", "links_0_url": "https://a.gr", "add": "links"}
    answer = anna.post(address("sources"), data=data)
    assert answer.location.endswith("?add=links#links_rows")
    page = anna.get(answer.location).text
    assert page.count('name="remove" value="links_') == 3
    data = {**posted(page), "links_0_title": "Α", "links_1_title": "Β", "remove": "links_0"}
    anna.post(address("sources"), data=data)
    assert content(db)["links"] == [{"title": "Β"}]


@pytest.mark.usefixtures("practice")
def test_a_wrong_cell_is_named_where_it_stands(sign_in: SignIn, db: Database) -> None:
    data = {
        "version": "1", "results_el": "Έφτασε", "indicators_0_name_el": "Α",
        "indicators_0_value": "5", "indicators_1_name_el": "Β", "indicators_1_value": "πολλά",
    }  # fmt: skip
    answer = sign_in("Anna").post(address("results"), data=data)
    assert answer.status_code == 400
    assert 'href="#indicators_1_value"' in answer.text
    assert 'value="πολλά"' in answer.text
    assert content(db)["results"] == {"el": "Έφτασε"}
    # All else in the table is saved; only that cell waits for a number.
    assert content(db)["indicators"] == [{"name": {"el": "Α"}, "value": 5}, {"name": {"el": "Β"}}]


@pytest.mark.usefixtures("practice")
def test_two_sections_saved_at_once_do_not_meet(sign_in: SignIn, db: Database) -> None:
    anna, bruno = sign_in("Anna"), sign_in("Bruno")
    mine, theirs = (client.get(address("what")).text for client in (anna, bruno))
    bruno.post(address("what"), data={**posted(theirs), "goals_el": "Του Μπρούνο"})
    answer = anna.post(address("what"), data={**posted(mine), "challenge_el": "Της Άννας"})
    assert answer.status_code == 303
    assert content(db)["goals"] == {"el": "Του Μπρούνο"}
    assert content(db)["challenge"] == {"el": "Της Άννας"}
    assert "Bruno saved this draft" in anna.get(address()).text


@pytest.mark.usefixtures("practice")
def test_the_same_text_changed_twice_shows_both_and_then_decides(
    sign_in: SignIn, db: Database
) -> None:
    anna, bruno = sign_in("Anna"), sign_in("Bruno")
    mine, theirs = (posted(client.get(address("what")).text) for client in (anna, bruno))
    bruno.post(address("what"), data={**theirs, "goals_el": "Του Μπρούνο", "goals_en": "His"})
    data = {**mine, "goals_el": "Της Άννας", "challenge_el": "Και αυτό"}
    answer = anna.post(address("what"), data=data)
    assert answer.status_code == 409
    assert "Του Μπρούνο" in answer.text
    again = posted(answer.text)
    assert (again["goals_el"], again["goals_en"]) == ("Της Άννας", "His")
    assert content(db)["challenge"] == {"el": "Και αυτό"}
    assert content(db)["goals"] == {"el": "Του Μπρούνο", "en": "His"}
    assert anna.post(address("what"), data=again).status_code == 303
    assert content(db)["goals"] == {"el": "Της Άννας", "en": "His"}


@pytest.mark.usefixtures("practice")
def test_a_draft_is_resumed_on_another_device(sign_in: SignIn) -> None:
    sign_in("Anna").post(address("what"), data={"version": "1", "goals_el": "Στο γραφείο"})
    assert "Στο γραφείο" in sign_in("Anna").get(address("what", "el")).text


# Saving by itself.


def autosave(client: FlaskClient, section: str = "what", **fields: str) -> Any:
    return client.post(address(section) + "/autosave", data=fields, headers=JSON)


@pytest.mark.usefixtures("practice")
def test_autosave_saves_and_says_when(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    form = posted(anna.get(address("what")).text)
    told = autosave(anna, **{**form, "goals_el": "Στόχος"}).json
    assert re.fullmatch(r"\d\d:\d\d", told["time"])
    assert told["version"] == 2
    assert content(db)["goals"] == {"el": "Στόχος"}
    form |= {"opened": json.dumps(told["opened"]), "goals_el": "Στόχος και άλλος"}
    assert autosave(anna, **form).json["version"] == 3


@pytest.mark.usefixtures("practice")
def test_autosave_that_changes_nothing_writes_nothing(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    for _ in range(2):
        assert autosave(anna, **posted(anna.get(address("what")).text)).json["version"] == 1
    assert drafts.count(db, 1) == 1


@pytest.mark.usefixtures("practice")
def test_autosave_keeps_what_is_valid_and_names_the_rest(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    form = posted(anna.get(address("card")).text)
    told = autosave(anna, "card", **{**form, "start": "χθες", "title_en": "New"}).json
    assert list(told["problems"]) == ["start"]
    assert told["problems"]["start"]["label"] == "Start"
    assert content(db)["title"]["en"] == "New"
    assert content(db)["start"] == CARD["start"]
    assert told["opened"]["start"] == json.loads(form["opened"])["start"]


@pytest.mark.usefixtures("practice")
def test_autosave_tells_what_others_wrote(sign_in: SignIn, db: Database) -> None:
    anna, bruno = sign_in("Anna"), sign_in("Bruno")
    mine, theirs = (posted(client.get(address("what")).text) for client in (anna, bruno))
    autosave(bruno, **{**theirs, "goals_el": "Του Μπρούνο", "challenge_en": "His"})
    answer = autosave(anna, **{**mine, "goals_el": "Της Άννας"})
    assert answer.status_code == 409
    assert answer.json["newer"] == {"challenge_en": "His"}
    [conflict] = answer.json["conflicts"]
    assert (conflict["name"], conflict["saved"]) == ("goals_el", "Του Μπρούνο")
    assert "Bruno saved this draft" in answer.json["others"]
    opened = {**answer.json["opened"], "goals_el": conflict["mark"]}
    again = {**mine, "goals_el": "Της Άννας", "opened": json.dumps(opened), "challenge_en": "His"}
    assert autosave(anna, **again).status_code == 200
    assert content(db)["goals"] == {"el": "Της Άννας"}


PARTNERS = {"partners_0_name_el": "Της Άννας", "partners_0_type": "ngo"}
HIS = {"partners_0_name_el": "Του Μπρούνο", "partners_0_type": "company"}


@pytest.mark.usefixtures("practice")
def test_autosave_says_what_others_wrote_that_the_page_does_not_show(
    sign_in: SignIn, db: Database
) -> None:
    anna, bruno = sign_in("Anna"), sign_in("Bruno")
    mine, theirs = (posted(client.get(address("people")).text) for client in (anna, bruno))
    autosave(bruno, "people", **{**theirs, **HIS, "level": "integration"})
    told = autosave(anna, "people", **{**mine, **PARTNERS}).json
    assert (told["conflicts"], told["newer"]) == ([], {})
    assert "changed this meanwhile: Partners, Reception or integration." in told["unseen"]
    assert [row["name"]["el"] for row in content(db)["partners"]] == ["Του Μπρούνο", "Της Άννας"]
    again = {**mine, **PARTNERS, "opened": json.dumps(told["opened"])}
    assert "Partners" in autosave(anna, "people", **again).json["unseen"]
    seen = posted(anna.get(address("people")).text)
    assert autosave(anna, "people", **seen).json["unseen"] == ""
    assert len(content(db)["partners"]) == 2


@pytest.mark.usefixtures("practice")
def test_page_that_comes_back_has_the_rows_of_others_too(sign_in: SignIn, db: Database) -> None:
    anna, bruno = sign_in("Anna"), sign_in("Bruno")
    mine, theirs = (posted(client.get(address("people")).text) for client in (anna, bruno))
    bruno.post(address("people"), data={**theirs, **HIS})
    answer = anna.post(address("people"), data={**mine, **PARTNERS, "level": "nowhere"})
    assert answer.status_code == 400
    form = posted(answer.text)
    assert (form["partners_0_name_el"], form["partners_1_name_el"]) == ("Του Μπρούνο", "Της Άννας")
    # Whoever takes out a row that they see takes it out.
    del form["partners_0_name_el"], form["partners_0_type"], form["partners_0_name_en"]
    assert anna.post(address("people"), data=form | {"level": "integration"}).status_code == 303
    assert [row["name"]["el"] for row in content(db)["partners"]] == ["Της Άννας"]


@pytest.mark.usefixtures("practice")
def test_autosave_of_what_is_submitted_says_so(sign_in: SignIn, db: Database, member: Find) -> None:
    anna = sign_in("Anna")
    form = posted(anna.get(address("what")).text)
    actions.submit(db, store.get(db, 1), member("Bruno"), 1)
    answer = autosave(anna, **{**form, "goals_el": "Αργά"})
    assert answer.status_code == 409
    assert "with the moderators" in answer.json["message"]


def test_a_new_card_saves_itself_once(sign_in: SignIn, db: Database) -> None:
    anna = sign_in("Anna")
    form = posted(anna.get("/en/my-practices/new").text)
    path = "/en/my-practices/autosave"
    for title in ("Αρχή", "Αρχή και"):
        told = anna.post(path, data={**form, "title_el": title}, headers=JSON).json
        assert told["conflicts"] == []
    assert told["address"] == "/en/my-practices/1/edit"
    # The button sends the same form once more, with what was typed last.
    answer = anna.post("/en/my-practices", data={**form, "title_el": "Αρχή και τέλος"})
    assert answer.status_code == 303
    assert store.count(db) == 1
    assert content(db)["title"] == {"el": "Αρχή και τέλος"}


def test_the_network_is_asked_whose_practice_it_is_first(sign_in: SignIn, db: Database) -> None:
    mona = sign_in("Mona")
    form = posted(mona.get("/en/my-practices/new").text) | {"title_el": "Αρχή"}
    path = "/en/my-practices/autosave"
    assert mona.post(path, data=form, headers=JSON).status_code == 400
    assert store.count(db) == 0
    form["municipality"] = "tilos"
    assert mona.post(path, data=form, headers=JSON).status_code == 200


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("opened", ["", "nonsense", "[]", "[1]", '{"goals_el": 5}', "[" * 9999])
def test_marks_that_are_none_are_no_marks(sign_in: SignIn, db: Database, opened: str) -> None:
    data = {"version": "1", "opened": opened, "goals_el": "Στόχος"}
    assert sign_in("Anna").post(address("what"), data=data).status_code in (303, 409)
    assert content(db)["title"] == CARD["title"]


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("name", [None, "Clara", "Mona"])
def test_others_neither_read_nor_write_a_section(
    sign_in: SignIn, db: Database, name: str | None
) -> None:
    client = sign_in(name)
    version = drafts.list_versions(db, 1, 1)[0].id
    root = "/en/my-practices/1"
    for path in ("/write", "/write/what", "/history", f"/history/{version}"):
        answer = client.get(root + path)
        assert answer.status_code == (404 if name else 303)
        assert FORM["title_el"] not in answer.text
    for path in ("/write/what", "/write/what/autosave", f"/history/{version}/restore"):
        answer = client.post(root + path, data={"version": "1", "goals_el": "x"})
        assert answer.status_code == (404 if name else 303)
    assert content(db) == CARD


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize("path", ["/write/nowhere", "/history/999", "/history/" + "9" * 40])
def test_what_is_not_there_is_not_found(sign_in: SignIn, path: str) -> None:
    assert sign_in("Anna").get("/en/my-practices/1" + path).status_code == 404


@pytest.mark.usefixtures("practice")
def test_hostile_input_is_kept_as_text(sign_in: SignIn, app: Flask, db: Database) -> None:
    evil = '"><script>alert(1)</script>{{7*7}}\u202e'
    anna = sign_in("Anna")
    anna.post(address("what"), data={"version": "1", "goals_el": evil})
    page = anna.get(address("what")).text
    assert "<script>alert" not in page
    assert posted(page)["goals_el"] == evil == content(db)["goals"]["el"]
