"""Backups: the whole of an installation in one archive, checked by opening it, and put back."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

import click
from sqlite_utils import Database

from kb import config
from kb.db import FILENAME, get_db, instance, now

MANIFEST = "manifest.json"
FILES = "files"
SETTINGS = (config.SECRET_FILE, "config.py")
CHUNK = 1024 * 1024


class BadBackup(click.ClickException):
    """An archive that cannot be relied on; its message says why."""


def write(db: Database, folder: Path, archive: Path) -> None:
    """Put the database, files and settings of the installation in ``folder`` into ``archive``.

    The library may be in use meanwhile. The archive appears under its name when it is whole and
    on the disk; only its owner can read it, since it holds the secret key and unpublished text.
    """
    part = archive.with_name(archive.name + ".part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as output, TemporaryDirectory(dir=folder) as scratch:
            copy = Path(scratch) / FILENAME
            _copy_database(db, copy)
            with tarfile.open(fileobj=output, mode="w:gz", compresslevel=6) as tar:
                _add_all(tar, folder, copy)
            output.flush()
            os.fsync(output.fileno())
        part.replace(archive)
    except BaseException:
        # Half of it is of no use, and holds what nobody else may read.
        part.unlink(missing_ok=True)
        raise
    _sync_folder(archive.parent)


def _copy_database(db: Database, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        db.conn.backup(copy)
        # One file without a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")


def _add_all(tar: tarfile.TarFile, folder: Path, copy: Path) -> None:
    sums = {}
    for name, path in [(FILENAME, copy), *_kept(folder)]:
        tar.add(path, name, recursive=False)
        with path.open("rb") as file:
            sums[name] = _sum(file)
    manifest = json.dumps({"made_at": now(), "sha256": sums}, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(manifest)
    tar.addfile(entry, io.BytesIO(manifest))


def _kept(folder: Path) -> Iterator[tuple[str, Path]]:
    """What stands beside the database; neither the index nor files that are still coming in."""
    for name in SETTINGS:
        if (folder / name).is_file():
            yield name, folder / name
    for path in sorted((folder / FILES).glob("??/??/*")):
        yield path.relative_to(folder).as_posix(), path


def _sum(file: IO[bytes]) -> str:
    digest = sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def verify(archive: Path) -> dict[str, int]:
    """Open the archive and everything in it; returns how many practices and files it holds.

    Raises BadBackup.
    """
    with TemporaryDirectory() as scratch:
        return _unpack(archive, Path(scratch))


def restore(archive: Path, folder: Path) -> dict[str, int]:
    """Make the installation of ``archive`` in ``folder``, which holds no library yet.

    Nothing is put in its place before all of it was checked. Raises BadBackup.
    """
    for name in (FILENAME, *SETTINGS, FILES):
        if _holds_something(folder / name):
            raise BadBackup(f"{folder / name} is there already. Choose another KB_INSTANCE.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        counts = _unpack(archive, Path(scratch))
        shutil.rmtree(folder / FILES, ignore_errors=True)
        # The database last: where it is, everything is.
        for name in (*SETTINGS, FILES, FILENAME):
            if (Path(scratch) / name).exists():
                (Path(scratch) / name).replace(folder / name)
        _sync_folder(folder)
    return counts


def _holds_something(path: Path) -> bool:
    return any(each.is_file() for each in (path, *path.rglob("*")))


def _unpack(archive: Path, folder: Path) -> dict[str, int]:
    sums: dict[str, str] = {}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                sums[member.name] = _take_out(tar, member, folder)
        said = json.loads((folder / MANIFEST).read_bytes())["sha256"]
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BadBackup(f"{archive} is not a whole backup: {error}") from error
    del sums[MANIFEST]
    if said != sums:
        wrong = sorted(set(said.items()) ^ set(sums.items()))
        raise BadBackup(f"{archive} is not what was backed up, first {wrong[0][0]}.")
    return _check(archive, folder)


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    path = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isreg() else None
    if source is None or path.is_absolute() or ".." in path.parts:
        raise ValueError(f"it holds {member.name!r}")
    target = folder / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    digest = sha256()
    with os.fdopen(handle, "wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _check(archive: Path, folder: Path) -> dict[str, int]:
    """Count what the database holds, after it was found whole and with all its files."""
    try:
        with closing(sqlite3.connect(folder / FILENAME)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            files = [row[0] for row in connection.execute("SELECT sha256 FROM file")]
            practices = connection.execute("SELECT count(*) FROM practice").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"The database in {archive} cannot be read: {error}") from error
    if problems != ["ok"] or broken:
        raise BadBackup(f"The database in {archive} is damaged.")
    for name in files:
        if not (folder / FILES / name[:2] / name[2:4] / name).is_file():
            raise BadBackup(f"{archive} lacks the file {name}.")
    return {"practices": practices, "files": len(files)}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


ARCHIVE = click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@ARCHIVE
def backup_command(archive: Path) -> None:
    """Put everything into ARCHIVE (.tar.gz), and check it by opening it."""
    if archive.exists():
        raise BadBackup(f"{archive} is there already.")
    write(get_db(), instance(), archive)
    _say("Backed up", verify(archive), archive)


@click.command("verify")
@ARCHIVE
def verify_command(archive: Path) -> None:
    """Open the backup ARCHIVE and everything in it."""
    _say("In order", verify(archive), archive)


@click.command("restore")
@ARCHIVE
def restore_command(archive: Path) -> None:
    """Make the installation anew from ARCHIVE, where there is none."""
    _say("Restored", restore(archive, instance()), archive)


def _say(what: str, counts: dict[str, int], archive: Path) -> None:
    click.echo(f"{what}: {counts['practices']} practices, {counts['files']} files ({archive}).")


COMMANDS = (backup_command, verify_command, restore_command)
