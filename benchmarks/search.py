"""Search: how fast it answers, follows a change and builds, beside other engines.

Sizes are those of `KB_BENCH_SIZES` (1000,10000 unless it says otherwise; 50000 takes minutes).
`python -m benchmarks search`.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.engines import WHOOSH, all_engines
from benchmarks.passages import queries, rows
from evaluation.library import Indexed, plain, plain_transaction
from indexer import Index, Query
from indexer.document import ROW

SIZES = [int(size) for size in os.environ.get("KB_BENCH_SIZES", "1000,10000").split(",")]
QUERIES = 200
CHANGES = 20
# Whoosh takes over a second for a query beyond so many documents: it is asked every fifth one.
SLOW_BEYOND = 10_000

Row = tuple[str, str, str]


class Time(NamedTuple):
    """Seconds by the clock, and of the processor: on a busy machine only the latter tells."""

    clock: float
    processor: float


def run() -> Iterator[Row]:
    """Rows of the table: what, measured, aim."""
    for size in SIZES:
        folder = Path(tempfile.mkdtemp(prefix="bench-search-"))
        try:
            yield from _sized(size, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _sized(size: int, folder: Path) -> Iterator[Row]:
    documents = rows(size)
    asked = queries(QUERIES)
    aims = {1000: "≤ 5 s", 10_000: "≤ 40 s"}
    before, used = time.perf_counter(), _processor()
    library = plain(folder, documents)
    took, used = time.perf_counter() - before, _processor() - used
    rebuilt = f"{took:.1f} s (processors: {used:.1f} s)"
    yield f"{size:,} documents: full rebuild", rebuilt, aims.get(size, "")
    yield from _searches(size, library, asked)
    for name, search in all_engines(documents).items():
        few = size > SLOW_BEYOND and name == WHOOSH
        yield f"{size:,}: {name}", _spread(_times(search, asked[::5] if few else asked)), ""
    yield from _changes(size, library, documents)
    memory = _worker(folder)
    yield f"{size:,}: memory of a worker", f"{memory} MB", "≤ 350 MB" if size == 10_000 else ""


def _searches(size: int, library: Indexed, asked: Sequence[str]) -> Iterator[Row]:
    def answer(text: str, **options: Any) -> object:
        return library.index.search(library.connection, Query(text, limit=10, **options))

    fresh = Index("public", library.index._generations.folder, "public_document")
    first = _times(lambda text: fresh.search(library.connection, Query(text)), asked[:1])
    yield f"{size:,}: first query of a new worker", _spread(first), "≤ 100 ms"
    cold = _spread(_times(answer, asked))
    yield f"{size:,}: ten best, 16 facets, passages marked (each word for the first time)", cold, ""
    full = _spread(_times(answer, asked))
    aim = "p50 ≤ 3 ms, p95 ≤ 10 ms" if size == 10_000 else ""
    yield f"{size:,}: ten best, 16 facets, passages marked", full, aim
    searcher = library.index.searcher(library.connection)
    bare = _times(lambda text: searcher.search(Query(text, limit=0)), asked)
    yield f"{size:,}: ranking and counting alone", _spread(bare), "a tenth of FTS5's"

    def suggestions(text: str) -> object:
        return library.index.suggest(library.connection, text[:5], "el")

    yield f"{size:,}: suggestions", _spread(_times(suggestions, asked)), "p95 ≤ 5 ms"


def _changes(size: int, library: Indexed, documents: Sequence[Sequence[Any]]) -> Iterator[Row]:
    connection = library.connection
    marks = ", ".join("?" * len(ROW))
    synced, searched = [], []
    for number in range(CHANGES):
        changed = (number * 37 % size + 1, number + 2, *documents[number][2:])
        with plain_transaction(connection):
            connection.execute(f"REPLACE INTO public_document VALUES ({marks})", changed)
            connection.execute("INSERT INTO change (practice_id) VALUES (?)", (changed[0],))
        synced += _times(lambda _: library.index.sync(library.connect, library.transaction), [""])
        searched += _times(lambda text: library.index.search(connection, Query(text)), ["άδεια"])
    nothing = _times(lambda _: library.index.sync(library.connect, library.transaction), [""] * 50)
    yield f"{size:,}: sync of one change", _spread(synced), "p95 ≤ 150 ms"
    yield f"{size:,}: sync where nothing changed", _spread(nothing), "≤ 1 ms"
    yield f"{size:,}: first query of a new generation", _spread(searched), "≤ 100 ms"


def _times(action: Callable[[str], object], asked: Sequence[str]) -> list[Time]:
    """How long each call takes, by the clock and of the processor."""
    times = []
    for text in asked:
        clock, processor = time.perf_counter(), time.thread_time()
        action(text)
        times.append(Time(time.perf_counter() - clock, time.thread_time() - processor))
    return times


def _spread(times: Sequence[Time]) -> str:
    """The median and the 95th of a hundred, in milliseconds."""
    clock = _percentiles([t.clock for t in times])
    return f"{clock} (processor: {_percentiles([t.processor for t in times])})"


def _percentiles(seconds: Sequence[float]) -> str:
    ordered = sorted(each * 1000 for each in seconds)
    late = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return f"p50 {statistics.median(ordered):.2f} ms, p95 {late:.2f} ms"


def _processor() -> float:
    """Seconds of the processor that this process and its builders have used."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


WORKER = """
import sys, sqlite3
from pathlib import Path
from benchmarks.passages import queries
from indexer import Index, Query
folder = Path(sys.argv[1])
connection = sqlite3.connect(folder / "documents.db")
index = Index("public", folder / "index" / "public", "public_document")
for text in queries(300):
    index.search(connection, Query(text))
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmRSS"):
        print(int(line.split()[1]) // 1024)
"""


def _worker(folder: Path) -> int:
    """Megabytes that a process holds after it answered 300 different queries."""
    command = [sys.executable, "-c", WORKER, str(folder)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return int(done.stdout)
