"""A store in the shape that the indexer reads, and documents to put into it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from indexer import Index, Query, Results
from indexer.document import ROW

TABLES = f"""
CREATE TABLE IF NOT EXISTS change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, practice_id INTEGER, at TEXT
);
CREATE TABLE IF NOT EXISTS index_state (
  name TEXT PRIMARY KEY, generation TEXT, seq INTEGER, schema TEXT, at TEXT
);
CREATE TABLE IF NOT EXISTS document ({", ".join(ROW)}, PRIMARY KEY (id));
CREATE VIEW IF NOT EXISTS public_document AS SELECT * FROM document;
"""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class Store:
    """The application's part: a database of documents with its log of changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = self.connect()
        self.connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        self.connection.executescript(TABLES)

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)

    def put(self, key: int, **values: Any) -> None:
        """Write a document and its change; texts are Greek unless named otherwise."""
        row: dict[str, Any] = dict.fromkeys(ROW, "")
        row |= {"id": key, "version": self.latest() + 1, "kind": "practice", "slug": f"p{key}"}
        row |= {"language": "el", "facets": "{}", "sort": "{}"}
        row |= {k: json.dumps(v) if isinstance(v, dict) else v for k, v in values.items()}
        marks = ", ".join("?" * len(ROW))
        with transaction(self.connection):
            self.connection.execute(
                f"INSERT OR REPLACE INTO document VALUES ({marks})", [row[name] for name in ROW]
            )
            self.changed(key)

    def remove(self, key: int) -> None:
        with transaction(self.connection):
            self.connection.execute("DELETE FROM document WHERE id = ?", (key,))
            self.changed(key)

    def changed(self, key: int | None) -> None:
        self.connection.execute("INSERT INTO change (practice_id) VALUES (?)", (key,))

    def latest(self) -> int:
        found = self.connection.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()
        return int(found[0])


class Library:
    """A store with its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store.db")
        self.index = self.another_index()

    def another_index(self) -> Index:
        """The same index as another worker has it."""
        return Index("public", self.folder / "index", "public_document")

    def sync(self) -> Any:
        return self.index.sync(self.store.connect, transaction)

    def rebuild(self, **options: Any) -> Any:
        return self.index.rebuild(self.store.connect, transaction, **options)

    def check(self) -> list[str]:
        return self.index.check(self.store.connection)

    def search(self, text: str = "", **options: Any) -> Results:
        return self.index.search(self.store.connection, Query(text, **options))

    def slugs(self, text: str = "", **options: Any) -> list[str]:
        return [hit.slug for hit in self.search(text, **options).hits]

    def generations(self) -> list[Path]:
        return sorted((self.folder / "index").glob("generation-*"))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture
def filled(library: Library) -> Callable[..., Library]:
    """A synced library of documents given by their titles, or by a mapping of parts."""

    def fill(*documents: str | dict[str, Any]) -> Library:
        for key, document in enumerate(documents, start=1):
            values = {"title_el": document} if isinstance(document, str) else document
            library.store.put(key, **values)
        library.sync()
        return library

    return fill
