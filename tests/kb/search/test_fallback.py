"""The search without an index finds what the index finds."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from indexer import Query, Results
from indexer.language import fold, stop_words
from kb.db import FILENAME, connect
from kb.practices import records
from kb.search import fallback, store
from kb.search.syncing import Indexes

DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"
ROWS = """
SELECT id, title_el, title_en, summary_el, summary_en, body_el, body_en FROM public_document
"""
WORDS = sorted(
    {
        word
        for word in re.findall(r"[^\W\d_]{4,20}", DEMO.read_text("utf-8"))
        if fold(word) not in stop_words()
    }
)


@dataclass
class Demo:
    """Real practices in both languages: the store, its index, and the words of each practice."""

    db: Database
    indexes: Indexes
    words: dict[int, set[str]]

    def indexed(self, query: Query) -> Results:
        return self.indexes.public.search(self.db.conn, query)


@pytest.fixture(scope="module")
def demo(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(template, folder / FILENAME)
    db = connect(folder / FILENAME)
    with DEMO.open("rb") as lines:
        assert not records.import_lines(db, lines, publish=True).bad
    both = Indexes(folder)
    both.sync()
    yield Demo(db, both, {row["id"]: words(row) for row in db.execute(ROWS)})
    db.close()


def words(row: sqlite3.Row) -> set[str]:
    return {fold(word) for cell in tuple(row)[1:] for word in re.findall(r"[^\W\d_]+", cell)}


def found(results: Results) -> set[int]:
    return {hit.id for hit in results.hits}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(word=st.sampled_from(WORDS), capital=st.booleans())
@example(word="Στέγαση", capital=True)
@example(word="ΑΘΗΝΑ", capital=False)
def test_a_plain_word_is_found_wherever_it_stands(demo: Demo, word: str, capital: bool) -> None:
    """Whatever practice holds the word itself, both find; case and accents aside."""
    asked = Query(word.upper() if capital else word, limit=1000)
    holding = {number for number, has in demo.words.items() if fold(word) in has}
    assert holding <= found(fallback.search(demo.db, asked))
    assert holding <= found(demo.indexed(asked))


@pytest.mark.parametrize("sort", ["newest", "start", "title"])
@pytest.mark.parametrize(
    "filters", [{}, {"area": ["housing", "health"]}, {"municipality": ["athens"], "year": ["2019"]}]
)
def test_without_words_both_answer_alike(
    demo: Demo, sort: str, filters: dict[str, list[str]]
) -> None:
    asked = Query("", filters=filters, sort=sort, limit=100)
    plain, indexed = fallback.search(demo.db, asked), demo.indexed(asked)
    assert plain.total == indexed.total
    assert found(plain) == found(indexed)
    assert plain.facets == {name: counts for name, counts in indexed.facets.items() if counts}


def test_a_word_of_stars_and_brackets_is_only_text(demo: Demo) -> None:
    for text in ("*", "?", "%", "_"):
        assert fallback.search(demo.db, Query(text)).total == len(demo.words)
    for text, plain in (("[a-z]", "a z"), ("'; DROP TABLE practice; --", "DROP TABLE practice")):
        hits = found(fallback.search(demo.db, Query(text)))
        assert hits == found(fallback.search(demo.db, Query(plain)))
    assert demo.db.execute("SELECT count(*) FROM practice").fetchone()[0] == len(demo.words)


def test_forms_of_a_letter(tmp_path: Path) -> None:
    db = connect(tmp_path / "x")
    for text, word in (("ΆΝΘΡΩΠΟΣ", "ανθρωποσ"), ("άνθρωπος", "ανθρωποσ"), ("Ϊσως", "ισωσ")):
        sql = "SELECT ? GLOB ?"
        assert db.execute(sql, (text, store._pattern(word))).fetchone()[0] == 1
    db.close()
