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

from flask import Flask, current_app, has_request_context
from sqlite_utils import Database

from indexer import Index, IndexUnavailable, Query, SyncReport
from kb import db, health
from kb.search import store
from kb.search.background import Background

EXTENSION = "search"
FOLDER = "index"
# A change younger than this is on its way into the index; an older one should have arrived.
PATIENCE = timedelta(seconds=10)

# Seconds between two attempts to mend an index that cannot be searched.
BETWEEN_ATTEMPTS = 5.0

# Seconds between two looks at an index that another process builds.
WHILE_ANOTHER_BUILDS = 0.2

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
        self._following = Background("follow-store", self._follow)
        self._mending = Background("mend-index", self._mend)
        self._attempting = threading.Lock()
        self._next_attempt = 0.0

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

    def sync_soon(self) -> None:
        """Sync for nobody who waits for it: what goes wrong is logged, and healed by the next."""
        self._following.start()

    def mend_soon(self) -> None:
        """Sync, and make sure that the index can be searched; not one attempt upon the other."""
        with self._attempting:
            if time.monotonic() < self._next_attempt:
                return
            self._next_attempt = time.monotonic() + BETWEEN_ATTEMPTS
        self._mending.start()

    def wait(self) -> None:
        """Return when nothing goes on in the background."""
        self._following.wait()
        self._mending.wait()

    def _follow(self) -> None:
        try:
            self._sync_patiently()
        except Exception:
            log.exception("the index could not be brought in step")

    def _mend(self) -> None:
        try:
            if self._sync_patiently() and not self.can_be_searched():
                # It looks right but cannot be read: only building it anew will help.
                self.rebuild()
        except Exception:
            log.exception("the index could not be mended")

    def _sync_patiently(self) -> bool:
        """Sync; where another process builds, wait for it: it may have looked at the store last
        just before what this one is to take in. Whether there is a store at all."""
        while self._store.exists():
            if not any(report.skipped for report in self.sync()):
                return True
            time.sleep(WHILE_ANOTHER_BUILDS)
        return False

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
    if problems and has_request_context():
        # Bytes that no search reads would stay wrong for ever. A command only says what there is.
        indexes().mend_soon()
    return problems


def _just_changed(database: Database, name: str) -> bool:
    since = store.waiting_since(database, name)
    return since is not None and datetime.now(UTC) - datetime.fromisoformat(since) < PATIENCE


def init_app(app: Flask) -> None:
    """Give the application its indexes; they are built and opened when they are needed."""
    app.extensions[EXTENSION] = Indexes(Path(app.config["INSTANCE"]))
