"""What differs between two revisions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.cli import DEMO
from kb.moderation.changes import Change, Names, compare
from kb.moderation.texts import Piece, entries, words
from kb.municipalities import store as municipalities
from kb.practices import records
from kb.practices.model import Content
from kb.practices.validation import Known
from kb.vocabularies.store import all_vocabularies
from tests.moderation.conftest import CARD

TEXT = st.text(alphabet="αβ .\n\tΆς,", max_size=60) | st.text(max_size=60)
LIST = st.lists(st.sampled_from("αβγδ"), max_size=8)


@pytest.fixture
def names(db: Database) -> Names:
    return Names(all_vocabularies(db), municipalities.by_code(db), "en")


def before(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.mark != "added"]


def after(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.mark != "removed"]


@given(old=TEXT, new=TEXT)
def test_comparison_of_texts_gives_back_both(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(before(pieces)) == old
    assert "".join(after(pieces)) == new
    assert all(piece.text for piece in pieces)


@given(old=LIST, new=LIST)
def test_comparison_of_lists_gives_back_both(old: list[str], new: list[str]) -> None:
    pieces = entries(old, new)
    assert before(pieces) == old
    assert after(pieces) == new


@given(text=TEXT)
def test_equal_texts_have_no_difference(text: str) -> None:
    assert all(piece.mark == "same" for piece in words(text, text))


def test_long_texts_are_compared_by_lines() -> None:
    lines = [f"η γραμμή {number}\n" for number in range(300)]
    changed = [*lines[:200], "άλλη μία\n", *lines[201:]]
    pieces = words("".join(lines), "".join(changed))
    assert [piece for piece in pieces if piece.mark != "same"] == [
        Piece("removed", "η γραμμή 200"),
        Piece("added", "άλλη μία"),
    ]


def test_endless_texts_are_compared_as_a_whole() -> None:
    old, new = "α\n- - " * 4_000, "β\n- - " * 4_000
    assert words(old, new) == (Piece("removed", old), Piece("added", new))


def test_changed_word_stands_between_what_stayed() -> None:
    assert words("Κάθε Τρίτη, με ραντεβού.", "Κάθε Πέμπτη, με ραντεβού.") == (
        Piece("same", "Κάθε "),
        Piece("removed", "Τρίτη"),
        Piece("added", "Πέμπτη"),
        Piece("same", ", με ραντεβού."),
    )


def test_sentence_that_goes_on_keeps_its_full_stop() -> None:
    assert words("Στο κέντρο. Κάθε μέρα.", "Στο κέντρο, με διερμηνέα. Κάθε μέρα.") == (
        Piece("same", "Στο κέντρο"),
        Piece("added", ", με διερμηνέα"),
        Piece("same", ". Κάθε μέρα."),
    )


def test_text_written_anew_is_not_cut_to_pieces() -> None:
    old = "Η υπηρεσία λειτουργεί στο κέντρο της πόλης και δέχεται χωρίς ραντεβού."
    new = "Από το 2024 δύο διερμηνείς επισκέπτονται τα σχολεία κάθε Δευτέρα και Τρίτη."
    assert words(old, new) == (
        Piece("removed", old[:-1]),
        Piece("added", new[:-1]),
        Piece("same", "."),
    )


def test_equal_revisions_have_no_change(names: Names) -> None:
    assert compare(CARD, dict(CARD), names) == []


def test_text_is_compared_in_each_language_that_changed(names: Names) -> None:
    text = {"el": CARD["title"]["el"], "en": "Interpreters in schools"}
    (change,) = compare(CARD, {**CARD, "title": text}, names)
    assert [part.language for part in change.parts] == ["en"]


def test_translation_that_was_added_shows_as_added(names: Names) -> None:
    only_greek = {**CARD, "summary": {"el": CARD["summary"]["el"]}}
    (change,) = compare(only_greek, CARD, names)
    assert marks(change) == [("added", "Interpreters in ten centres.")]


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("stage", "running", "completed", [("removed", "In progress"), ("added", "Completed")]),
        (
            "areas",
            ["health", "housing"],
            ["housing"],
            [("removed", "Health"), ("same", "Housing")],
        ),
        ("municipality", "athens", "larissa", [("removed", "Athens"), ("added", "Larissa")]),
        ("other_municipalities", None, ["larissa"], [("added", "Larissa")]),
        ("end", None, "2024-05", [("added", "2024-05")]),
        ("regular_service", None, True, [("added", "Yes")]),
        (
            "place",
            {"el": "Ουτρέχτη", "en": "Utrecht", "country": "NL"},
            None,
            [("removed", "Ουτρέχτη / Utrecht, NL")],
        ),
        (
            "indicators",
            [{"name": {"el": "Μαθητές"}, "value": 12, "unit": {"el": "άτομα"}}],
            [{"name": {"el": "Μαθητές"}, "value": 30, "unit": {"el": "άτομα"}, "period": "2024"}],
            [("removed", "Μαθητές · 12 · άτομα"), ("added", "Μαθητές · 30 · άτομα · 2024")],
        ),
        (
            "partners",
            None,
            [{"name": {"en": "UNHCR"}, "type": "un"}],
            [("added", "UNHCR · UN agency")],
        ),
        (
            "links",
            [{"title": "Α", "url": "https://a.example"}],
            [{"title": "Α", "url": "https://b.example"}],
            [("removed", "Α · https://a.example"), ("added", "Α · https://b.example")],
        ),
        (
            "contact",
            {"service": {"el": "Ένταξη"}, "visibility": "public"},
            {"service": {"el": "Ένταξη"}, "mailbox": "a@b.gr", "visibility": "network"},
            [
                ("same", "Ένταξη"),
                ("removed", "Shown to everybody"),
                ("added", "a@b.gr"),
                ("added", "Shown to members of the network only"),
            ],
        ),
        ("origin_language", "el", "en", [("removed", "Ελληνικά"), ("added", "English")]),
        ("stage", "gone", "running", [("removed", "gone"), ("added", "In progress")]),
    ],
)
def test_values_are_compared_by_what_they_are_called(
    names: Names, field: str, old: object, new: object, expected: list[tuple[str, str]]
) -> None:
    (change,) = compare(content(field, old), content(field, new), names)
    assert change.field.code == field
    assert marks(change) == expected


def test_another_main_area_is_a_change(names: Names) -> None:
    swapped = compare({"areas": ["health", "housing"]}, {"areas": ["housing", "health"]}, names)
    assert {mark for mark, _ in marks(swapped[0])} == {"added", "removed", "same"}


def test_every_field_of_real_practices_can_be_compared(names: Names) -> None:
    known = Known(names.vocabularies, names.municipalities)
    with DEMO.open("rb") as lines:
        contents = [record.content for record in records.read(lines, known)]  # type: ignore[union-attr]
    for old, new in pairwise(contents):
        for change in compare(old, new, names):
            assert change.parts
            assert all(part.pieces for part in change.parts)


def content(field: str, value: object) -> Content:
    return {} if value is None else {field: value}


def marks(change: Change) -> list[tuple[str, str]]:
    return [(piece.mark, piece.text) for part in change.parts for piece in part.pieces]
