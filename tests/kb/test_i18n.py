"""Two languages: addresses, fallback of texts, the order of names, dates."""

import pytest
from flask import Flask, g
from flask_babel import force_locale

from kb import i18n
from kb.i18n import Text, sort_key


@pytest.mark.parametrize(
    ("asked", "home"),
    [
        ("", "/el/"),
        ("en-GB,en;q=0.8", "/en/"),
        ("el-GR,el;q=0.9,en;q=0.5", "/el/"),
        ("fr,de;q=0.8", "/el/"),
        ("fr,en;q=0.3", "/en/"),
    ],
)
def test_root_leads_to_the_language_that_the_browser_asks_for(client, asked, home):
    answer = client.get("/", headers={"Accept-Language": asked})
    assert answer.location == home
    assert "Accept-Language" in answer.vary


@pytest.mark.parametrize(
    ("mine", "value", "expected"),
    [
        ("el", {"el": "Τίτλος", "en": "Title"}, Text("Τίτλος", "el", False)),
        ("en", {"el": "Τίτλος", "en": "Title"}, Text("Title", "en", False)),
        ("en", {"el": "Τίτλος", "en": ""}, Text("Τίτλος", "el", True)),
        ("el", {"en": "Title"}, Text("Title", "en", True)),
        ("el", None, Text("", "el", False)),
    ],
)
def test_text_falls_back_to_the_other_language_and_says_so(app: Flask, mine, value, expected):
    with app.test_request_context():
        g.lang = mine
        assert i18n.text(value) == expected


@pytest.mark.parametrize(("mine", "expected"), [("el", "ελληνικά"), ("en", "Greek")])
def test_greek_writes_a_language_small_within_a_phrase(app: Flask, mine: str, expected: str):
    with app.app_context(), force_locale(mine):
        assert i18n.language_within("el") == expected


def test_names_are_ordered_for_a_greek_reader():
    ordered = [
        "Άγιος",
        "Αθήνα",
        "Έδεσσα",
        "Ήπειρος",
        "Ίος",
        "Κως",
        "Κωστής",
        "Όρος",
        "Athens",
        "Zürich",
    ]
    assert sorted(set(ordered), key=sort_key) == ordered
    assert sort_key("ΔΗΜΟΣ") == sort_key("δήμος")


@pytest.mark.parametrize(
    ("lang", "stored", "shown"),
    [
        ("el", "2026-11-22T23:30:00Z", "23 Νοεμβρίου 2026"),
        ("en", "2026-11-22T21:30:00Z", "22 November 2026"),
        ("el", "2019-05", "Μάιος 2019"),
        ("en", "2019", "2019"),
        ("el", "2026-11-22", "22 Νοεμβρίου 2026"),
        ("el", "", ""),
    ],
)
def test_dates_are_those_of_athens_in_the_readers_words(app: Flask, lang, stored, shown):
    with app.test_request_context():
        g.lang = lang
        assert i18n.day(stored) == shown


@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/el/", "/en/"),
        ("/el/nowhere", "/en/"),
        ("/healthz", "/en/"),
    ],
)
def test_language_switch_leads_to_an_address_that_exists(app: Flask, address, other):
    with app.test_request_context(address):
        g.lang = "el"
        assert i18n.other_language_url() == other


@pytest.mark.usefixtures("db")  # whose context all requests of a test share
def test_each_request_is_answered_in_its_own_language(client):
    for lang, name in (("el", "Βιβλιοθήκη καλών πρακτικών"), ("en", "Good-practice library")):
        assert name in client.get(f"/{lang}/").text
