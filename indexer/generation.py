"""Generations of the index on disk: how one is made whole, taken into use, checked and cleared."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

# What decides what is written into a generation. A change to any of it makes another schema, and
# an index of another schema is rebuilt, never read.
_SHAPING = (
    "build.py", "columns.py", "document.py", "language.py", "lexicon.py", "postings.py",
    "sound.py", "surface.py", "titles.py", "data/lemmas/stems.tsv", "data/twins.tsv",
)  # fmt: skip


def _schema() -> str:
    digest = hashlib.sha256()
    for name in _SHAPING:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.hexdigest()[:16]


SCHEMA = _schema()

MANIFEST = "manifest.json"
_BUILDING = "building-"
_READY = "generation-"
_LOCK = "builder.lock"

Connect = Callable[[], sqlite3.Connection]
Transaction = Callable[[sqlite3.Connection], AbstractContextManager[object]]


@dataclass(frozen=True)
class Pointer:
    """The row of `index_state` that says which generation is in use."""

    generation: str
    sequence: int
    schema: str


@dataclass(frozen=True)
class File:
    """A file of a generation as its manifest records it."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a generation holds: of which change it is, how many documents, and its files."""

    schema: str
    sequence: int
    documents: int
    files: dict[str, File]


class Generations:
    """The folder of one index. Only the holder of `building()` may change anything in it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def path(self, generation: str) -> Path:
        return self.folder / generation

    def pointer(self, connection: sqlite3.Connection) -> Pointer | None:
        row = connection.execute(
            "SELECT generation, seq, schema FROM index_state WHERE name = ?", (self.name,)
        ).fetchone()
        return Pointer(str(row[0]), int(row[1]), str(row[2])) if row and row[0] else None

    @contextmanager
    def building(self) -> Iterator[bool]:
        """Hold the builder's lock; False if another thread or process has it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(lock)

    def begin(self, base: str | None = None) -> Path:
        """A new folder to build in, with the files of generation `base` linked into it.

        Segments are never written to again, so a hard link is as good as a copy.
        """
        building = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=self.folder))
        if base is not None:
            for name in self.manifest(base).files:
                os.link(self.path(base) / name, building / name)
        return building

    def finish(self, building: Path, sequence: int, documents: int, base: str | None) -> str:
        """Make a built folder whole and durable, and give it its name as a generation."""
        for path in building.iterdir():
            if path.suffix not in (".toc", ".seg", ".columns"):
                path.unlink()  # Whoosh's own lock file
        known = self.manifest(base).files if base else {}
        files = {path.name: _recorded(path, known) for path in sorted(building.iterdir())}
        manifest = Manifest(SCHEMA, sequence, documents, files)
        target = building / MANIFEST
        target.write_text(json.dumps(asdict(manifest), indent=1), "utf-8")
        for name in files:
            if name not in known:
                _fsync(building / name)
        _fsync(target)
        _fsync(building)
        generation = f"{_READY}{sequence}-{building.name.removeprefix(_BUILDING)}"
        building.rename(self.path(generation))
        _fsync(self.folder)
        return generation

    def activate(
        self,
        generation: str,
        sequence: int,
        connection: sqlite3.Connection,
        transaction: Transaction,
    ) -> None:
        """Point to a finished generation: from here on every reader uses it."""
        with transaction(connection):
            connection.execute(
                "INSERT INTO index_state (name, generation, seq, schema, at)"
                " VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET generation = excluded.generation,"
                " seq = excluded.seq, schema = excluded.schema, at = excluded.at",
                (self.name, generation, sequence, SCHEMA, _now()),
            )

    def clear(self, *keep: str | None) -> None:
        """Remove every generation and unfinished build but those named."""
        for path in self.folder.iterdir():
            if path.name not in keep and path.name.startswith((_BUILDING, _READY)):
                shutil.rmtree(path, ignore_errors=True)

    def manifest(self, generation: str) -> Manifest:
        stored = json.loads((self.path(generation) / MANIFEST).read_text("utf-8"))
        files = {name: File(**file) for name, file in stored.pop("files").items()}
        return Manifest(files=files, **stored)

    def problems(self, pointer: Pointer | None, deep: bool = False) -> list[str]:
        """What is wrong with the generation in use; `deep` reads every byte of it."""
        if pointer is None:
            return ["no index has been built yet"]
        if pointer.schema != SCHEMA:
            return [f"the index is of schema {pointer.schema}, this code reads {SCHEMA}"]
        try:
            manifest = self.manifest(pointer.generation)
        except (OSError, ValueError, TypeError, KeyError) as error:
            return [f"{pointer.generation}: no readable manifest ({type(error).__name__})"]
        if (manifest.schema, manifest.sequence) != (pointer.schema, pointer.sequence):
            return [f"{pointer.generation}: the manifest is of another schema or change"]
        return self._damaged(pointer.generation, manifest, deep)

    def _damaged(self, generation: str, manifest: Manifest, deep: bool) -> list[str]:
        found = []
        for name, file in manifest.files.items():
            path = self.path(generation) / name
            try:
                right = path.stat().st_size == file.size
                right = right and (not deep or _sha256(path) == file.sha256)
            except OSError:
                right = False
            if not right:
                found.append(f"{generation}/{name}: missing or damaged")
        return found


def _recorded(path: Path, known: dict[str, File]) -> File:
    return known.get(path.name) or File(path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
