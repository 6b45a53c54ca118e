"""Rows of a table as inputs: what is stored comes back from the form that shows it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from kb.practices import rows
from kb.practices.template import BY_CODE

INDICATORS, LINKS = BY_CODE["indicators"], BY_CODE["links"]
WORD = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1)
TEXTS = st.dictionaries(st.sampled_from(["el", "en"]), WORD, min_size=1)
NUMBER = st.integers(-(10**14), 10**14) | st.decimals(-(10**6), 10**6, places=4).map(float)
ROW = st.fixed_dictionaries({"name": TEXTS}, optional={"value": NUMBER, "period": WORD})


def form_of(code: str, cells: list[rows.Cells]) -> MultiDict[str, str]:
    return MultiDict(
        (f"{code}_{number}_{name}", text)
        for number, row in enumerate(cells)
        for name, text in row.items()
    )


def tidy(row: dict[str, Any]) -> dict[str, Any]:
    texts = {
        code: {lang: text for lang, text in value.items() if text} if code != "value" else value
        for code, value in row.items()
        if isinstance(value, dict)
    }
    return {code: value for code, value in {**row, **texts}.items() if value not in ("", None, {})}


@given(stored=st.lists(ROW, max_size=5), language=st.sampled_from(["el", "en"]))
def test_rows_come_back_as_they_were(stored: list[dict[str, Any]], language: str) -> None:
    cells = rows.cells_of(INDICATORS, stored, language)
    typed = rows.typed(INDICATORS, form_of("indicators", cells))
    assert typed == cells
    assert [tidy(row) for row in rows.read(INDICATORS, typed, language)] == stored


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("92", "el", 92), ("1.140", "el", 1140), ("1,140", "en", 1140), ("3,5", "el", 3.5),
        ("3.5", "en", 3.5), ("3.5", "el", 3.5), ("49.170,25", "el", 49170.25), ("-7", "en", -7),
        ("1 140", "en", 1140), ("1.234.567", "el", 1234567), ("0,125", "el", 0.125),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, language: str, number: float) -> None:
    assert rows.number_of(text, language) == number


@pytest.mark.parametrize("text", ["πολλά", "1,2,3", "12%", "1e9", "--1", "nan", "9" * 400])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert rows.number_of(text, "en") == text


def test_empty_and_removed_rows_are_left_out() -> None:
    form = MultiDict(
        {"links_0_title": "A", "links_1_title": " ", "links_2_title": "B", "remove": "links_0"}
    )
    assert rows.typed(LINKS, form) == [{"title": "B"}]


def test_names_that_no_form_has_are_passed_over() -> None:
    many = {f"links_{number}_title": "x" for number in range(5000)}
    form = MultiDict({**many, "links_0_evil": "x", "links_-1_title": "x", "links_a_title": "x"})
    typed = rows.typed(LINKS, form)
    assert len(typed) == rows.MOST
    assert {name for row in typed for name in row} == {"title"}
