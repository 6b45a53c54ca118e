"""What the text typed so far may become."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.language import tokens
from indexer.suggest import MOST_TITLES, MOST_TYPED
from kb.practices import records
from tests.indexer.conftest import Library

Fill = Callable[..., Library]
DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"
SHORTEST = 3  # letters


def titles(library: Library, typed: str, language: str = "el") -> list[str]:
    found = library.index.suggest(library.store.connection, typed, language)
    return [each.text for each in found if each.kind == "practice"]


def words(library: Library, typed: str, language: str = "el") -> list[str]:
    found = library.index.suggest(library.store.connection, typed, language)
    return [each.text for each in found if each.kind == "term"]


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def cuts(title: str) -> Iterator[str]:
    """Every beginning of a title, in turn as it stands, without accents and in capitals."""
    for end in range(1, min(len(title), MOST_TYPED) + 1):
        if sum(map(str.isalnum, title[:end])) >= SHORTEST:
            typed = title[:end]
            yield [typed, bare(typed), bare(typed).upper()][end % 3]


def begins(title: str, typed: str) -> bool:
    letters = ["".join(token.term for token in tokens(text)) for text in (title, typed)]
    return letters[0].startswith(letters[1])


@pytest.mark.parametrize("language", ["el", "en"])
def test_every_beginning_of_a_title_suggests_it(filled: Fill, language: str) -> None:
    practices = map(json.loads, DEMO.read_text("utf-8").splitlines())
    part = f"title_{language}"
    known = [each["title"][language] for each in practices if language in each["title"]]
    library = filled(*({part: title} for title in known))
    missed = [
        typed
        for title in known
        for typed in cuts(title)
        if title not in titles(library, typed, language)
        and sum(begins(other, typed) for other in known) <= MOST_TITLES
    ]
    assert missed == []
    assert len(known) > 50


def test_a_title_that_begins_as_typed_stands_before_one_that_has_the_words(filled: Fill) -> None:
    complete = {"sort": {"completeness": 100}}
    library = filled(
        {"title_el": "Γλώσσα και στέγη", **complete},
        {"title_el": "Μια στέγη και γλώσσα", **complete},
        "Στέγη και γλώσσα",
    )
    assert titles(library, "στέγη και γ") == [
        "Στέγη και γλώσσα",
        "Μια στέγη και γλώσσα",
        "Γλώσσα και στέγη",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "στέγαση πρόσφυγες",  # other forms
        "πρόσφυγες στέγα",  # in another order
        "stegasi prosf",  # by ear, in Latin letters
        "στέγασι προσφίγ",  # by ear
        "προσφ*",
    ],
)
def test_a_title_is_suggested_for_what_means_its_words(filled: Fill, typed: str) -> None:
    library = filled("Στέγαση προσφύγων σε διαμερίσματα", "Εργασία για όλους")
    assert titles(library, typed) == ["Στέγαση προσφύγων σε διαμερίσματα"]


def test_a_title_in_the_other_language_is_suggested_where_it_is_the_only_one(filled: Fill) -> None:
    library = filled({"title_en": "Flats for all"}, {"title_el": "Σπίτια", "title_en": "Flats"})
    assert titles(library, "flats", "el") == ["Flats for all"]
    assert titles(library, "flats", "en") == ["Flats for all", "Flats"]


def test_words_are_suggested_as_they_are_written_most_often(filled: Fill) -> None:
    library = filled(
        {"body_el": "Η Διερμηνεία. διερμηνεια στη διερμηνεία. ΔΙΕΡΜΗΝΕΙΑ"},
        {"body_el": "Στην Αθήνα, και η Αθήνα. ΑΘΗΝΑ 2020"},
        {"body_el": "το ΚΕΜ των Αθηνών, ένα ΚΕΜ"},
        {"body_el": "όλους τους πρόσφυγες. προσφυγες"},
        {"keywords_el": "Μαθητείας"},
    )
    assert words(library, "διερμ") == ["διερμηνεία"]
    assert words(library, "αθη") == ["Αθήνα"]  # of which Αθηνών is a form
    assert words(library, "κεμ") == ["ΚΕΜ"]
    assert words(library, "προσφ") == ["πρόσφυγες"]
    assert words(library, "μαθητ") == ["Μαθητείας"]


def test_the_most_frequent_words_are_suggested_not_the_shortest(filled: Fill) -> None:
    rare = " ".join(f"δια{a}{b}" for a in "αβγδεζηθ" for b in "κλμνξπρ")
    library = filled({"body_el": rare}, *({"body_el": "διαμερίσματα για όλους"} for _ in range(3)))
    assert words(library, "δια")[0] == "διαμερίσματα"
    assert words(library, "γι") == []  # nobody looks for "για"


def test_a_withdrawn_title_is_not_suggested(filled: Fill) -> None:
    library = filled("Απόρρητο σχέδιο", "Σχέδιο για όλους")
    library.store.remove(1)
    library.sync()
    assert titles(library, "σχέδ") == ["Σχέδιο για όλους"]
    assert titles(library, "απορρ") == words(library, "απορρ") == []
