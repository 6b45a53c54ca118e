"""An index as its callers see it: kept in step with the store, checked, and searched."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from indexer import build
from indexer.cache import Cache
from indexer.follow import Follower
from indexer.generation import SCHEMA, Connect, Generations, Pointer, Transaction
from indexer.model import Hit, IndexUnavailable, Query, Results, Suggestion, SyncReport
from indexer.searcher import Searcher
from indexer.segment import PostingsCache
from indexer.similar import similar
from indexer.suggest import suggest

T = TypeVar("T")

log = logging.getLogger(__name__)

# Bytes of decoded postings that one worker keeps.
POSTINGS_BUDGET = 48 * 1024 * 1024


class Index:
    """A full-text index over one view of the store.

    `name` is its row in `index_state`, `folder` where its generations lie (made with mode 0700),
    `view` the SQL view with the columns of `indexer.ROW`. The store also has the table
    `change (seq, practice_id, at)`. Safe for use by several threads and processes at once.
    """

    def __init__(self, name: str, folder: Path, view: str) -> None:
        if not view.isidentifier():
            raise ValueError(f"not the name of a view: {view!r}")
        self.name = name
        self._generations = Generations(name, folder)
        self._follower = Follower(self._generations, view)
        self._cache: PostingsCache = Cache(POSTINGS_BUDGET)
        self._searcher: Searcher | None = None
        self._opened = (0, "")  # by which process, which generation
        self._opening = threading.Lock()

    def sync(
        self, connect: Connect, transaction: Transaction, progress: build.Progress | None = None
    ) -> SyncReport:
        """Bring the index in step with the store; does nothing, quickly, where it is.

        Heals a missing or damaged index and one of another schema by a full rebuild. Returns a
        report with `skipped` where another thread or process is building: that one goes on until
        nothing is left to do. `progress` is called as in `rebuild`, where it comes to that.
        """
        with closing(connect()) as connection:
            return self._follower.follow(connection, transaction, progress)

    def rebuild(
        self,
        connect: Connect,
        transaction: Transaction,
        progress: build.Progress | None = None,
        erase: bool = False,
    ) -> SyncReport:
        """Build the index from nothing. `progress` is called with the number of documents done.

        With `erase`, no earlier generation is kept, so that no withdrawn text stays on the disk.
        """
        with closing(connect()) as connection:
            return self._follower.make(connection, transaction, True, progress, erase)

    def check(self, connection: sqlite3.Connection) -> list[str]:
        """What is wrong with the index, as sentences; an empty list means in step and whole.

        Reads and hashes all of the index's files.
        """
        return self._follower.problems(connection)

    def search(self, connection: sqlite3.Connection, query: Query) -> Results:
        """Answer a query from the generation that the store points to.

        Raises IndexUnavailable where there is none that can be read; a sync then heals it. The
        index only proposes: check in the store that each hit may be shown.
        """
        return self._answered(connection, lambda searcher: searcher.search(query))

    def suggest(
        self, connection: sqlite3.Connection, prefix: str, language: str
    ) -> list[Suggestion]:
        """What the text typed so far may become: titles of practices, and words. As `search`."""
        return self._answered(connection, lambda searcher: suggest(searcher, prefix, language))

    def similar(self, connection: sqlite3.Connection, key: int, limit: int = 4) -> list[Hit]:
        """The documents most like the one with this id, best first. As `search`."""
        return self._answered(connection, lambda searcher: similar(searcher, key, limit))

    def _answered(self, connection: sqlite3.Connection, ask: Callable[[Searcher], T]) -> T:
        """Ask the searcher; once more with a new one where that fails."""
        for attempt in (1, 2):
            searcher = self.searcher(connection)
            try:
                return ask(searcher)
            except Exception as error:
                log.exception("search failed", extra={"index": self.name, "attempt": attempt})
                self._forget(searcher)
                self._follower.suspect = True
                if attempt == 2:
                    raise IndexUnavailable(str(error)) from error
        raise AssertionError("unreachable")

    def searcher(self, connection: sqlite3.Connection) -> Searcher:
        """The searcher of the generation that the store points to, opened when it moves."""
        for attempt in (1, 2):
            pointer = self._generations.pointer(connection)
            searcher = self._searcher
            if pointer and searcher and self._opened == (os.getpid(), pointer.generation):
                return searcher
            try:
                return self._open(pointer)
            except IndexUnavailable:
                # Two syncs may have passed since the pointer was read, and cleared it.
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _open(self, pointer: Pointer | None) -> Searcher:
        with self._opening:
            if pointer and self._searcher and self._opened == (os.getpid(), pointer.generation):
                return self._searcher
            problems = self._generations.problems(pointer)
            if problems or pointer is None:
                raise IndexUnavailable("; ".join(problems))
            try:
                folder = self._generations.path(pointer.generation)
                searcher = Searcher(folder, self._cache, self._own_searcher())
            except Exception as error:
                log.exception("cannot open the index", extra={"index": self.name})
                self._follower.suspect = True
                raise IndexUnavailable(str(error)) from error
            self._searcher, self._opened = searcher, (os.getpid(), pointer.generation)
            return searcher

    def _own_searcher(self) -> Searcher | None:
        """The searcher opened before, unless a process did so of which this one is a fork: its
        open files have one read position for both."""
        return self._searcher if self._opened[0] == os.getpid() else None

    def _forget(self, searcher: Searcher) -> None:
        with self._opening:
            if self._searcher is searcher:
                self._searcher, self._opened = None, (0, "")
                self._cache.forget(lambda key: True)


__all__ = ["SCHEMA", "Index"]
