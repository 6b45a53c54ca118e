"""The store: one writer at a time, all or nothing, and nothing acknowledged is lost."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from kb import migrations
from kb.db import SchemaMismatch, connect, now, transaction

WRITER = """
import sys
from pathlib import Path
from kb.db import connect, now, transaction
db = connect(Path(sys.argv[1]))
while True:
    with transaction(db):
        cursor = db.execute("INSERT INTO feedback (page, message, language, created_at)"
                            " VALUES ('', 'word', 'el', ?)", (now(),))
    print(cursor.lastrowid, flush=True)
"""


def rows(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM feedback").fetchone()[0])


def write(db: Database) -> None:
    db.execute(
        "INSERT INTO feedback (page, message, language, created_at) VALUES ('', '', 'el', ?)",
        (now(),),
    )


@pytest.fixture
def store(instance: Path) -> Path:
    return instance / "library.sqlite3"


def test_settings_that_keep_what_was_acknowledged(db: Database) -> None:
    found = {
        name: db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
    }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0,
    }  # fmt: skip


def test_an_error_inside_undoes_everything(db: Database) -> None:
    def fail() -> None:
        with transaction(db):
            write(db)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (rows(db), db.conn.in_transaction) == (0, False)


def test_full_disk_is_told_as_such_and_leaves_nothing_open(db: Database) -> None:
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(sqlite3.OperationalError) as caught, transaction(db):
        db.execute("INSERT INTO feedback VALUES (1, '', ?, '', 'el', '')", ("α" * 100_000,))
    assert caught.value.sqlite_errorcode == sqlite3.SQLITE_FULL
    db.execute(f"PRAGMA max_page_count = {pages + 100}")
    with transaction(db):
        write(db)
    assert rows(db) == 1


def test_commit_stands_where_the_log_cannot_be_put_away(
    db: Database,
    store: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The disk is full for the database, but not for its log."""
    monkeypatch.setattr("kb.db.CHECKPOINT_AT", 0)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (store.stat().st_size, limits[1]))
    try:
        with transaction(db):
            db.execute("INSERT INTO feedback VALUES (1, '', ?, '', 'el', '')", ("α" * 9_000,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert rows(db) == 1
    assert "write-ahead log" in caplog.text


def test_transactions_do_not_nest(db: Database) -> None:
    with pytest.raises(RuntimeError), transaction(db), transaction(db):
        pass


def _read_then_write(path: Path, times: int) -> None:
    db = connect(path)
    for _ in range(times):
        with transaction(db):
            number = rows(db)
            write(db)
            assert rows(db) == number + 1
    db.close()


def test_four_processes_that_read_and_then_write_never_fail(store: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_read_then_write, args=(store, 50)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert rows(connect(store)) == 200


def test_a_killed_writer_loses_nothing_that_it_acknowledged(store: Path) -> None:
    for acknowledgements in (1, 7, 30):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout
            for _ in range(acknowledgements):
                last = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read().split()
        db = connect(store)
        assert rows(db) >= int(rest[-1] if rest else last)
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        db.close()


def test_the_write_ahead_log_does_not_grow_without_end(store: Path) -> None:
    db = connect(store)
    log = store.with_name(store.name + "-wal")
    sizes = []
    for _ in range(12):
        with transaction(db):
            db.execute(
                "INSERT INTO feedback (page, message, language, created_at)"
                " VALUES ('', ?, 'el', ?)",
                ("α" * 1_000_000, now()),
            )
        sizes.append(log.stat().st_size)
    assert max(sizes) < 12_000_000


def test_a_store_of_another_version_is_refused_with_what_to_run(store: Path) -> None:
    db = connect(store)
    migrations.require_current(db)
    newest = migrations.known()[-1]
    db.execute("UPDATE _sqlite_migrations SET name = 'm9999_future' WHERE name = ?", (newest,))
    with pytest.raises(SchemaMismatch, match="newer version"):
        migrations.require_current(db)
    with pytest.raises(SchemaMismatch, match="newer version"):
        migrations.migrate(db)
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm9999_future'")
    with pytest.raises(SchemaMismatch, match="flask kb migrate"):
        migrations.require_current(db)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    db = connect(tmp_path / "new.sqlite3")
    assert migrations.migrate(db) == migrations.known()
    assert migrations.migrate(db) == []


def test_every_table_is_strict(db: Database) -> None:
    loose = [
        row["name"]
        for row in db.execute("PRAGMA table_list")
        if row["type"] == "table"
        and not row["strict"]
        and not row["name"].startswith(("sqlite_", "_sqlite"))
    ]
    assert loose == []


def test_the_store_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    connect(path)
    assert path.stat().st_mode & 0o077 == 0


def test_a_code_that_would_break_the_documents_is_refused(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE municipality SET region = 'a\"b'")
