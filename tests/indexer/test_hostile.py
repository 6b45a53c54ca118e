"""Anything at all may be typed: an answer in the normal time, never an error."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile_strings import naughty, scripts
from tests.indexer.conftest import Library

LONGEST = 1.0  # second, on a busy machine; a quiet one takes a few milliseconds

CRAFTED = [
    "α" * 100_000,
    "λέξη " * 20_000,
    '"' * 10_000,
    "*" * 10_000,
    "?*" * 50_000,
    "~" * 10_000,
    "-" * 10_000,
    "(" * 5_000 + ")" * 5_000,
    "[α TO ω]",
    "λέξη~9",
    "a" * 24 + "*",
    "h" * 200,
    "xhyu" * 50,
    "α* " * 60,
    "αβ* βγ* γδ* δε* εζ* ζη*",
    " OR ".join("αβγδε"),
    "OR OR OR",
    "-α -β -γ",
    "year:0..99999999999999999999",
    "year:2021..2019",
    "municipality:" + "x," * 90,
    "municipality:municipality:municipality:",
    "\x00\x01\x02",
    "\ud800\udfff στέγαση",
    "\u202eγνυτς\u202c",
    "\ufeff",
    "\u0301" * 200,
    "ﷺ" * 60,
    "𝕳𝖔𝖚𝖘𝖎𝖓𝖌",
    "١٢٣",
    "%00",
    "'; DROP TABLE change; --",
    "a.b.c.d.e.f.g.h." * 12,
    "1,000,000,000" * 15,
    "-" + '"' + "α" * 100,
    ";a" * 100,
    ";a " * 66,
    "α;θ" * 66,
    "st;egash;" * 22,
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(tmp_path_factory.mktemp("hostile"))
    for key in range(1, 40):
        library.store.put(
            key,
            title_el=f"Στέγαση προσφύγων {key}",
            title_en=f"Housing for refugees {key}",
            body_el="Διαμερίσματα στην πόλη και διερμηνεία για όλους " * 20,
            facets={"municipality": ["athens"], "year": ["2019", "2020"]},
        )
    library.sync()
    return library


def answered(library: Library, typed: str) -> None:
    before = time.perf_counter()
    for language in ("el", "en"):
        results = library.search(typed, language=language)
        assert results.total >= len(results.hits)
        library.index.suggest(library.store.connection, typed, language)
    assert time.perf_counter() - before < 4 * LONGEST


@pytest.mark.parametrize("typed", CRAFTED, ids=range(len(CRAFTED)))
def test_crafted_queries_are_answered(small: Library, typed: str) -> None:
    answered(small, typed)


def test_naughty_strings_are_answered(small: Library) -> None:
    for typed in naughty():
        answered(small, typed)


def test_scripts_are_answered(small: Library) -> None:
    for typed in scripts()[::20]:
        answered(small, typed)


def test_naughty_strings_are_found_as_documents(library: Library) -> None:
    strings = [string for string in naughty() if "\0" not in string]
    for key, typed in enumerate(strings, start=1):
        library.store.put(key, title_el=typed, body_el=typed, keywords_el=typed)
    library.sync()
    assert library.check() == []
    for typed in strings[::10]:
        for hit in library.search(typed).hits:
            assert "".join(text for text, _ in hit.title) == strings[hit.id - 1]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=120))
def test_any_text_is_answered(small: Library, typed: str) -> None:
    answered(small, typed)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(
            ["στέγαση", "housing", "stegash", '"', "-", "OR", "*", ":", "year:2019..2020", " ",
             "«", "»", "στεγ", "municipality:athens", "διερμινια", "~", "(", ")", "α.β.", "2019"]
        ),
        max_size=20,
    ).map("".join)
)  # fmt: skip
def test_any_operators_are_answered(small: Library, typed: str) -> None:
    answered(small, typed)
