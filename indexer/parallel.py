"""A full build on two processors: each writes a segment of its own, then they become one index.

Other processes are started rather than forked, since a worker of the web server has threads.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from whoosh import index as whoosh_index
from whoosh.index import TOC

from indexer import build

# Below this many documents, starting processes costs more than it saves.
WORTHWHILE = 1500
MOST_PROCESSES = 4
_BATCH = 25
_COMMAND = "import sys; from indexer.parallel import build_part; build_part(sys.argv[1])"


def processors() -> int:
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def create(
    folder: Path, rows: Iterable[Sequence[Any]], progress: build.Progress | None = None
) -> int:
    """As `build.create`, with a process for each processor."""
    parts = [folder / f"part-{number}" for number in range(processors())]
    builders = [_start(part) for part in parts]
    try:
        count = _feed([cast(IO[bytes], builder.stdin) for builder in builders], rows, progress)
        failed = [builder.wait() for builder in builders]
    except BaseException:
        for builder in builders:
            builder.kill()
            builder.wait()
        raise
    if any(failed):
        raise RuntimeError(f"a builder ended with {failed}")
    _join(folder, parts)
    return count


def _start(part: Path) -> subprocess.Popen[bytes]:
    part.mkdir()
    package = str(Path(__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": package}
    command = [sys.executable, "-c", _COMMAND, str(part)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603


def _feed(
    inputs: list[IO[bytes]], rows: Iterable[Sequence[Any]], progress: build.Progress | None
) -> int:
    """Deal the rows out in batches, to each builder in turn."""
    count = 0
    source = iter(rows)
    while True:
        for stream in inputs:
            batch = list(islice(source, _BATCH))
            if not batch:
                for each in inputs:
                    each.close()
                return count
            pickle.dump(batch, stream, pickle.HIGHEST_PROTOCOL)
            count += len(batch)
            if progress:
                progress(count)


def _received(stream: IO[bytes]) -> Iterator[Sequence[Any]]:
    while True:
        try:
            batch = pickle.load(stream)  # noqa: S301 (our own parent wrote it)
        except EOFError:
            return
        yield from batch


def _join(folder: Path, parts: list[Path]) -> None:
    """Make the segments of all parts one index in `folder`."""
    index = whoosh_index.create_in(str(folder), build.schema())
    segments = []
    for part in parts:
        for segment in whoosh_index.open_dir(str(part))._segments():
            segments.append(segment)
            for path in part.glob(f"{segment.segment_id()}.*"):
                path.rename(folder / path.name)
        for path in part.iterdir():
            path.unlink()
        part.rmdir()
    TOC(build.schema(), segments, 1).write(index.storage, index.indexname)
    (folder / f"_{index.indexname}_0.toc").unlink()


def build_part(folder: str) -> None:
    """What a process of its own does: write an index of the rows that it is sent."""
    gc.disable()  # the process ends before it could pay
    build.create(Path(folder), _received(sys.stdin.buffer))
