"""The index follows the store: generations, syncs, healing, and who may search meanwhile."""

from __future__ import annotations

import os
import sqlite3

import pytest

from indexer import IndexUnavailable, Query
from tests.indexer.conftest import Library, transaction


def test_search_before_any_sync_is_unavailable(library: Library) -> None:
    with pytest.raises(IndexUnavailable):
        library.search("ένταξη")


def test_sync_makes_documents_found(library: Library) -> None:
    library.store.put(1, title_el="Κέντρο Ένταξης Μεταναστών")
    report = library.sync()
    assert report.changed
    assert report.documents == 1
    assert library.slugs("ενταξη") == ["p1"]


def test_sync_without_changes_does_nothing(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    library.sync()
    before = library.generations()
    assert not library.sync().changed
    assert library.generations() == before


def test_sync_replaces_and_removes(library: Library) -> None:
    for key in range(1, 120):
        library.store.put(key, title_el=f"Στέγαση {key}")
    library.sync()
    library.store.put(1, title_el="Διερμηνεία")
    library.store.remove(2)
    report = library.sync()
    assert not report.full
    assert library.slugs("διερμηνεία") == ["p1"]
    assert library.search("στέγαση").total == 117
    assert library.check() == []


def test_change_of_everything_rebuilds(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    library.sync()
    library.store.changed(None)
    assert library.sync().full


def test_two_generations_stay(library: Library) -> None:
    for key in range(1, 6):
        library.store.put(key, title_el="Στέγαση")
        library.sync()
    assert len(library.generations()) == 2


def test_erasing_rebuild_leaves_no_earlier_text(library: Library) -> None:
    library.store.put(1, title_el="Απόρρητο")
    library.sync()
    library.store.put(1, title_el="Δημόσιο")
    library.rebuild(erase=True)
    assert len(library.generations()) == 1
    files = [path for path in library.generations()[0].iterdir() if path.suffix != ".json"]
    assert not any("απορρητο".encode() in path.read_bytes() for path in files)


def test_index_folder_is_private(library: Library) -> None:
    library.sync()
    assert (library.folder / "index").stat().st_mode & 0o777 == 0o700


def test_index_state_is_written_in_the_given_transaction(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    seen: list[bool] = []

    def watched(connection: sqlite3.Connection) -> object:
        seen.append(True)
        return transaction(connection)

    library.index.sync(library.store.connect, watched)  # type: ignore[arg-type]
    assert seen == [True]


def test_second_builder_goes_away(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    with library.another_index()._generations.building() as alone:
        assert alone
        assert library.sync().skipped
    assert library.sync().changed


def test_other_worker_sees_the_new_generation(library: Library) -> None:
    other = library.another_index()
    library.store.put(1, title_el="Στέγαση")
    other.sync(library.store.connect, transaction)
    assert library.slugs("στέγαση") == ["p1"]
    library.store.put(1, title_el="Διερμηνεία")
    other.sync(library.store.connect, transaction)
    assert library.slugs("στέγαση") == []


# Since Python 3.12 a fork beside threads, which the test runner may have, is warned of.
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_worker_opens_files_of_its_own(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    library.sync()
    before = library.index.searcher(library.store.connection)
    child = os.fork()
    if not child:
        own = library.index.searcher(library.store.connection)
        os._exit(0 if own is not before and own.segments[0] is not before.segments[0] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert library.index.searcher(library.store.connection) is before


@pytest.mark.parametrize("suffix", [".toc", ".seg", ".columns", ".json"])
@pytest.mark.parametrize("damage", ["gone", "short", "flipped"])
def test_damage_is_noticed_and_healed(library: Library, suffix: str, damage: str) -> None:
    library.store.put(1, title_el="Στέγαση", body_el="Διαμερίσματα στην πόλη")
    library.sync()
    path = next(p for p in library.generations()[0].iterdir() if p.suffix == suffix)
    content = path.read_bytes()
    middle = len(content) // 2
    path.unlink()
    if damage == "short":
        path.write_bytes(content[:middle])
    elif damage == "flipped":
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    assert library.index.check(library.store.connection)
    library.index.sync(library.store.connect, transaction)
    assert library.check() == []
    assert library.slugs("στέγαση") == ["p1"]


def test_other_schema_is_rebuilt(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    library.sync()
    library.store.connection.execute("UPDATE index_state SET schema = 'older'")
    with pytest.raises(IndexUnavailable):
        library.another_index().search(library.store.connection, Query("στέγαση"))
    assert library.sync().full
    assert library.slugs("στέγαση") == ["p1"]


def test_restored_older_store_is_rebuilt(library: Library) -> None:
    library.store.put(1, title_el="Στέγαση")
    library.store.put(2, title_el="Στέγαση")
    library.sync()
    library.store.connection.execute("DELETE FROM change WHERE seq = 2")
    library.store.connection.execute("DELETE FROM document WHERE id = 2")
    assert library.sync().full
    assert library.slugs("στέγαση") == ["p1"]
