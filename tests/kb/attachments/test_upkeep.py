"""Files and rows stay in step, whatever ends in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlite_utils import Database

from kb import files
from kb.attachments import actions, upkeep
from kb.attachments.model import Row
from kb.db import transaction
from kb.practices.model import Practice
from tests.kb.attachments import documents as made
from tests.kb.attachments.conftest import Find, Put, Send

ROOT = Path(__file__).parents[3]
NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=200)

# Uploads one file as Anna does, and dies where it is told to.
PROGRAM = """
import os, signal, sys
from io import BytesIO
from kb import create_app, files
from kb.access import Member
from kb.attachments import actions, store
from kb.db import get_db
from kb.practices import store as practices
from tests.kb.attachments import documents

instance, step = sys.argv[1:]
module, _, name = step.partition(".")
owner = {"files": files, "store": store, "practices": practices, "os": os}[module]
sound = getattr(owner, name)

def deadly(*values, **named):
    sound(*values, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(owner, name, deadly)
app = create_app({"INSTANCE": instance, "SECRET_KEY": "x" * 40, "LOG_LEVEL": "ERROR"})
with app.app_context():
    db = get_db()
    columns = "id, name, email, role, municipality, language"
    row = db.execute(f"SELECT {columns} FROM member WHERE name = 'Anna'").fetchone()
    with actions.examined(BytesIO(documents.docx("Κομμένο")), "a.docx") as found:
        actions.save(db, practices.get(db, 1), Member(**dict(row)), [found], {})
"""
# In the order in which they are done; each run ends after another one.
STEPS = (
    *("files.receive", "os.replace", "files.keep", "store.insert_file", "store.insert"),
    "practices.put_draft",
)


def bytes_of(instance: Path) -> list[Path]:
    return [path for path in (instance / "files").rglob("*") if path.is_file()]


def made_old(paths: list[Path]) -> None:
    for path in paths:
        os.utime(path, (0, 0))


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_between_any_two_steps_leaves_no_row_without_its_file(
    instance: Path, db: Database, practice: Practice, step: str
) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(instance), step],
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    assert db.execute("SELECT count(*) FROM file").fetchone()[0] == 0
    assert db.execute("SELECT count(*) FROM attachment").fetchone()[0] == 0
    assert list(upkeep.faults(db)) == []
    # What it left behind is not taken for somebody's upload under way, and then goes.
    left = bytes_of(instance)
    upkeep.sweep(db, NOW)
    assert bytes_of(instance) == left
    made_old(left)
    upkeep.sweep(db, NOW)
    assert bytes_of(instance) == []


def test_sweeping_takes_nothing_that_anybody_names(
    db: Database, practice: Practice, put: Put, instance: Path, app: Flask
) -> None:
    row = put(practice, "a.pdf", made.pdf())
    made_old(bytes_of(instance))
    assert upkeep.sweep(db, LATER) == upkeep.Swept(0, 0, 0)
    assert files.path_of(row["file"]).is_file()
    result = app.test_cli_runner().invoke(args=["files", "sweep"])
    assert result.exit_code == 0, result.output


def test_a_removed_file_goes_once_no_draft_can_bring_it_back(
    db: Database, practice: Practice, put: Put, member: Find, instance: Path
) -> None:
    row = put(practice, "a.pdf", made.pdf())
    actions.save(db, practice, member("Anna"), [], {}, [row["file"]])
    assert upkeep.sweep(db, LATER).rows == 0  # an earlier version of the draft still names it
    with transaction(db):
        db.execute("DELETE FROM draft_version")
    assert upkeep.sweep(db, NOW).rows == 0
    made_old(bytes_of(instance))
    assert upkeep.sweep(db, LATER) == upkeep.Swept(1, 1, 0)
    assert bytes_of(instance) == []
    assert db.execute("SELECT count(*) FROM file_text").fetchone()[0] == 0


def test_a_smaller_copy_goes_with_its_image(
    db: Database, practice: Practice, put: Put, instance: Path
) -> None:
    row = put(practice, "a.jpg", made.photo((1600, 1200)))
    assert len(bytes_of(instance)) == 2
    files.path_of(row["file"]).unlink()
    made_old(bytes_of(instance))
    assert upkeep.sweep(db, NOW) == upkeep.Swept(0, 0, 1)
    assert bytes_of(instance) == []


def test_every_byte_is_looked_at(db: Database, practice: Practice, put: Put, app: Flask) -> None:
    runner = app.test_cli_runner()
    rows = [put(practice, f"{word}.pdf", made.pdf(word)) for word in ("one", "two", "three")]
    assert runner.invoke(args=["files", "check"]).exit_code == 0
    files.path_of(rows[0]["file"]).unlink()
    files.path_of(rows[1]["file"]).write_bytes(b"short")
    third = files.path_of(rows[2]["file"])
    third.write_bytes(bytes(third.stat().st_size))
    result = runner.invoke(args=["files", "check"])
    assert result.exit_code == 1
    for row, word in zip(rows, ("missing", "wrong size", "changed"), strict=True):
        assert f"{word}: {row['file']}" in result.output


def test_files_are_for_their_owner_alone(send: Send, instance: Path) -> None:
    send({"a.pdf": made.pdf(), "b.jpg": made.photo()})
    assert {path.stat().st_mode & 0o777 for path in bytes_of(instance)} == {0o600}
    folders = [path for path in (instance / "files").rglob("*") if path.is_dir()]
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


def test_the_same_content_is_stored_once(
    db: Database, practice: Practice, put: Put, member: Find, instance: Path
) -> None:
    from kb.practices import actions as practices
    from tests.kb.practices.cases import CARD

    other = practices.create(db, member("Anna"), "other", CARD)
    content = made.docx()
    rows: list[Row] = [put(each, "a.docx", content) for each in (practice, other)]
    assert len({row["file"] for row in rows}) == 1
    assert len(bytes_of(instance)) == 1
    actions.save(db, practice, member("Anna"), [], {}, [rows[0]["file"]])
    assert files.path_of(rows[1]["file"]).is_file()


def test_a_full_disk_is_a_clear_page_and_nothing_half(
    send: Send, monkeypatch: pytest.MonkeyPatch, instance: Path, rows: Callable[[], list[Row]]
) -> None:
    def full(*_values: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert send({"a.pdf": made.pdf()}).status_code == 507
    assert bytes_of(instance) == []
    assert rows() == []
