"""How an index follows the store: what has changed is built, checked and taken into use."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Any

from indexer import build, parallel
from indexer.document import ROW
from indexer.generation import Generations, Pointer, Transaction
from indexer.model import SyncReport

# More changed documents than this share of the index are cheaper to rebuild than to change.
REBUILD_SHARE = 0.3
_FEW = 50
# Ids asked for in one statement; SQLite takes 999 in its older builds.
_BATCH = 500

_COLUMNS = ", ".join(ROW)


class Follower:
    """One index's generations and the view that they are built from.

    `suspect` is set by whoever met something wrong: the next look then reads every byte.
    """

    def __init__(self, generations: Generations, view: str) -> None:
        self._generations = generations
        self._view = view
        self.suspect = False

    def follow(
        self,
        connection: sqlite3.Connection,
        transaction: Transaction,
        progress: build.Progress | None,
    ) -> SyncReport:
        """Build until the index is in step; at once and quickly over where it is."""
        start = time.perf_counter()
        report = None
        # Looked at once more after the lock was let go: a change that came while it was still
        # held, too late for the builder's last look, has found the lock taken and gone away.
        while not self._in_step(connection):
            report = self.make(connection, transaction, False, progress)
            if report.skipped:
                break
        return report or self._report(connection, start)

    def problems(self, connection: sqlite3.Connection) -> list[str]:
        """What is wrong with the index, as sentences; every byte of it is read."""
        pointer = self._generations.pointer(connection)
        problems = self._generations.problems(pointer, deep=True)
        if problems or pointer is None:
            self.suspect = True
            return problems
        latest = _latest(connection)
        if pointer.sequence != latest:
            problems.append(f"the index is at change {pointer.sequence}, the store at {latest}")
        elif (held := build.versions(self._generations.path(pointer.generation))) != (
            stored := self._stored(connection)
        ):
            wrong = sorted(set(held.items()) ^ set(stored.items()))
            problems.append(f"{len(wrong)} documents differ from the store, first {wrong[0][0]}")
        return problems

    def _in_step(self, connection: sqlite3.Connection) -> bool:
        pointer = self._generations.pointer(connection)
        if pointer is None or pointer.sequence != _latest(connection):
            return False
        if self._generations.problems(pointer, deep=self.suspect):
            return False
        self.suspect = False
        return True

    def make(
        self,
        connection: sqlite3.Connection,
        transaction: Transaction,
        rebuild: bool,
        progress: build.Progress | None = None,
        erase: bool = False,
    ) -> SyncReport:
        """Build one generation or more as the only builder, unless there is one already."""
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
        problems = self._generations.problems(pointer, deep=self.suspect)
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
