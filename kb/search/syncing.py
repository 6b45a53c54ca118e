"""The indexes of an application, and how they stay in step with its store."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlite_utils import Database

from indexer import Index, IndexUnavailable, Query, SyncReport
from kb import db, health
from kb.search import store

EXTENSION = "search"
FOLDER = "index"
# A change younger than this is on its way into the index; an older one should have arrived.
PATIENCE = timedelta(seconds=10)

# Seconds between two attempts to mend an index that cannot be searched.
BETWEEN_ATTEMPTS = 5.0

# Told the name of an index and the number of documents that it has taken in so far.
Progress = Callable[[str, int], None]

log = logging.getLogger("kb.search")


class Indexes:
    """What everybody may find, and what the moderators may: each in an index of its own."""

    def __init__(self, instance: Path) -> None:
        self._store = instance / db.FILENAME
        self._folder = instance / FOLDER
        self.public = self._index("public")
        self.desk = self._index("desk")
        self._mending = threading.Lock()
        self._mend_after = 0.0

    def _index(self, name: str) -> Index:
        return Index(name, self._folder / name, f"{name}_document")

    def all(self) -> tuple[Index, Index]:
        """Both indexes."""
        return self.public, self.desk

    def sync(self, progress: Progress | None = None) -> list[SyncReport]:
        """Bring both in step with the store, whatever state they are in."""
        self._make_folder()
        return [
            index.sync(self._connect, _transaction, _told(progress, index.name))
            for index in self.all()
        ]

    def rebuild(self, progress: Progress | None = None) -> list[SyncReport]:
        """Make both anew; earlier generations go, and with them all withdrawn text."""
        self._make_folder()
        return [
            index.rebuild(self._connect, _transaction, _told(progress, index.name), erase=True)
            for index in self.all()
        ]

    def sync_quietly(self) -> None:
        """Sync for nobody who waits for it: what goes wrong is logged, and healed by the next."""
        if not self._store.exists():
            return
        try:
            self.sync()
        except Exception:
            log.exception("the index could not be brought in step")

    def mend_soon(self) -> threading.Thread | None:
        """Sync in the background, and make sure that the index can be searched thereafter.

        At most one attempt at a time, and not one right after the other.
        """
        with self._mending:
            if time.monotonic() < self._mend_after:
                return None
            self._mend_after = time.monotonic() + BETWEEN_ATTEMPTS
        thread = threading.Thread(target=self._mend, name="mend-index", daemon=True)
        thread.start()
        return thread

    def _mend(self) -> None:
        if not self._store.exists():
            return
        try:
            another_is_at_it = any(report.skipped for report in self.sync())
            if not another_is_at_it and not self.can_be_searched():
                # It looks right but cannot be read: only building it anew will help.
                self.rebuild()
        except Exception:
            log.exception("the index could not be mended")

    def can_be_searched(self) -> bool:
        """Whether the index for everybody answers; what the first search needs is loaded then."""
        with closing(self._connect()) as connection:
            try:
                self.public.search(connection, Query("ένταξη integration", limit=1))
            except IndexUnavailable:
                return False
        return True

    def _make_folder(self) -> None:
        # Opening an index runs what is in it: nobody else may write there.
        self._folder.mkdir(mode=0o700, exist_ok=True)

    def _connect(self) -> sqlite3.Connection:
        return db.connect(self._store).conn


def _told(progress: Progress | None, name: str) -> Callable[[int], None] | None:
    return partial(progress, name) if progress else None


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    with db.transaction(Database(connection, execute_plugins=False)):
        yield


def indexes(app: Flask | None = None) -> Indexes:
    """The indexes of ``app``, or of the present application."""
    return cast(Indexes, (app or current_app).extensions[EXTENSION])


@health.check("index")
def in_step() -> list[str]:
    """Both indexes are whole and hold every change but the latest seconds' ones."""
    library = db.get_db()
    problems = [
        f"{index.name}: {problem}"
        for index in indexes().all()
        if not _just_changed(library, index.name)
        for problem in index.check(library.conn)
    ]
    if not problems and not indexes().can_be_searched():
        problems.append("public: the index cannot be searched")
    return problems


def _just_changed(database: Database, name: str) -> bool:
    since = store.waiting_since(database, name)
    return since is not None and datetime.now(UTC) - datetime.fromisoformat(since) < PATIENCE


def init_app(app: Flask) -> None:
    """Give the application its indexes; they are built and opened when they are needed."""
    app.extensions[EXTENSION] = Indexes(Path(app.config["INSTANCE"]))
