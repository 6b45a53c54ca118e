"""A sync killed before any of its steps: the index answers, and the next sync puts it right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from indexer import IndexUnavailable, Results
from tests.indexer.conftest import Library
from tests.moments import World

# Since Python 3.12 a fork beside threads, which the test runner may have, is warned of.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

QUERIES = ["", "στέγαση", "προσφύγων", '"στέγαση προσφύγων"', "stegasi", "στεγαζη"]
TITLES = ["Στέγαση προσφύγων", "Εργασία", "Μαθήματα ελληνικών", "Προσφύγων μαθήματα"]
Change = Callable[[Library], None]


def nothing(library: Library) -> None:
    """The first index of all."""


def one_change(library: Library) -> None:
    library.sync()
    library.store.put(2, title_el="Στέγαση οικογενειών", facets={"area": ["housing"]})


def a_withdrawal(library: Library) -> None:
    library.sync()
    library.store.remove(1)


def so_many_changes_that_segments_are_merged(library: Library) -> None:
    library.sync()
    for number in range(10, 20):
        library.store.put(number, title_el=f"Μάθημα {number}")
        library.sync()
    library.store.put(1, title_el="Στέγαση προσφύγων και μαθήματα")


def another_vocabulary(library: Library) -> None:
    library.sync()
    library.store.changed(None)


CHANGES = [
    nothing,
    one_change,
    a_withdrawal,
    so_many_changes_that_segments_are_merged,
    another_vocabulary,
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "library").mkdir()
    return World(tmp_path / "library", tmp_path / "kept", tmp_path / "report")


@contextmanager
def opened(world: World) -> Iterator[Library]:
    """The library as a process sees it that has just begun."""
    library = Library(world.instance)
    with closing(library.store.connection):
        yield library


def answers(library: Library) -> list[tuple[Any, ...]] | None:
    """What the library answers; None where there is no index yet."""
    try:
        return [told(library.search(query)) for query in QUERIES]
    except IndexUnavailable:
        return None


def told(results: Results) -> tuple[Any, ...]:
    hits = [(hit.slug, round(hit.score, 9), hit.title, hit.passage) for hit in results.hits]
    return results.total, hits, results.facets, results.corrections


def sync(world: World) -> bool:
    with opened(world) as library:
        return bool(library.sync().changed)


@pytest.mark.parametrize("change", CHANGES)
def test_a_sync_killed_at_any_step_hinders_nobody(world: World, change: Change) -> None:
    with opened(world) as library:
        for number, title in enumerate(TITLES, start=1):
            library.store.put(number, title_el=title, body_el="Για όλους.")
        change(library)
        before = answers(library)
    world.keep()
    with opened(world) as library:
        library.rebuild()
        after = answers(library)
    step, outcome, seen = 0, None, set()
    while outcome is None or outcome.was_killed:
        step += 1
        world.put_back()
        outcome = world.run(lambda: sync(world), kill_at=step)
        with opened(world) as library:
            meanwhile = answers(library)
            assert meanwhile in (before, after), step
            seen.add(meanwhile == after)
            library.sync()
            assert library.check() == [], step
            assert answers(library) == after, step
            library.store.put(99, title_el="Η επόμενη αλλαγή")
            library.sync()
            assert not list(library.folder.glob("index/building-*")), step
            assert len(library.generations()) <= 2, step
    assert step > 10
    assert seen == ({False, True} if before != after else {True})
