"""Which word a misspelt one is read as, and how that word is written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.indexer.conftest import Library

Fill = Callable[..., Library]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ενσομάτωση", "ενσωμάτωση"),
        ("ΕΝΣΟΜΑΤΟΣΗ", "ενσωμάτωση"),
        ("στεγασι", "στέγαση"),  # whose stem is known all the same
        ("εργασεια", "εργασία"),  # not "ergasia", which sounds so, too
        ("εντακση", "ένταξη"),  # not "εντάξει", which is further away
        ("acommodation", "accommodation"),
    ],
)
def test_a_word_that_only_sounds_right_is_corrected(filled: Fill, typed: str, meant: str) -> None:
    library = filled(
        "Η ενσωμάτωση και η ένταξη με εντάξει εργασία: ergasia",
        "Τους στεγάζει δωρεάν στέγαση, free accommodation",
    )
    results = library.search(typed)
    assert results.corrections == {typed: meant}
    assert results.total


def test_another_form_of_a_known_word_is_no_slip(filled: Fill) -> None:
    library = filled("Το σχέδιο της ένταξης")
    results = library.search("εντάξεις")  # sounds like ένταξης, and is the plural
    assert (results.total, results.corrections) == (1, {})
