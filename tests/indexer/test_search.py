"""What is found, in which order, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.indexer.conftest import Library

Fill = Callable[..., Library]


def marked(fragments: list[tuple[str, bool]]) -> list[str]:
    return [text for text, is_match in fragments if is_match]


def shown(fragments: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in fragments)


@pytest.mark.parametrize(
    "typed",
    ["ενταξη", "ΕΝΤΑΞΗ", "ένταξης", "entaksi", "entaxh", "ένταξι", "εντάξη", "ένταξ", "ενταξξη"],
)
def test_a_word_is_found_however_it_is_typed(filled: Fill, typed: str) -> None:
    library = filled("Κέντρο Ένταξης Μεταναστών", "Κοινωνικό πλυντήριο")
    assert library.slugs(typed) == ["p1"]


def test_a_greek_word_in_an_english_name_does_not_hide_the_word(filled: Fill) -> None:
    library = filled({"title_en": "Ergasia Plus"}, "Εργασία για όλους", "Εργασία", "Πλυντήριο")
    assert set(library.slugs("ergasia")) == {"p1", "p2", "p3"}


@pytest.mark.parametrize("typed", ["προσφυγες", "ΠΡΟΣΦΥΓΕΣ", "πρόσφυγας", "prosfygwn", "refugees"])
def test_forms_and_translations_find_the_greek_word(filled: Fill, typed: str) -> None:
    library = filled("Στέγαση προσφύγων", "Κοινωνικό πλυντήριο")
    assert library.slugs(typed) == ["p1"]


def test_a_greek_query_finds_english_text(filled: Fill) -> None:
    library = filled(
        {"title_en": "Housing for refugees", "language": "en"}, {"title_en": "Laundry"}
    )
    (hit,) = library.search("στέγαση προσφύγων").hits
    assert hit.slug == "p1"
    assert hit.language_matched == "en"


def test_the_very_word_stands_above_its_form_above_its_translation(filled: Fill) -> None:
    library = filled("housing", "στεγάσεις", "στέγαση", "κάτι άλλο")
    assert library.slugs("στέγαση") == ["p3", "p2", "p1"]


def test_a_title_counts_more_than_a_body(filled: Fill) -> None:
    library = filled({"title_el": "Άλλο", "body_el": "διερμηνεία"}, {"title_el": "διερμηνεία"})
    assert library.slugs("διερμηνεία") == ["p2", "p1"]


def test_a_text_that_begins_with_the_word_stands_above_one_that_ends_with_it(filled: Fill) -> None:
    words = "δήμος πόλη γραφείο ομάδα κάτοικοι υπηρεσία " * 10
    library = filled(
        {"body_el": f"{words} διερμηνεία"}, {"body_el": f"διερμηνεία {words}"}, {"body_el": words}
    )
    assert library.slugs("διερμηνεία") == ["p2", "p1"]


def test_another_name_in_passing_is_not_counted_where_enough_have_the_word(filled: Fill) -> None:
    passing, about = "Άλλο", {"title_el": "Δράσεις", "body_el": "επιμόρφωση και επιμόρφωση"}
    library = filled(
        *["Κατάρτιση ενηλίκων"] * 10, {"title_el": passing, "body_el": "επιμόρφωση"}, about
    )
    assert library.search("κατάρτιση").total == 11
    assert "p11" not in library.slugs("κατάρτιση")


def test_what_is_only_related_is_not_marked_beside_the_word_itself(filled: Fill) -> None:
    library = filled("Housing with host families", "Host families", "Laundry")
    first, second = library.search("housing", language="en").hits
    assert marked(first.title) == ["Housing"]
    assert marked(second.title) == ["Host"]


def test_equal_scores_stand_by_completeness_then_by_date(filled: Fill) -> None:
    library = filled(
        {"title_el": "Στέγαση", "sort": {"completeness": 50, "published": "2026-01-01"}},
        {"title_el": "Στέγαση", "sort": {"completeness": 90, "published": "2026-01-01"}},
        {"title_el": "Στέγαση", "sort": {"completeness": 50, "published": "2026-02-01"}},
    )
    assert library.slugs("στέγαση") == ["p2", "p3", "p1"]


def test_all_words_stand_above_most_of_them(filled: Fill) -> None:
    library = filled("στέγαση νέων", "στέγαση", "εργασία νέων με στέγαση")
    results = library.search("στέγαση εργασία νέων")
    assert results.hits[0].slug == "p3"
    assert "most-words" in results.notes


def test_a_word_that_nobody_has_is_named_and_the_others_searched(filled: Fill) -> None:
    results = filled("Στέγαση").search("στέγαση ξψζκφ")
    assert [hit.slug for hit in results.hits] == ["p1"]
    assert results.missing == ["ξψζκφ"]


def test_phrases_are_needed_in_order(filled: Fill) -> None:
    library = filled("κέντρο κοινότητας", "κοινότητας κέντρο", "κέντρο της κοινότητας")
    assert library.slugs('"κέντρο κοινότητας"') == ["p1"]


def test_a_name_in_guillemets_beside_other_words_is_not_demanded(filled: Fill) -> None:
    library = filled("Μουσείο και αρχαιολογία", "Πρόγραμμα «Ανοιχτό μουσείο»", "Άλλο")
    assert library.slugs("αρχαιολογία στο «Ανοιχτό μουσείο»") == ["p2", "p1"]
    assert library.slugs('αρχαιολογία στο "Ανοιχτό μουσείο"') == ["p2"]
    assert library.slugs("«Ανοιχτό μουσείο»") == ["p2"]


def test_a_phrase_that_is_nowhere_is_tried_in_other_forms(filled: Fill) -> None:
    assert filled("Κέντρα Κοινότητας", "Άλλο").slugs('"κέντρο κοινότητας"') == ["p1"]


def test_without(filled: Fill) -> None:
    assert filled("Στέγαση Αθήνα", "Στέγαση Λάρισα").slugs("στέγαση -λάρισας") == ["p1"]


def test_or(filled: Fill) -> None:
    library = filled("Μουσείο", "Αρχαιολογία", "Πλυντήριο")
    assert sorted(library.slugs("μουσείο OR αρχαιολογία")) == ["p1", "p2"]


def test_hyphenated_words_are_found_whole_and_in_parts(filled: Fill) -> None:
    library = filled({"title_en": "Co-design with migrants"}, {"title_en": "Codesign"}, "Άλλο")
    assert set(library.slugs("codesign", language="en")) == {"p1", "p2"}
    assert library.slugs("co-design", language="en")[0] in {"p1", "p2"}
    assert "p1" in library.slugs("design", language="en")


def test_an_acronym_in_capitals_is_not_a_stem(filled: Fill) -> None:
    library = filled({"body_el": "Η ΔΟΜ συμμετέχει"}, {"body_el": "Οι δομές φιλοξενίας"})
    assert library.slugs("ΔΟΜ")[0] == "p1"
    assert library.search("ΔΟΜ").hits[0].score > 0


def test_an_acronym_finds_the_name_that_it_stands_for(filled: Fill) -> None:
    library = filled({"body_el": "Με το Ελληνικό Ανοικτό Πανεπιστήμιο"}, {"body_el": "Άλλο"})
    assert library.slugs("ΕΑΠ") == ["p1"]
    assert library.slugs("Ε.Α.Π.") == ["p1"]


def test_an_unfinished_last_word_finds(filled: Fill) -> None:
    assert filled("Κοινωνικές μισθώσεις", "Άλλο").slugs("κοινωνικές μισθ") == ["p1"]


def test_a_slip_is_corrected_and_said(filled: Fill) -> None:
    results = filled({"title_en": "Landlords and tenants"}).search("landlrods", language="en")
    assert results.corrections == {"landlrods": "Landlords"}
    assert "corrected" in results.notes


def test_the_wrong_keyboard_layout(filled: Fill) -> None:
    library = filled({"title_en": "Cheese dairy"}, "Τυροκομείο")
    assert "p1" in library.slugs("ψηεεσε", language="en")


def test_a_known_word_is_not_corrected(filled: Fill) -> None:
    assert filled("Στέγαση", "Στέγη").search("στέγη").corrections == {}


def test_what_was_withdrawn_is_neither_found_nor_suggested_nor_corrected_to(filled: Fill) -> None:
    library = filled("Απόρρητο", *["Στέγαση"] * 5)
    library.store.remove(1)
    assert not library.sync().full
    assert library.slugs("απόρρητο") == []
    assert library.search("απόριτο").corrections == {}
    assert library.search("απόρητο").total == 0
    assert library.index.suggest(library.store.connection, "απορρ", "el") == []


def test_highlights_in_title_and_passage(filled: Fill) -> None:
    body = " ".join(["λόγια"] * 200) + " μια δομή για τη στέγαση προσφύγων. " + "τέλος " * 100
    library = filled({"title_el": "Στέγασης πρόγραμμα", "body_el": body})
    (hit,) = library.search("ΣΤΕΓΑΣΗ ΠΡΟΣΦΥΓΩΝ").hits
    assert marked(hit.title) == ["Στέγασης"]
    assert marked(hit.passage) == ["στέγαση", "προσφύγων"]
    assert shown(hit.passage).startswith("…")
    assert len(shown(hit.passage)) < 400


def test_a_passage_is_sentences_rather_than_a_list_of_sources(filled: Fill) -> None:
    sentence = "Ο δήμος βρίσκει στέγαση σε διαμερίσματα " + "και βοηθά όσους έρχονται " * 10
    sources = "\n\n".join(["Στέγαση – ESTIA", "Η στέγαση στην Αθήνα", "Στέγαση · Έκθεση"] * 9)
    body = f"{'Λόγια. ' * 50}\n\n{sentence}\n\n{sources}"
    (hit,) = filled({"title_el": "Πρόγραμμα", "body_el": body}).search("στέγαση").hits
    assert shown(hit.passage).startswith("…Ο δήμος βρίσκει στέγαση")
    assert marked(hit.passage) == ["στέγαση"]


def test_every_fragment_joins_to_the_whole_title(filled: Fill) -> None:
    title = "  «Στέγαση» & <b>στέγη</b> (στεγάζω)…"
    (hit,) = filled(title).search("στέγαση").hits
    assert shown(hit.title) == title


def test_title_in_the_other_language_where_the_readers_is_missing(filled: Fill) -> None:
    (hit,) = filled({"title_en": "Housing"}).search("housing", language="el").hits
    assert shown(hit.title) == "Housing"


def test_no_words_list_everything_newest_or_by_title(filled: Fill) -> None:
    library = filled(
        {"title_el": "Ωμέγα", "sort": {"published": "2026-01-02", "start": "2010"}},
        {"title_el": "«Άλφα»", "sort": {"published": "2026-01-01", "start": "2020"}},
        {"title_el": "βήτα", "sort": {"published": "2026-01-03"}},
    )
    assert library.slugs("", sort="newest") == ["p3", "p1", "p2"]
    assert library.slugs("", sort="title") == ["p2", "p3", "p1"]
    assert library.slugs("", sort="start") == ["p2", "p1", "p3"]
    assert library.search("").total == 3


def test_pages_follow_one_another(filled: Fill) -> None:
    library = filled(*[f"Στέγαση {n}" for n in range(30)])
    everything = library.slugs("στέγαση", limit=30)
    paged = [
        s for first in range(0, 30, 7) for s in library.slugs("στέγαση", offset=first, limit=7)
    ]
    assert paged == everything
    assert library.slugs("στέγαση", offset=1000) == []
    assert library.search("στέγαση", limit=0).hits == []


FACETED: list[dict[str, Any]] = [
    {"title_el": "Στέγαση", "facets": {"area": ["housing", "work"], "city": ["athens"]}},
    {"title_el": "Στέγαση", "facets": {"area": ["housing"], "city": ["tilos"]}},
    {"title_el": "Εργασία", "facets": {"area": ["work"], "city": ["athens"]}},
]


def test_facets_count_what_was_found(filled: Fill) -> None:
    results = filled(*FACETED).search("στέγαση")
    assert results.facets == {"area": {"housing": 2, "work": 1}, "city": {"athens": 1, "tilos": 1}}


def test_a_choice_narrows_and_its_own_facet_counts_sideways(filled: Fill) -> None:
    results = filled(*FACETED).search("", filters={"city": ["athens"]})
    assert results.total == 2
    assert results.facets["city"] == {"athens": 2, "tilos": 1}
    assert results.facets["area"] == {"housing": 1, "work": 2}


def test_codes_of_a_facet_are_alternatives_and_facets_are_not(filled: Fill) -> None:
    library = filled(*FACETED)
    assert library.search("", filters={"city": ["athens", "tilos"]}).total == 3
    assert library.search("", filters={"city": ["athens"], "area": ["housing"]}).total == 1
    assert library.search("", filters={"city": ["nowhere"]}).total == 0
    assert library.search("", filters={"unknown": ["x"]}).total == 3


def test_what_to_drop_where_a_choice_leaves_nothing(filled: Fill) -> None:
    results = filled(*FACETED).search("στέγαση εργασία", filters={"city": ["tilos"]})
    assert results.total in (0, 1)
    assert filled(*FACETED).search("εργασία", filters={"city": ["tilos"]}).drop == []


def test_similar_documents_share_words_and_codes(filled: Fill) -> None:
    library = filled(
        {"title_el": "Στέγαση προσφύγων σε διαμερίσματα", "facets": {"area": ["housing"]}},
        {"title_el": "Διαμερίσματα για στέγαση", "facets": {"area": ["housing"]}},
        {"title_el": "Κοινωνικό πλυντήριο", "facets": {"area": ["health"]}},
    )
    similar = library.index.similar(library.store.connection, 1)
    assert [hit.slug for hit in similar] == ["p2"]
    assert library.index.similar(library.store.connection, 99) == []


def test_suggestions_are_titles_and_words(filled: Fill) -> None:
    library = filled("Στέγαση προσφύγων", {"title_el": "Άλλο", "body_el": "μια στέγη"})
    for typed in ("στεγ", "ΣΤΕΓ", "steg"):
        found = library.index.suggest(library.store.connection, typed, "el")
        assert [s.text for s in found if s.kind == "practice"] == ["Στέγαση προσφύγων"]
        assert {s.text for s in found if s.kind == "term"} == {"Στέγαση", "στέγη"}
    found = library.index.suggest(library.store.connection, "στέγαση προ", "el")
    assert [s.value for s in found] == ["p1"]
