"""An index as its callers see it: kept in step with the store, checked, and searched."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from indexer import build, parallel
from indexer.cache import Cache
from indexer.document import ROW
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
# More changed documents than this share of the index are cheaper to rebuild than to change.
REBUILD_SHARE = 0.3
_FEW = 50
# Ids asked for in one statement; SQLite takes 999 in its older builds.
_BATCH = 500

_COLUMNS = ", ".join(ROW)


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
        self._view = view
        self._generations = Generations(name, folder)
        self._cache: PostingsCache = Cache(POSTINGS_BUDGET)
        self._searcher: Searcher | None = None
        self._opened = ""
        self._opening = threading.Lock()
        self._suspect = False  # something went wrong: the next sync reads every byte

    def sync(
        self, connect: Connect, transaction: Transaction, progress: build.Progress | None = None
    ) -> SyncReport:
        """Bring the index in step with the store; does nothing, quickly, where it is.

        Heals a missing or damaged index and one of another schema by a full rebuild. Returns a
        report with `skipped` where another thread or process is building: that one goes on until
        nothing is left to do. `progress` is called as in `rebuild`, where it comes to that.
        """
        with closing(connect()) as connection:
            start = time.perf_counter()
            report = None
            # Looked at once more after the lock was let go: a change that came while it was still
            # held, too late for the builder's last look, has found the lock taken and gone away.
            while not self._in_step(connection):
                report = self._build(connection, transaction, False, progress)
                if report.skipped:
                    break
            return report or self._report(connection, start)

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
            return self._build(connection, transaction, True, progress, erase)

    def check(self, connection: sqlite3.Connection) -> list[str]:
        """What is wrong with the index, as sentences; an empty list means in step and whole.

        Reads and hashes all of the index's files.
        """
        pointer = self._generations.pointer(connection)
        problems = self._generations.problems(pointer, deep=True)
        if problems or pointer is None:
            self._suspect = True
            return problems
        latest = _latest(connection)
        if pointer.sequence != latest:
            problems.append(f"the index is at change {pointer.sequence}, the store at {latest}")
        elif (held := self._versions(pointer)) != (stored := self._stored(connection)):
            wrong = sorted(set(held.items()) ^ set(stored.items()))
            problems.append(f"{len(wrong)} documents differ from the store, first {wrong[0][0]}")
        return problems

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
                self._suspect = True
                if attempt == 2:
                    raise IndexUnavailable(str(error)) from error
        raise AssertionError("unreachable")

    def searcher(self, connection: sqlite3.Connection) -> Searcher:
        """The searcher of the generation that the store points to, opened when it moves."""
        for attempt in (1, 2):
            pointer = self._generations.pointer(connection)
            searcher = self._searcher
            if pointer and searcher and self._opened == pointer.generation:
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
            if pointer and self._searcher and self._opened == pointer.generation:
                return self._searcher
            problems = self._generations.problems(pointer)
            if problems or pointer is None:
                raise IndexUnavailable("; ".join(problems))
            try:
                folder = self._generations.path(pointer.generation)
                searcher = Searcher(folder, self._cache, self._searcher)
            except Exception as error:
                log.exception("cannot open the index", extra={"index": self.name})
                self._suspect = True
                raise IndexUnavailable(str(error)) from error
            self._searcher, self._opened = searcher, pointer.generation
            return searcher

    def _forget(self, searcher: Searcher) -> None:
        with self._opening:
            if self._searcher is searcher:
                self._searcher, self._opened = None, ""
                self._cache.forget(lambda key: True)

    def _in_step(self, connection: sqlite3.Connection) -> bool:
        pointer = self._generations.pointer(connection)
        if pointer is None or pointer.sequence != _latest(connection):
            return False
        if self._generations.problems(pointer, deep=self._suspect):
            return False
        self._suspect = False
        return True

    def _build(
        self,
        connection: sqlite3.Connection,
        transaction: Transaction,
        rebuild: bool,
        progress: build.Progress | None = None,
        erase: bool = False,
    ) -> SyncReport:
        start = time.perf_counter()
        with self._generations.building() as alone:
            if not alone:
                return SyncReport(skipped=True)
            reasons: list[str] = []
            while rebuild or not self._in_step(connection):
                reasons.append(self._advance(connection, transaction, rebuild, progress, erase))
                rebuild = False
            reason = next(filter(None, reasons), "")
            return self._report(connection, start, bool(reasons), bool(reason), reason)

    def _advance(
        self,
        connection: sqlite3.Connection,
        transaction: Transaction,
        rebuild: bool,
        progress: build.Progress | None,
        erase: bool,
    ) -> str:
        """Make one new generation out of one snapshot of the store, and point to it.

        Returns why everything was built anew, or an empty string where only changes were.
        """
        generations = self._generations
        connection.execute("BEGIN")
        try:
            pointer = generations.pointer(connection)
            previous = pointer.generation if pointer else None
            generations.clear(previous)
            sequence = _latest(connection)
            reason = "asked for" if rebuild else self._why_full(connection, pointer)
            base = None if reason else previous
            building = generations.begin(base)
            expected = self._count(connection)
            if base is None or pointer is None:
                create = parallel.create if expected >= parallel.WORTHWHILE else build.create
                create(building, self._rows(connection), progress)
            else:
                changed = [i for i in _changed(connection, pointer.sequence) if i is not None]
                build.change(building, changed, self._rows(connection, changed))
        finally:
            connection.execute("ROLLBACK")
        documents = build.count(building)
        if documents != expected:
            raise RuntimeError(f"built {documents} documents where the store has {expected}")
        generation = generations.finish(building, sequence, documents, base)
        generations.activate(generation, sequence, connection, transaction)
        generations.clear(generation, None if erase else previous)
        return reason

    def _why_full(self, connection: sqlite3.Connection, pointer: Pointer | None) -> str:
        """Why the index must be built from nothing, or an empty string."""
        problems = self._generations.problems(pointer, deep=self._suspect)
        if problems or pointer is None:
            return "; ".join(problems)
        if pointer.sequence > _latest(connection):
            return "the store is older than the index"
        changed = _changed(connection, pointer.sequence)
        if None in changed:
            return "everything may have changed"
        documents = self._generations.manifest(pointer.generation).documents
        if len(changed) > max(_FEW, documents * REBUILD_SHARE):
            return "most documents changed"
        return ""

    def _rows(
        self, connection: sqlite3.Connection, ids: Sequence[int] | None = None
    ) -> Iterator[Sequence[Any]]:
        select = f"SELECT {_COLUMNS} FROM {self._view}"
        if ids is None:
            yield from map(tuple, connection.execute(f"{select} ORDER BY id"))
            return
        for first in range(0, len(ids), _BATCH):
            batch = ids[first : first + _BATCH]
            marks = ", ".join("?" * len(batch))
            rows = connection.execute(f"{select} WHERE id IN ({marks}) ORDER BY id", batch)
            yield from map(tuple, rows)

    def _count(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {self._view}").fetchone()[0])

    def _stored(self, connection: sqlite3.Connection) -> dict[int, int]:
        rows = connection.execute(f"SELECT id, version FROM {self._view}")
        return {int(row[0]): int(row[1] or 0) for row in rows}

    def _versions(self, pointer: Pointer) -> dict[int, int]:
        return build.versions(self._generations.path(pointer.generation))

    def _report(
        self,
        connection: sqlite3.Connection,
        start: float,
        changed: bool = False,
        full: bool = False,
        reason: str = "",
    ) -> SyncReport:
        pointer = self._generations.pointer(connection)
        if pointer is None:
            return SyncReport()
        return SyncReport(
            changed=changed,
            full=full,
            documents=self._generations.manifest(pointer.generation).documents,
            sequence=pointer.sequence,
            generation=pointer.generation,
            seconds=time.perf_counter() - start,
            reason=reason,
        )


def _latest(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()[0])


def _changed(connection: sqlite3.Connection, since: int) -> list[int | None]:
    rows = connection.execute("SELECT DISTINCT practice_id FROM change WHERE seq > ?", (since,))
    return [row[0] for row in rows]


__all__ = ["SCHEMA", "Index"]
