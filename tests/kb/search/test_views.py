"""The search page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from kb.search.facets import FILTERS, MAIN
from kb.search.model import PER_PAGE, QUERY_LENGTH
from kb.search.syncing import Indexes
from tests.hostile_strings import naughty, scripts
from tests.kb.search.conftest import LIBRARY, Publish
from tests.kb.search.reading import boxes, notices, titles

Find = Callable[..., list[str]]


@pytest.mark.parametrize("typed", ["στέγαση", "ΣΤΕΓΑΣΗ", "στεγαση", "στέγασης"])
def test_a_word_is_found_in_capitals_and_without_accents(find: Find, typed: str) -> None:
    assert set(find(q=typed)) == {"flats", "clinic"}


@pytest.mark.parametrize("name", ["Αθήνα", "δημος αθηναιων", "Athens", "athina"])
def test_a_municipalitys_own_practices_stand_first(find: Find, publish: Publish, name: str) -> None:
    publish(
        "guests",
        title={"el": "Αθήνα, Δήμος Αθηναίων", "en": "Athens, Municipality of Athens"},
        municipality="tilos",
        other_municipalities=["athens"],
    )
    found = find(q=name)
    assert set(found[:2]) == {"interpreters", "clinic"}
    assert "guests" in found[2:]


def test_what_matched_is_marked(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/el/practices?q=στεγαση").text
    assert "<mark>Στέγαση</mark> οικογενειών" in page
    assert "για τη <mark>στέγαση</mark> ρωτούν" in page


def test_without_anything_asked_all_are_shown_the_newest_first(
    client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    page = client.get("/en/practices").text
    assert len(titles(page)) == len(LIBRARY)
    assert "4 practices" in page


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("area=housing", {"flats", "clinic"}),
        ("area=housing&area=participation", {"flats", "clinic", "orchard"}),
        ("area=housing&municipality=athens", {"clinic"}),
        ("municipality=athens", {"interpreters", "clinic", "orchard"}),
        ("municipality=tilos&municipality=thessaloniki", {"flats", "orchard"}),
        ("target_group=women", {"clinic"}),
        ("type=programme", {"flats"}),
        ("stage=stopped&stage=completed", {"orchard", "flats"}),
        ("year=2020", {"flats", "clinic"}),
        ("year=2016&year=2021", {"orchard", "flats", "interpreters"}),
        ("funding=own", {"interpreters"}),
        ("cost_band=under-5k", {"interpreters"}),
        ("legal_status=refugee", {"interpreters"}),
        ("region=central-macedonia", {"flats"}),
        ("q=στέγαση&stage=running", {"clinic"}),
    ],
)
def test_each_filter_narrows(
    client: FlaskClient, library: Indexes, choice: str, expected: set[str]
) -> None:
    page = client.get(f"/el/practices?{choice}").text
    found = set(re.findall(r'class="kb-card__link" href="/el/practices/([\w-]+)"', page))
    assert found == expected


def test_counts_leave_the_own_choice_of_a_filter_aside(
    client: FlaskClient, library: Indexes
) -> None:
    found = boxes(client.get("/el/practices?area=housing&municipality=athens").text)
    # Beside areas: what there is in Athens. Beside municipalities: what there is on housing.
    assert found["area"] == {
        "education": 1,
        "housing": 1,
        "health": 1,
        "mediation": 1,
        "participation": 1,
    }
    assert found["municipality"] == {"athens": 1, "thessaloniki": 1}
    assert found["stage"] == {"running": 1}


def test_only_values_in_use_are_offered_in_the_order_of_people(
    client: FlaskClient, library: Indexes
) -> None:
    el = boxes(client.get("/el/practices").text)
    assert list(el["municipality"]) == ["athens", "thessaloniki", "tilos"]
    assert list(el["year"]) == ["2021", "2020", "2019", "2016"]
    assert list(el["stage"]) == ["running", "completed", "stopped"]
    assert "status" not in el
    assert list(el)[: len(MAIN)] == list(MAIN)


def test_a_choice_that_nothing_fits_can_be_taken_back(
    client: FlaskClient, library: Indexes
) -> None:
    page = client.get("/en/practices?area=housing&stage=stopped&q=nothinglikeit").text
    assert boxes(page)["stage"]["stopped"] == 0
    assert 'href="/en/practices?q=nothinglikeit&amp;area=housing"' in page
    assert 'href="/en/practices?q=nothinglikeit"' in page  # all filters at once


@pytest.mark.parametrize(
    "bad", ["area=nope", "municipality=ATHENS", "year=20190", "year=٢٠١٩", "stage=<script>"]
)
def test_a_bad_filter_value_is_ignored_with_a_note(
    client: FlaskClient, library: Indexes, bad: str
) -> None:
    answer = client.get(f"/en/practices?{bad}&area=housing")
    assert answer.status_code == 200
    assert len(titles(answer.text)) == 2
    [note] = notices(answer.text)
    assert bad.partition("=")[2] in note
    assert "ignored" in note


def test_an_unknown_order_is_ignored_with_a_note(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?sort=size").text
    assert len(titles(page)) == len(LIBRARY)
    assert "“size”" in notices(page)[0]


def test_orders(find: Find) -> None:
    assert find(sort="start") == ["interpreters", "clinic", "flats", "orchard"]
    assert find(sort="title") == ["clinic", "orchard", "flats", "interpreters"]
    assert find(q="στέγαση")[0] == "flats"
    assert set(find(q="στέγαση", sort="newest")) == {"flats", "clinic"}


def test_the_usual_order_follows_what_is_typed(client: FlaskClient, library: Indexes) -> None:
    browsing = client.get("/en/practices?sort=newest").text
    assert re.search(r'<option value="" selected>\s*Newest first', browsing)
    searching = client.get("/en/practices?q=flats&sort=").text
    assert re.search(r'<option value="" selected>\s*Best match', searching)


def test_one_hit_or_none_is_not_to_be_ordered(client: FlaskClient, library: Indexes) -> None:
    assert "<select" in client.get("/en/practices").text
    for query in ("q=orchard", "q=zzzyx"):
        page = client.get(f"/en/practices?{query}&sort=title").text
        assert "<select" not in page
        assert '<input type="hidden" name="sort" value="title">' in page


def test_a_query_that_is_too_long_is_cut_with_a_note(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices", query_string={"q": "flats " + "x" * 500}).text
    assert any("too long" in note for note in notices(page))
    typed = re.search(r'name="q" type="search" value="([^"]*)"', page)
    assert typed
    assert len(typed[1]) == QUERY_LENGTH


def test_a_query_without_a_word_says_so(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?q=***").text
    assert len(titles(page)) == len(LIBRARY)
    assert any("no word" in note for note in notices(page))


MALFORMED = [
    *('"', "'", '"flats', "flats)", "(((flats", "[α TO ω]", "*", "?", "flats~9", "flats^3"),
    *("-", "OR", "AND flats", "area:", "area:nope", "year:2021..2019", "\\", "/.*/", "a" * 4000),
    *('"' * 1000, "flats\x00", "\u202eflats", "{{7*7}}", "%s", "{0}", "🏠", "ﬂats"),
]


@pytest.mark.parametrize("typed", MALFORMED, ids=range(len(MALFORMED)))
def test_nothing_typed_is_an_error(client: FlaskClient, library: Indexes, typed: str) -> None:
    answer = client.get("/en/practices", query_string={"q": typed})
    assert answer.status_code == 200
    assert client.get("/api/v1/search", query_string={"q": typed}).status_code == 200
    assert "49" not in titles(answer.text)


def test_hostile_strings_come_back_as_text(client: FlaskClient, library: Indexes) -> None:
    for typed in [*naughty()[::5], *scripts()[::40]]:
        answer = client.get("/en/practices", query_string={"q": typed, "area": typed})
        assert answer.status_code == 200
        assert answer.text.count("<script") == 1
        assert not re.search(r"<(?:img|svg|iframe|body)[^>]* on\w+=", answer.text, re.I)


def test_pages_are_bounded(client: FlaskClient, library: Indexes, publish: Publish) -> None:
    for number in range(PER_PAGE - len(LIBRARY) + 1):
        publish(f"practice-{number}", sync=False, title={"el": f"Πρακτική {number}"})
    library.sync()
    first, second = client.get("/en/practices").text, client.get("/en/practices?page=2").text
    assert len(titles(first)) == PER_PAGE
    assert len(titles(second)) == 1
    assert set(titles(first)).isdisjoint(titles(second))
    assert "(page 2 of 2)" in second
    assert titles(client.get("/en/practices?page=99").text) == titles(second)
    for bad in ("0", "-1", "x", "٢", "9" * 30, "1.5"):
        assert titles(client.get(f"/en/practices?page={bad}").text) == titles(first)


def test_the_title_says_what_is_shown(client: FlaskClient, library: Indexes) -> None:
    def title(address: str) -> str:
        found = re.search("<title>(.*?) – ", client.get(f"/en/practices{address}").text)
        assert found
        return unescape(found[1])

    assert title("") == "Practices"
    assert title("?q=flats") == "Practices: search for “flats”"
    assert title("?area=housing&municipality=athens") == "Practices: Athens, Housing"
    assert title("?q=<b>") == "Practices: search for “<b>”"


def test_nothing_found_helps_on(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?q=zzzyx&area=housing").text
    assert "0 practices" in page
    assert 'href="/en/practices?area=health"' in page


def test_text_in_the_other_language_is_marked_as_such(
    client: FlaskClient, library: Indexes
) -> None:
    page = client.get("/en/practices?area=health").text
    assert re.search(r'kb-card__link"[^>]* lang="el"[^>]*>Ιατρείο', page)
    assert "In Greek" in page


def test_what_is_archived_is_not_shown_even_before_the_index_follows(
    client: FlaskClient, library: Indexes, archive: Callable[[str], None]
) -> None:
    archive("flats")
    page = client.get("/en/practices?q=στέγαση").text
    assert titles(page) == ["Ιατρείο στη γειτονιά"]
    assert "1 practice" in page
    library.sync()
    assert boxes(client.get("/el/practices").text)["municipality"] == {"athens": 3, "tilos": 1}


def test_a_text_that_has_changed_is_shown_as_it_is_now(
    client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    publish("clinic", sync=False, **{**LIBRARY["clinic"], "title": {"el": "Ιατρείο στην αγορά"}})
    page = client.get("/el/practices?q=γειτονιά").text
    assert "Ιατρείο στην αγορά" in page
    assert "<mark>" not in page


def test_queries_are_not_logged(
    client: FlaskClient, library: Indexes, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get("/el/practices?q=ιδιωτικολέξη")
    client.get("/el/practices?q=ιδιωτικολέξη&page=x&area=ιδιωτικολέξη")
    logged = "".join(capfd.readouterr())
    assert "ιδιωτικολέξη" not in logged
    assert json.dumps("ιδιωτικολέξη").strip('"') not in logged


def test_every_filter_has_a_label(library: Indexes) -> None:
    assert all(str(each.label) for each in FILTERS.values())
