"""The bytes of uploaded files: kept under their own hash, and on the disk before their row."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from inspector.kinds import PREVIEW
from kb.db import NotFound, instance

FOLDER = "files"
# Of the same file system as the rest, so that a file moves to its place by its name alone.
INCOMING = "incoming"
CHUNK = 256 * 1024
NAME = re.compile(r"[0-9a-f]{64}")


class TooLarge(Exception):
    """More came than may; what had come by then was thrown away."""


@dataclass(frozen=True)
class Received:
    """A file that is whole and on the disk, under a temporary name."""

    path: Path
    sha256: str
    size: int


def folder() -> Path:
    """Where this installation keeps its files."""
    return instance() / FOLDER


def path_of(name: str) -> Path:
    """Where the file with this hash is, or would be. Raises NotFound for what is no hash."""
    if not NAME.fullmatch(name):
        raise NotFound("not the name of a file")
    return folder() / name[:2] / name[2:4] / name


def preview_of(path: Path) -> Path:
    """Where the smaller copy of an image is, if it has one."""
    return path.with_name(path.name + PREVIEW)


@contextmanager
def temporary() -> Iterator[Path]:
    """A name for a file on its way in; what still has it at the end is removed."""
    place = folder() / INCOMING
    _make(folder(), place)
    path = place / secrets.token_hex(16)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        preview_of(path).unlink(missing_ok=True)


def receive(source: IO[bytes], path: Path, limit: int) -> Received:
    """Write what ``source`` gives to ``path``, chunk by chunk. Raises TooLarge beyond ``limit``."""
    digest, size = sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", buffering=0) as file:
        while chunk := source.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLarge
            digest.update(chunk)
            file.write(chunk)
        os.fsync(file.fileno())
    return Received(path, digest.hexdigest(), size)


def adopt(path: Path) -> Received:
    """A file that another program wrote to a temporary name, now surely on the disk."""
    for each in filter(Path.exists, (path, preview_of(path))):
        each.chmod(0o600)
        with each.open("rb") as file:
            os.fsync(file.fileno())
    return Received(path, hash_of(path), path.stat().st_size)


def keep(received: Received) -> None:
    """Give the file its lasting name.

    For the caller's transaction, before the row: a row never names a file that a power cut could
    take away, and sweep() never meets a file whose row is about to be written.
    """
    target = path_of(received.sha256)
    _make(target.parent.parent, target.parent)
    if preview_of(received.path).exists():
        os.replace(preview_of(received.path), preview_of(target))
    os.replace(received.path, target)
    for place in (target.parent, target.parent.parent, folder()):
        _fsync(place)


def _make(*places: Path) -> None:
    """Folders for this program alone, the outer one first; parents=True would open it to others."""
    for place in places:
        place.mkdir(mode=0o700, exist_ok=True)


def _fsync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def stored() -> Iterator[Path]:
    """Every file that has its lasting name."""
    return (path for path in folder().glob("??/??/*") if NAME.fullmatch(path.name))


def previews_alone() -> Iterator[Path]:
    """Smaller copies of images that are gone, or were never recorded."""
    for path in folder().glob(f"??/??/*{PREVIEW}"):
        if not path.with_suffix("").exists():
            yield path


def unfinished() -> Iterator[Path]:
    """What is on its way in, or was when a process ended."""
    return (folder() / INCOMING).glob("*")


def is_older(path: Path, seconds: float) -> bool:
    """Whether the file was last written that long ago; one that has gone meanwhile was not."""
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False
