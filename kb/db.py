"""The SQLite store: how it is opened, and the one way to write to it."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from click import ClickException
from flask import Flask, current_app, g
from sqlite_utils import Database

FILENAME = "library.sqlite3"
GATE = "write.lock"

log = logging.getLogger("kb.db")

# A commit must not meet a reset of the write-ahead log from another process (the "WAL-reset bug"
# of SQLite before 3.51.3), so nothing checkpoints by itself: transaction() does it under the
# gate, once the log has grown past this many bytes.
CHECKPOINT_AT = 4 * 1024 * 1024

PRAGMAS = """
PRAGMA busy_timeout = 10000;
PRAGMA foreign_keys = ON;
PRAGMA trusted_schema = OFF;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 0;
"""


class NotFound(Exception):
    """What was asked for does not exist, or is not for the person who asks."""


class SchemaMismatch(ClickException):
    """The store is missing, or its tables are not those that this program works with.

    Its message is a sentence that says what to run.
    """


def now() -> str:
    """The present moment in UTC, as stored: ``2026-11-22T01:02:03Z``."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def connect(path: Path) -> Database:
    """Open the store at ``path`` (created where missing), in autocommit mode.

    Rows come back as ``sqlite3.Row``. Write only inside ``transaction()``.
    """
    # Both the file and its write-ahead log hold unpublished text.
    if not path.exists():
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.executescript(PRAGMAS)
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    return Database(connection, execute_plugins=False)


def path_of(db: Database) -> Path:
    """The file that ``db`` is open on."""
    return Path(db.conn.execute("PRAGMA database_list").fetchone()["file"])


@contextmanager
def gate(db: Database) -> Iterator[None]:
    """Hold the write gate: one lock for all threads and processes that write to this store."""
    lock = os.open(path_of(db).with_name(GATE), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """Everything written inside is committed together, or nothing is.

    Takes the write gate, then ``BEGIN IMMEDIATE``; transactions do not nest. When the block ends
    without an error, the change is on the disk (``synchronous=FULL``) before this returns.
    """
    if db.conn.in_transaction:
        raise RuntimeError("transaction() does not nest: pass the open one down instead")
    with gate(db):
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.conn.execute("COMMIT")
        except BaseException:
            _roll_back(db)
            raise
        _checkpoint(db)


def _roll_back(db: Database) -> None:
    """A full disk ended it by itself; another ROLLBACK would fail, and hide what happened."""
    if db.conn.in_transaction:
        db.conn.execute("ROLLBACK")


def _checkpoint(db: Database) -> None:
    """What was committed stands, whether this succeeds or has to wait for the next time."""
    wal = path_of(db).with_name(FILENAME + "-wal")
    if wal.exists() and wal.stat().st_size > CHECKPOINT_AT:
        try:
            db.conn.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.OperationalError:
            log.exception("the write-ahead log could not be put into the database")


@contextmanager
def forgetting(db: Database) -> Iterator[None]:
    """What is deleted within the block is gone from the disk at its end, not only from the tables.

    A reader that is at work may keep the log until the next such block, or the next restart.
    """
    db.conn.execute("PRAGMA secure_delete = ON")
    try:
        yield
        with gate(db):
            db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.conn.execute("PRAGMA secure_delete = OFF")


def instance() -> Path:
    """This installation's folder (``KB_INSTANCE``)."""
    return Path(current_app.config["INSTANCE"])


def get_db() -> Database:
    """The connection of the present request or command, opened at its first use.

    Raises SchemaMismatch where there is no instance folder to open it in.
    """
    if "db" not in g:
        if not instance().is_dir():
            raise SchemaMismatch(f"There is no library in {instance()}. Run: flask kb init")
        g.db = connect(instance() / FILENAME)
    return g.db  # type: ignore[no-any-return]


def close_db(_error: BaseException | None = None) -> None:
    """Close the connection of this request, if it opened one."""
    db = g.pop("db", None)
    if db is not None:
        db.close()


def init_app(app: Flask) -> None:
    """Close each request's connection when it ends."""
    app.teardown_appcontext(close_db)
