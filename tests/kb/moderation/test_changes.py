"""What differs between two revisions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from flask_babel import force_locale
from sqlite_utils import Database

from kb.cli import DEMO
from kb.moderation.changes import ENTRIES, Change, Names, compare
from kb.municipalities import store as municipalities
from kb.practices import records
from kb.practices.model import Content
from kb.practices.problems import Known
from kb.practices.template import Kind
from kb.vocabularies.store import all_vocabularies
from tests.kb.moderation.conftest import CARD


@pytest.fixture
def names(db: Database) -> Iterator[Names]:
    with force_locale("en"):
        yield Names(all_vocabularies(db), municipalities.by_code(db), "en")


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
        (
            "attachments",
            [{"file": "a" * 64, "name": "a.pdf", "title": {"el": "Έντυπο"}, "kind": "form"}],
            [{"file": "b" * 64, "name": "a.pdf", "title": {"el": "Έντυπο"}, "kind": "form"}],
            [
                ("removed", "Έντυπο · a.pdf · Form (aaaaaaaa)"),
                ("added", "Έντυπο · a.pdf · Form (bbbbbbbb)"),
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


def test_every_kind_of_field_can_be_compared() -> None:
    assert set(ENTRIES) == set(Kind) - {Kind.LINE, Kind.PROSE}


def test_another_main_area_is_a_change(names: Names) -> None:
    swapped = compare({"areas": ["health", "housing"]}, {"areas": ["housing", "health"]}, names)
    assert {mark for mark, _ in marks(swapped[0])} == {"added", "removed", "same"}


def test_every_field_of_real_practices_can_be_compared(names: Names) -> None:
    known = Known(names.vocabularies, names.municipalities)
    with DEMO.open("rb") as lines:
        contents = [record.content for record in records.read(lines, known)]  # type: ignore[union-attr]
    for old, new in pairwise(contents):
        changes = compare(old, new, names)
        assert changes
        for change in changes:
            assert change.parts
            assert all(part.pieces for part in change.parts)


def content(field: str, value: object) -> Content:
    return {} if value is None else {field: value}


def marks(change: Change) -> list[tuple[str, str]]:
    return [(piece.mark, piece.text) for part in change.parts for piece in part.pieces]
