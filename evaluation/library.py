"""The demo library in a store of its own, as the application imports it, and its index."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import force_locale

from indexer import Index, Query
from indexer.document import ROW
from kb import create_app, migrations
from kb import db as kb_db
from kb.municipalities import store as municipalities
from kb.practices import records
from kb.vocabularies import store as vocabularies

DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"

TABLES = f"""
CREATE TABLE change (seq INTEGER PRIMARY KEY AUTOINCREMENT, practice_id INTEGER, at TEXT);
CREATE TABLE index_state (
  name TEXT PRIMARY KEY, generation TEXT, seq INTEGER, schema TEXT, at TEXT
);
CREATE TABLE public_document ({", ".join(ROW)}, PRIMARY KEY (id));
"""


@dataclass(frozen=True)
class Indexed:
    """An index in step with its store, ready to be asked."""

    index: Index
    connect: Callable[[], sqlite3.Connection]
    transaction: Callable[[sqlite3.Connection], AbstractContextManager[object]]
    connection: sqlite3.Connection

    def search(self, text: str, language: str, limit: int = 10) -> list[str]:
        """The slugs found, best first."""
        query = Query(text, language, limit=limit, facets=())
        return [hit.slug for hit in self.index.search(self.connection, query).hits]

    def titles(self) -> list[tuple[str, str, str]]:
        """Each document's slug with its title in Greek and in English."""
        rows = self.connection.execute("SELECT slug, title_el, title_en FROM public_document")
        return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]

    def documents(self) -> list[tuple[str, str]]:
        """Each document's slug with all its text, as any other engine may index it."""
        columns = ", ".join(name for name in ROW if name[-3:] in ("_el", "_en"))
        rows = self.connection.execute(f"SELECT slug, {columns} FROM public_document")
        return [(row[0], "\n".join(text for text in tuple(row)[1:] if text)) for row in rows]


def demo(folder: Path) -> Indexed:
    """The demo library, imported and published in a new instance under `folder`."""
    app = create_app({"INSTANCE": folder})
    with app.app_context(), force_locale("en"):
        store = kb_db.get_db()
        migrations.migrate(store)
        with kb_db.transaction(store):
            vocabularies.insert_missing(store)
            municipalities.insert_missing(store)
        with DEMO.open("rb") as lines:
            report = records.import_lines(store, lines, publish=True)
    if report.bad:
        raise RuntimeError(f"the demo library has bad lines: {report.bad[:3]}")
    path = folder / kb_db.FILENAME

    def connect() -> sqlite3.Connection:
        connection: sqlite3.Connection = kb_db.connect(path).conn
        return connection

    return _indexed(folder, connect, plain_transaction)


def plain(folder: Path, rows: Iterable[Sequence[Any]]) -> Indexed:
    """Rows of the view's shape, in a store of nothing else."""
    path = folder / "documents.db"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    connection = connect()
    connection.executescript(f"PRAGMA journal_mode = WAL; {TABLES}")
    marks = ", ".join("?" * len(ROW))
    with plain_transaction(connection):
        connection.executemany(f"INSERT INTO public_document VALUES ({marks})", rows)
        connection.execute("INSERT INTO change (practice_id) VALUES (NULL)")
    connection.close()
    return _indexed(folder, connect, plain_transaction)


def _indexed(
    folder: Path,
    connect: Callable[[], sqlite3.Connection],
    transaction: Callable[[sqlite3.Connection], AbstractContextManager[object]],
) -> Indexed:
    index = Index("public", folder / "index" / "public", "public_document")
    index.sync(connect, transaction)
    return Indexed(index, connect, transaction, connect())


@contextmanager
def plain_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
