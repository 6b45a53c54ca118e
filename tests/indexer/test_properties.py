"""Ranking equals a plain reference, and what syncs leave equals a rebuild from nothing."""

from __future__ import annotations

import math
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import Results, generation
from indexer.corpus import Level
from indexer.document import ROW, invert
from indexer.postings import LAST_POSITION, PARTS, PLACE_SHIFT
from indexer.rank import closeness, earliness
from indexer.weights import (
    ABOUT,
    CLOSE,
    CLOSENESS,
    EARLINESS,
    LEAST_BEST,
    OPENING,
    OTHER_LANGUAGE,
    OTHER_NAMES,
    SATURATION,
)
from indexer.weights import PARTS as PART_WEIGHTS
from tests.indexer.conftest import Library

WORDS = ["στέγαση", "στέγασης", "πρόσφυγας", "προσφύγων", "εργασία", "housing", "refugee", "ΔΟΜ"]
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
documents = st.fixed_dictionaries(
    {
        "title_el": texts, "title_en": texts, "summary_el": texts, "body_el": texts,
        "body_en": texts, "keywords_el": texts,
        "facets": st.fixed_dictionaries({"area": st.lists(st.sampled_from("abc"), unique=True)}),
    }
)  # fmt: skip


def taken_apart(rows: list[dict[str, Any]]) -> dict[int, tuple[dict[str, Counter[int]], list[int]]]:
    """Of each document, how often each term stands in which part, and how long the parts are."""
    inverted = {}
    for row in rows:
        places, document = invert([row.get(name, "") for name in ROW])
        counts = {
            term: Counter(place >> PLACE_SHIFT for place in found) for term, found in places.items()
        }
        inverted[row["id"]] = (counts, document["lengths"])
    return inverted


def is_about(counts: dict[str, Counter[int]], terms: tuple[Any, ...]) -> bool:
    """Whether a document has some terms in its title or summary, or often enough elsewhere."""
    said: Counter[str] = Counter()
    for term in terms:
        for part, count in counts.get(term, {}).items():
            said[PARTS[part][:-3]] += count
    headed = said["title"] or said["summary"]
    return bool(headed) or said["body"] + min(said["keywords"], 1) >= ABOUT


def reference(
    rows: list[dict[str, Any]], levels: list[Level], language: str
) -> tuple[dict[int, float], set[int]]:
    """BM25F as the formula reads, one document at a time; and who surely has the word."""
    inverted = taken_apart(rows)
    averages = []
    for part in range(len(PARTS)):
        having = [lengths[part] for _, lengths in inverted.values() if lengths[part]]
        averages.append(max(sum(having) / len(having), 1.0) if having else 1.0)

    def weighed(terms: tuple[Any, ...], key: int) -> float:
        counts, lengths = inverted[key]
        total = 0.0
        for term in terms:
            for part, count in counts.get(term, {}).items():
                name = PARTS[part]
                weight = PART_WEIGHTS[name[:-3]].weight
                weight *= 1.0 if name.endswith(language) else OTHER_LANGUAGE
                b = PART_WEIGHTS[name[:-3]].length
                total += count * weight / (1 - b + b * lengths[part] / averages[part])
        return total

    sure: set[int] = set()
    best = dict.fromkeys(inverted, 0.0)
    own: tuple[Any, ...] = ()
    widest, scale = math.inf, 0.0
    for level in levels:
        own = own + level.terms if level.own else own
        terms = own if level.own else level.terms
        frequencies = {key: weighed(terms, key) for key in inverted}
        having = sum(1 for frequency in frequencies.values() if frequency)
        if not any(weighed(level.terms, key) for key in inverted):
            continue
        idf = math.log(1 + (len(rows) - having + 0.5) / (having + 0.5))
        if level.own:
            widest = idf
        idf = min(idf, widest)
        scale = scale or max(1.0, LEAST_BEST / level.weight)
        matched = {key for key, frequency in frequencies.items() if frequency}
        if sure and level.name in OTHER_NAMES:
            matched = {key for key in matched if is_about(inverted[key][0], level.terms)}
        sure |= matched
        for key, frequency in frequencies.items():
            score = scale * level.weight * idf * frequency / (SATURATION + frequency)
            best[key] = max(best[key], score)
    return best, sure


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents, min_size=1, max_size=8), st.sampled_from(["el", "en"]), st.data())
def test_array_ranking_equals_the_plain_formula(
    contents: list[dict[str, Any]], language: str, data: st.DataObject
) -> None:
    terms = ["στεγαση", "στεγασησ", "προσφυγασ", "προσφυγων", "εργασια", "housing", "refugee"]
    chosen = data.draw(st.permutations(terms))
    levels = [
        Level(1.0, "exact", (chosen[0],)),
        Level(0.9, "form", (chosen[1], chosen[2])),
        Level(0.5, "synonym", (chosen[3], chosen[4]), own=False),
    ]
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for key, content in enumerate(contents, start=1):
            library.store.put(key, **content)
        library.sync()
        searcher = library.index.searcher(library.store.connection)
        found = searcher.corpus.score(levels, language)
        rows = [{"id": key, **content, "facets": "{}", "sort": "{}", "version": 1}
                for key, content in enumerate(contents, start=1)]  # fmt: skip
        expected, sure = reference(rows, levels, language)
        for number, key in enumerate(searcher.segments[0].ids.tolist()):
            assert found.scores[number] == pytest.approx(expected[key])
            assert found.sure[number] == (key in sure)


def gained(row: dict[str, Any], terms: list[str], telling: list[float]) -> float:
    """What a document gains by having words of a query side by side, and early, as one reads."""
    places, document = invert([row.get(name, "") for name in ROW])
    early = dict.fromkeys(range(len(terms)), 0.0)
    for word, term in enumerate(terms):
        for place in places.get(term, ()):
            name, before = PARTS[place >> PLACE_SHIFT], place & LAST_POSITION
            for earlier in {"summary": ["title"], "body": ["title", "summary"]}.get(name[:-3], []):
                before += document["lengths"][PARTS.index(earlier + name[-3:])]
            if not name.startswith("keywords"):
                early[word] = max(early[word], math.exp(-before / OPENING))
    marks = sorted((place, word) for word in early for place in places.get(terms[word], ()))
    close = [0.0]
    for number, (place, word) in enumerate(marks):
        for later, following in marks[number + 1 : number + 3]:
            if following == word + 1 and later - place <= CLOSE:
                close.append(CLOSENESS * min(telling[word : word + 2]) / (later - place))
    leading = sum(telling[word] * share for word, share in early.items())
    return max(close) + EARLINESS * leading


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents, min_size=1, max_size=8), st.data())
def test_closer_look_equals_the_plain_formula(
    contents: list[dict[str, Any]], data: st.DataObject
) -> None:
    terms = ["στεγαση", "προσφυγων", "εργασια", "housing"]
    chosen = data.draw(st.permutations(terms))[:3]
    words = [[Level(1.0, "exact", (term,))] for term in chosen]
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for key, content in enumerate(contents, start=1):
            library.store.put(key, **content)
        library.sync()
        searcher = library.index.searcher(library.store.connection)
        corpus = searcher.corpus
        found = [corpus.score(levels, "el") for levels in words]
        marks = corpus.marks(np.arange(corpus.size, dtype=np.int32), words)
        gains = closeness(marks, found, corpus.size)
        gains += earliness(marks, corpus.read_before(*marks[:2]), found, corpus.size)
        telling = [word.weight for word in found]
        for number, key in enumerate(searcher.segments[0].ids.tolist()):
            row = {"id": key, **contents[key - 1], "facets": "{}", "sort": "{}", "version": 1}
            assert gains[number] == pytest.approx(gained(row, chosen, telling))


@st.composite
def histories(draw: st.DrawFn) -> list[list[tuple[str, int, dict[str, Any]]]]:
    """Groups of changes; a sync follows each group."""
    change = st.tuples(
        st.sampled_from(["put", "put", "put", "remove", "all"]), st.integers(1, 6), documents
    )
    return draw(st.lists(st.lists(change, min_size=1, max_size=4), min_size=1, max_size=6))


QUERIES = [
    "στεγαση",
    "προσφυγεσ εργασια",
    '"στέγαση πρόσφυγας"',
    "refuge",
    "δομ",
    "ergasia",
    "hosing",
]


def answers(library: Library) -> list[tuple[Any, ...]]:
    """What a library answers to some queries, without what an index may number as it likes."""
    return [_comparable(library.search(query)) for query in ["", *QUERIES]]


def _comparable(results: Results) -> tuple[Any, ...]:
    hits = [
        (hit.id, round(hit.score, 9), hit.title, hit.summary, hit.passage) for hit in results.hits
    ]
    return results.total, hits, results.facets, results.notes, results.corrections


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(0, 40))
def test_syncs_leave_what_a_rebuild_would(
    history: list[list[tuple[str, int, dict[str, Any]]]], killed_at: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        for number, changes in enumerate(history):
            for kind, key, content in changes:
                if kind == "put":
                    library.store.put(key, **content)
                elif kind == "remove":
                    library.store.remove(key)
                else:
                    library.store.changed(None)
            if number == len(history) // 2:
                _killed_sync(library, killed_at)
            library.sync()
        assert library.check() == []
        synced = answers(library)
        library.rebuild()
        assert answers(library) == synced


class Killed(BaseException):
    """Stands for a kill -9: nothing after it is done, no handler undoes anything."""


def _killed_sync(library: Library, at: int) -> None:
    """A sync that is cut off at its `at`-th step on the file system or in the store.

    The steps are copied to another folder as they are at that moment, as a kill leaves them.
    """
    steps = 0
    frozen = library.folder / "frozen"
    patched = pytest.MonkeyPatch()

    def stepping(original: Any) -> Any:
        def step(*args: Any, **kwargs: Any) -> Any:
            nonlocal steps
            if steps == at:
                shutil.copytree(library.folder / "index", frozen)
                steps += 1
                raise Killed
            steps += 1
            return original(*args, **kwargs)

        return step

    for name in ("_fsync", "_sha256", "_recorded"):
        patched.setattr(generation, name, stepping(getattr(generation, name)))
    for name in ("begin", "finish", "activate", "clear"):
        whole = getattr(generation.Generations, name)
        patched.setattr(generation.Generations, name, stepping(whole))
    try:
        library.sync()
    except Killed:
        shutil.rmtree(library.folder / "index")
        frozen.rename(library.folder / "index")
    finally:
        patched.undo()
