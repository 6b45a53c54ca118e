"""How what people type is read: by ear, on the wrong keyboard, unfinished, as a question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.indexer.conftest import Library

Fill = Callable[..., Library]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("st;egash", "στέγαση"), ("St;egash prosf;ygvn", "στέγαση"), (";ajonaw", "άξονας"),
        ("jen;vnaw", "ξενώνας"), ("ςομεν", "women"), ("νεςψομερσ", "newcomers"),
        ("ε;θαλιτυ", "equality"), ("ηοθσι", "housing"), ("plynt;hr", "πλυντήριο"),
    ],
)  # fmt: skip
def test_the_wrong_layout_is_read_with_its_accents(filled: Fill, typed: str, meant: str) -> None:
    library = filled({"title_el": meant, "title_en": meant}, "Κάτι άλλο", "Ευχαριστώ")
    assert library.slugs(typed)[0] == "p1"


def test_a_semicolon_between_words_is_no_accent(filled: Fill) -> None:
    library = filled({"title_en": "Housing"}, {"title_en": "Education"})
    assert set(library.slugs("housing;education")) == {"p1", "p2"}


@pytest.mark.parametrize("typed", ["ethelo", "εθελωντ", "διερμιν"])
def test_an_unfinished_word_is_found_by_ear(filled: Fill, typed: str) -> None:
    library = filled("Εθελοντές διερμηνείας", "Πλυντήριο")
    assert library.slugs(typed) == ["p1"]


@pytest.mark.parametrize(
    "question",
    ["πώς φτιάχνουμε συμβούλιο", "πού βρίσκω συμβούλιο;", "καλές πρακτικές συμβούλιο",
     "how to set up a συμβούλιο"],
)  # fmt: skip
def test_words_that_people_ask_with_tell_little(filled: Fill, question: str) -> None:
    asking = "Πώς φτιάχνουμε, βρίσκω, καλές πρακτικές set"
    library = filled("Συμβούλιο", "Συμβούλιο κατοίκων", {"body_el": asking}, "Πλυντήριο")
    assert library.slugs(question)[:2] == ["p1", "p2"]


def test_an_unknown_word_that_people_ask_with_is_not_spoken_of(filled: Fill) -> None:
    library = filled("Συμβούλιο", "Φτάνουμε")
    found = library.search("πώς φτιάχνουμε συμβούλιο")
    assert [hit.slug for hit in found.hits] == ["p1"]
    assert not found.missing
    assert not found.corrections


def test_words_that_people_ask_with_are_searched_where_there_are_no_others(filled: Fill) -> None:
    library = filled("Καλές πρακτικές", "Πλυντήριο")
    assert library.slugs("καλές πρακτικές") == ["p1"]


def test_where_few_have_most_of_the_words_those_with_any_follow(filled: Fill) -> None:
    others = [f"Εργασία {number}" for number in range(20)]
    library = filled("Κτηνοτροφία και εργασία", *others)
    found = library.search("εργασία κτηνοτροφία")
    assert found.hits[0].slug == "p1"
    assert found.total == 21
    assert "most-words" in found.notes


def test_an_acronym_among_labels_is_no_form_of_a_word(filled: Fill) -> None:
    named = {"title_el": "Πρόγραμμα", "keywords_el": "ΔΟΜ\nδιεθνής οργανισμός"}
    library = filled(named, "Δομή φιλοξενίας", {"title_el": "Δομές", "keywords_el": "δομή"})
    assert library.slugs("ΔΟΜ") == ["p1"]
    assert library.slugs("IOM") == ["p1"]


def test_a_name_of_a_guess_stands_below_the_guess(filled: Fill) -> None:
    library = filled("Προσφύγισσα", "Πρόσφυγας", "Κάτι άλλο")
    assert library.slugs("προσφυγψς") == ["p2", "p1"]


def test_a_phrase_is_known_by_what_its_words_were_read_as(filled: Fill) -> None:
    library = filled({"title_en": "Legal aid"}, "Νομική", "Βοήθεια", "Νομικά βιβλία")
    assert "p1" in library.slugs("nomiki voitheia")


def test_an_unfinished_word_is_found_by_what_else_it_may_be_called(filled: Fill) -> None:
    library = filled({"title_en": "Apartment"}, {"title_en": "Flats"}, {"title_en": "Laundry"})
    assert library.slugs("apartm", language="en") == ["p1", "p2"]


def test_an_acronym_typed_small_stands_above_the_words_that_begin_so(filled: Fill) -> None:
    library = filled("Δομή", "Με τον ΔΟΜ", "Δομές", "Άλλο")
    assert library.slugs("δομ")[0] == "p2"
    assert set(library.slugs("δομ")) == {"p1", "p2", "p3"}


@pytest.mark.parametrize("typed", ["εστια", "ΕΣΤΙΑ", "Εστία"])
def test_a_latin_acronym_is_found_by_greek_letters(filled: Fill, typed: str) -> None:
    library = filled("Διαμερίσματα ESTIA", "Το ESTIA", "Εστίαση στη γειτονιά", "ESTIA")
    assert set(library.slugs(typed)) >= {"p1", "p2", "p4"}


def test_a_greek_word_is_no_acronym_that_is_rarer(filled: Fill) -> None:
    library = filled("Η εστία", "Μια εστία", "Κάτι του ESTIA")
    assert set(library.slugs("εστία")) == {"p1", "p2"}
