"""What the template lets through, and what it says about the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from kb.practices import actions
from kb.practices.actions import SUBMISSION
from kb.practices.completion import check_complete
from kb.practices.model import dump
from kb.practices.problems import Known
from kb.practices.template import BY_CODE, FIELDS
from kb.practices.validation import check_rows, check_shape
from tests.kb.practices.cases import CARD, changed


@pytest.fixture
def known(db: Database) -> Known:
    return actions.known_codes(db)


def test_the_card_is_enough_to_submit(known: Known) -> None:
    content, problems = check_shape(CARD, known)
    assert (content, problems) == (CARD, [])
    assert check_complete(content, SUBMISSION) == []


@pytest.mark.parametrize("field", [field for field in FIELDS if field.code in CARD])
def test_each_field_of_the_card_is_asked_for(known: Known, field: Any) -> None:
    content, _ = check_shape(changed(**{field.code: None}), known)
    assert {problem.field for problem in check_complete(content, SUBMISSION)} == {field.code}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "no languages"),
        ("title", {"fr": "Titre"}),
        ("title", {"el": 7}),
        ("title", {"el": "two\nlines"}),
        ("title", {"el": "\x00"}),
        ("title", {"el": "\ud800"}),
        ("how_it_works", {"el": "α" * 20_001}),
        ("areas", "education"),
        ("areas", ["no-such-area"]),
        ("areas", ["education", "language", "health", "housing", "digital"]),
        ("areas", [["education"]]),
        ("stage", "flying"),
        ("stage", {"code": "running"}),
        ("municipality", "atlantis"),
        ("other_municipalities", ["atlantis"]),
        ("start", "2019-13"),
        ("start", "last year"),
        ("start", 2019),
        ("place", {"en": "Utrecht"}),
        ("place", {"en": "Utrecht", "country": "Netherlands"}),
        ("regular_service", "perhaps"),
        ("indicators", [{"name": {"el": "Α"}, "value": float("nan"), "unit": {"el": "α"}}]),
        ("indicators", [{"name": {"el": "Α"}, "value": True, "unit": {"el": "α"}}]),
        ("indicators", [{"name": {"el": "Α"}, "value": 1, "unit": {"el": "α"}, "period": "then"}]),
        ("indicators", ["ten"]),
        ("partners", [{"name": {"el": "Α"}, "type": "spy"}]),
        ("links", [{"title": "Run me", "url": "javascript:alert(1)"}]),
        ("links", [{"title": "Local", "url": "/somewhere"}]),
        ("links", [{"title": "One", "url": "https://example.gr", "more": 1}]),
        ("contact", {"service": {"el": "Τμήμα"}, "mailbox": "nobody"}),
        ("contact", {"service": {"el": "Τμήμα"}, "mailbox": "a@b.gr\nBcc: all@b.gr"}),
        ("contact", {"name": "Μαρία"}),
        ("no_such_field", 1),
    ],
)
def test_a_wrong_shape_is_named_and_left_out(known: Known, field: str, value: object) -> None:
    content, problems = check_shape(changed(**{field: value}), known)
    assert [problem.field for problem in problems] == [field]
    assert field not in content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", {"el": "α" * 111}),
        ("summary", {"en": "a" * 281}),
        ("how_it_works", {"el": "λέξη " * 251}),
        ("end", "2020"),
        ("indicators", [{"name": {"el": "Άτομα"}, "unit": {"el": "άτομα"}}]),
        ("partners", [{"name": {"en": "UNHCR"}}, {"type": "un"}]),
        ("links", [{"url": "https://example.gr"}]),
        ("contact", {"service": {"el": "Τμήμα"}, "visibility": "public"}),
        ("contact", {"mailbox": "a@example.gr", "visibility": "public"}),
    ],
)
def test_a_draft_may_be_what_a_submission_may_not(known: Known, field: str, value: object) -> None:
    content, problems = check_shape(changed(**{field: value}), known)
    assert (problems, content[field]) == ([], value)
    assert {problem.field for problem in check_complete(content, SUBMISSION)} >= {field}


def test_a_case_from_elsewhere_says_where(known: Known) -> None:
    content, _ = check_shape(changed(municipality="other"), known)
    assert [problem.field for problem in check_complete(content, SUBMISSION)] == ["place"]


def test_a_term_may_be_named_by_its_notation(known: Known) -> None:
    content, problems = check_shape(changed(cost_band=">500k", setup_time="1-3"), known)
    assert problems == []
    assert (content["cost_band"], content["setup_time"]) == ("over-500k", "1-3-months")


@given(
    raw=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    field=st.sampled_from([field.code for field in FIELDS]),
)
def test_any_value_is_either_kept_for_good_or_named(
    known_codes: Known, field: str, raw: object
) -> None:
    content, problems = check_shape({field: raw}, known_codes)
    assert not (content and problems)
    again, none = check_shape(content, known_codes)
    assert (dump(again), none) == (dump(content), [])


@pytest.fixture(scope="module")
def known_codes(template: Any) -> Known:
    from kb.db import connect

    return actions.known_codes(connect(template))


def test_a_cell_that_is_wrong_in_one_language_is_kept_in_the_other(known: Known) -> None:
    name = {"el": "Σύλλογος", "en": "x" * 301}
    rows, problems = check_rows(BY_CODE["partners"], [{"name": name, "type": "ngo"}], known)
    assert rows == [{"name": {"el": "Σύλλογος"}, "type": "ngo"}]
    assert [problem.part for problem in problems] == ["0_name_en"]
    wrong = {"name": {"el": "\0", "en": "\0"}, "type": "no such kind"}
    assert check_rows(BY_CODE["partners"], [wrong], known)[0] == []
