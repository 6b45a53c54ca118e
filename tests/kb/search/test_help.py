"""What the page offers where a search found little, or something else than was typed."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kb.search.model import Asked
from kb.search.syncing import Indexes
from tests.kb.search.conftest import Publish
from tests.kb.search.reading import notices, titles


def links(html: str) -> dict[str, str]:
    """The links within the page's content, by their texts."""
    found = re.findall(r'<a class="govuk-link" href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return {unescape(text): unescape(address) for address, text in found}


@pytest.mark.parametrize(
    ("text", "word", "other", "expected"),
    [
        ("rent subsidy", "rent", "", "subsidy"),
        ("rent rental rent", "rent", "", "rental"),
        ('a "rent subsidy" -b', "rent subsidy", "", "a -b"),
        ("housng (refugees)", "housng", "housing", "housing (refugees)"),
        ("ΣΤΕΓΑΣΗ a.b", "a.b", r"\1", r"ΣΤΕΓΑΣΗ \1"),
    ],
)
def test_a_word_is_left_out_or_spelt_otherwise(
    text: str, word: str, other: str, expected: str
) -> None:
    assert Asked(text).with_word(word, other).text == expected


@pytest.mark.parametrize(
    ("lang", "typed", "meant"), [("en", "orchrd all", "orchard all"), ("el", "διαμερσματα", "διαμ")]
)
def test_a_misspelt_word_is_offered_as_it_was_meant(
    client: FlaskClient, library: Indexes, lang: str, typed: str, meant: str
) -> None:
    page = client.get(f"/{lang}/practices", query_string={"q": typed}).text
    [(text, address)] = [item for item in links(page).items() if item[0].startswith(meant)]
    assert text != typed
    assert titles(client.get(address).text) == titles(page)


def test_what_is_meant_keeps_the_filters(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?q=orchrd&area=participation&page=1").text
    assert links(page)["orchard"] == "/en/practices?q=orchard&area=participation"


def test_words_that_no_practice_has_are_named(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?q=orchard+zzqqxx").text
    assert [text for text in notices(page) if "zzqqxx" in text]
    assert titles(page)


def test_where_nothing_is_found_each_offer_says_how_many_it_finds(
    client: FlaskClient, library: Indexes
) -> None:
    page = client.get("/en/practices?q=flats&area=participation").text
    assert titles(page) == []
    assert re.search(r"Search without the filters</a> \(\d+ practice", page)
    offered = links(page)["Search without the filters"]
    assert offered == "/en/practices?q=flats"
    assert titles(client.get(offered).text)


def test_an_offer_that_finds_no_more_is_not_made(client: FlaskClient, library: Indexes) -> None:
    page = client.get("/en/practices?q=zzqqxx+qqzzyy&area=participation").text
    assert "Search without" not in page


def test_a_passage_in_the_other_language_says_so(
    client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    publish(
        "kitchen",
        title={"el": "Κουζίνα", "en": "Kitchen"},
        summary={"el": "Μαγειρεύουμε.", "en": "We cook."},
        challenge={"el": "Σπίτια.", "en": "Marmalade is made by neighbours."},
    )
    page = client.get("/el/practices?q=marmalade").text
    assert re.search(r'kb-card__found">.*?<p class="kb-card__passage"\s+lang="en">', page, re.S)
    assert "kb-card__found" not in client.get("/en/practices?q=marmalade").text
