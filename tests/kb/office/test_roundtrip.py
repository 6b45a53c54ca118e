"""A whole practice as a document and back: whatever it holds, export and import give the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

import inspector
from inspector import word
from kb.db import get_db
from kb.office import actions, roundtrip
from kb.office.document import Subject
from kb.practices import records
from kb.practices.actions import known_codes
from kb.practices.validation import check_shape
from tests.kb.office.cases import FULL
from tests.kb.practices.cases import CARD

SAVED = Path(__file__).parent / "saved"
LINE = st.text(alphabet="αβγΆ abc.,:;!?*_<>&#|☒x1()\u2028", max_size=30)
PROSE = st.text(alphabet="αβγ ab.*_-#>1\n", max_size=60)


def both(texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={"el": texts, "en": texts})


NUMBER = st.integers(-(10**9), 10**9) | st.decimals(-(10**6), 10**6, places=3).map(float)
CONTENTS = st.fixed_dictionaries(
    {"municipality": st.just("athens")},
    optional={
        "title": both(LINE),
        "summary": both(LINE),
        "how_it_works": both(PROSE),
        "lessons": both(PROSE),
        "areas": st.permutations(["housing", "health", "data", "reception"]).map(lambda c: c[:3]),
        "target_groups": st.lists(st.sampled_from(["women", "all", "teachers"]), unique=True),
        "stage": st.sampled_from(["idea", "running"]),
        "start": st.sampled_from(["2019", "2021-09"]),
        "regular_service": st.booleans(),
        "other_municipalities": st.permutations(["chania", "tilos"]),
        "origin_language": st.sampled_from(["el", "en"]),
        "indicators": st.lists(
            st.fixed_dictionaries({"name": both(LINE), "value": NUMBER, "unit": both(LINE)}),
            max_size=2,
        ),
        "partners": st.lists(
            st.fixed_dictionaries({"name": both(LINE), "type": st.just("ngo")}), max_size=2
        ),
        "contact": st.fixed_dictionaries(
            {"service": both(LINE), "mailbox": st.just("a@example.gr"),
             "visibility": st.sampled_from(["public", "network"])}
        ),
    },
)  # fmt: skip


@pytest.fixture(params=["el", "en"])
def language(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """A request in each language."""
    with app.test_request_context(f"/{request.param}/my-practices"):
        app.preprocess_request()
        yield request.param


def subject(content: dict[str, Any]) -> Subject:
    return Subject(content, content.get("municipality"), 7, "Δοκιμή")


def returned(db: Database, content: dict[str, Any]) -> roundtrip.Reading:
    """What the practice's own document says."""
    names, known = actions.names(db), known_codes(db)
    made = roundtrip.made_for(subject(content), names, known)
    return roundtrip.read_back(made, subject(content), names, known)


def test_full_practice_comes_back_to_the_letter(db: Database, language: str) -> None:
    reading = returned(db, FULL)
    assert {**reading.content, "municipality": "athens"} == FULL
    assert reading.rest == []
    assert reading.problems == []


def test_some_practices_of_the_demo_library_comes_back(db: Database) -> None:
    with (Path(records.__file__).parent / "demo" / "practices.jsonl").open("rb") as lines:
        found = list(records.read(lines, known_codes(db)))[::12]
    for each in found:
        assert isinstance(each, records.Record)
        reading = returned(db, dict(each.content))
        town = each.content["municipality"]
        assert {**reading.content, "municipality": town} == each.content


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CONTENTS)
def test_what_was_generated_comes_back_and_is_no_change(
    app: Flask, content: dict[str, Any]
) -> None:
    with app.test_request_context("/el/my-practices"):
        app.preprocess_request()
        db = get_db()
        content, problems = check_shape(content, known_codes(db))
        assert not problems
        reading = returned(db, content)
        assert not reading.rest
        assert not reading.problems
        names, known = actions.names(db), known_codes(db)
        comparison = roundtrip.compare(reading, subject(content), names, known)
        assert (comparison.taken, comparison.conflicts) == ((), ())
        assert comparison.content == content
        for code, value in content.items():
            if code not in ("title", "summary", "how_it_works", "lessons", "municipality"):
                assert _spaced(reading.content.get(code)) == _spaced(value), code


def _spaced(value: Any) -> Any:
    """The value, but for spaces at the edges of its texts and texts of nothing else."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {k: v for k, v in ((k, _spaced(v)) for k, v in value.items()) if v not in ("", {})}
    return [_spaced(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["libreoffice.docx", "libreoffice-en.docx"])
def test_document_that_libreoffice_saved_is_read_whole(
    db: Database, language: str, name: str
) -> None:
    """LibreOffice 7.4 drops the controls' tags; it keeps bookmarks, styles and properties."""
    found = word.from_plain(inspector.read(SAVED / name, "docx"))
    assert not any(getattr(block, "slot", "") for block in found.blocks)
    names, known = actions.names(db), known_codes(db)
    reading = roundtrip.read(found, subject(FULL), names, known)
    assert reading.rest == []
    assert {**reading.content, "municipality": "athens"} == FULL
    comparison = roundtrip.compare(reading, subject(FULL), names, known)
    assert comparison.taken == ()
    changed = {**FULL, "title": CARD["summary"]}
    assert roundtrip.compare(reading, subject(changed), names, known).taken == ()
