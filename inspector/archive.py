"""The zip archive that an office file is: its size, its names and its parts, before any is read."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from inspector.findings import Refused
from inspector.kinds import ZIP
from inspector.limits import ENTRIES, PARSED, RATIO, SMALL, UNPACKED, UNPACKED_ENTRY

END = struct.Struct("<4sHHHHIIH")
END_MARK = b"PK\x05\x06"
CHUNK = 1 << 16
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def opened(source: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive, once its directory says nothing that is out of proportion. Raises Refused."""
    _look_at_ends(source)
    try:
        with zipfile.ZipFile(source) as archive:
            _look_at_directory(archive)
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error) as error:
        raise Refused("unreadable") from error


def _look_at_ends(source: BinaryIO) -> None:
    """The first entry begins the file and the directory ends it; nothing stands around them."""
    source.seek(0)
    head = source.read(1024)
    size = source.seek(0, 2)
    source.seek(max(0, size - END.size))
    tail = source.read()
    if not head.startswith(ZIP) or len(tail) < END.size:
        raise Refused("unreadable")
    mark, _disk, _first, here, entries, length, offset, comment = END.unpack(tail)
    if mark != END_MARK or comment or b"%PDF-" in head:
        source.seek(max(0, size - 70_000))
        raise Refused("polyglot" if END_MARK in source.read() else "unreadable")
    if here != entries or offset + length + END.size != size:
        raise Refused("polyglot")
    if entries > ENTRIES:
        raise Refused("bomb")


def _look_at_directory(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if not entries or min(entry.header_offset for entry in entries) != 0:
        raise Refused("polyglot")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names) or any(map(_leads_astray, names)):
        raise Refused("unreadable")
    for entry in entries:
        if entry.flag_bits & ENCRYPTED:
            raise Refused("encrypted")
        if entry.compress_type not in METHODS:
            raise Refused("unreadable")
        if entry.file_size > UNPACKED_ENTRY or _is_out_of_proportion(
            entry.file_size, entry.compress_size
        ):
            raise Refused("bomb")
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED or _is_out_of_proportion(unpacked, packed):
        raise Refused("bomb")


def _leads_astray(name: str) -> bool:
    return (
        name.startswith("/")
        or "\\" in name
        or "\0" in name
        or ":" in name.partition("/")[0]
        or ".." in name.split("/")
    )


def _is_out_of_proportion(unpacked: int, packed: int) -> bool:
    return unpacked > SMALL and unpacked > RATIO * packed


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part, piece by piece; never more of it than the directory said."""
    with archive.open(name) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def whole(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part that is read whole. Raises Refused."""
    try:
        entry = archive.getinfo(name)
    except KeyError as error:
        raise Refused("unreadable") from error
    if entry.file_size > PARSED:
        raise Refused("bomb")
    return archive.read(entry)


def part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """A part as a stream."""
    return archive.open(name)
