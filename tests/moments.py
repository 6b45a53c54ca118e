"""Kills a process at each step of what it does in turn, and says what the disk holds afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from kb.db import FILENAME, connect

# What a step is, besides a statement that writes: a change of the disk, or a word to the mail
# server. Python tells of them by itself (sys.addaudithook).
EVENTS = frozenset({"os.rename", "os.remove", "os.mkdir", "os.link", "os.chmod", "smtplib.send"})
READING = re.compile(r"\s*(?:SELECT|WITH|EXPLAIN|--|PRAGMA(?! wal_checkpoint))", re.IGNORECASE)
# Search follows in a thread of its own, of which nobody's work depends.
BESIDE = frozenset({"follow-store", "mend-index"})

# Tables that are the same before and after, or are not what anybody did.
LEFT_OUT = re.compile(r"sqlite_|_sqlite|index_state|session|attempt|chore$")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?")

# All rows of all tables, without the moments in them.
State = list[str]
Deed = Callable[[], bool]


def state_of(instance: Path) -> State:
    """What the store says."""
    db = connect(instance / FILENAME)
    try:
        return [
            f"{table}: {MOMENT.sub('T', json.dumps(list(row), ensure_ascii=False))}"
            for table in sorted(db.table_names())
            if not LEFT_OUT.match(table)
            for row in db.execute(f'SELECT * FROM "{table}"')
        ]
    finally:
        db.close()


@dataclass(frozen=True)
class Told:
    """What is known of a process that has ended.

    ``states``: of the store at the beginning of each transaction, and at the end.
    """

    was_killed: bool
    acknowledged: bool
    states: list[State]


@dataclass(frozen=True)
class World:
    """An installation that is put back to where it was before each trial."""

    instance: Path
    kept: Path
    report: Path

    def keep(self) -> None:
        """From now on, trials begin with what is there at present."""
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(self.instance, self.kept)

    def put_back(self) -> None:
        """Everything as it was."""
        shutil.rmtree(self.instance)
        shutil.copytree(self.kept, self.instance)

    def files(self) -> list[str]:
        """The names of all files; random ones count by their ends."""
        folders = [each for each in self.instance.iterdir() if each.is_dir()]
        return sorted(
            f"{path.parent.name}/{path.suffix or path.name[:2]}"
            for folder in folders
            if folder.name != "index"
            for path in folder.rglob("*")
            if path.is_file()
        )

    def run(self, deed: Deed, kill_at: int | None = None, watch: bool = False) -> Told:
        """Do it in a process of its own, which is killed just before its step of that number."""
        self.report.unlink(missing_ok=True)
        child = os.fork()
        if not child:
            _live(deed, self, kill_at, watch)
        _pid, status = os.waitpid(child, 0)
        said: dict[str, Any] = json.loads(self.report.read_text()) if self.report.exists() else {}
        assert "error" not in said, said["error"]
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert killed or status == 0
        return Told(killed, bool(said.get("acknowledged")), said.get("states", []))


def _live(deed: Deed, world: World, kill_at: int | None, watch: bool) -> None:
    """The child's life; it never comes back."""
    try:
        moments = _Moments(world, kill_at, watch)
        sys.addaudithook(moments.hear)
        sqlite3.connect = partial(moments.connected, sqlite3.connect)
        said: dict[str, Any] = {"acknowledged": deed()}
        moments.kill_at = None
        if watch:
            said["states"] = [*moments.states, state_of(world.instance)]
    except BaseException:
        said = {"error": traceback.format_exc()}
    world.report.write_text(json.dumps(said))
    os._exit(0)


class _Moments:
    """Counts the steps of this process."""

    def __init__(self, world: World, kill_at: int | None, watch: bool) -> None:
        self.world = world
        self.kill_at = kill_at
        self.watch = watch
        self.count = 0
        self.states: list[State] = []

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS or (event == "open" and self._writes(arguments)):
            self._step()

    def connected(self, connect: Callable[..., sqlite3.Connection], *args: Any, **how: Any) -> Any:
        connection = connect(*args, **how)
        connection.set_trace_callback(self._statement)
        return connection

    def _writes(self, arguments: tuple[Any, ...]) -> bool:
        path, _mode, flags = arguments
        mine = isinstance(path, str | Path) and Path(path).is_relative_to(self.world.instance)
        return mine and bool(flags & (os.O_WRONLY | os.O_CREAT))

    def _statement(self, text: str) -> None:
        if READING.match(text):
            return
        if self.watch and text.startswith("BEGIN"):
            self.watch = False
            self.states.append(state_of(self.world.instance))
            self.watch = True
        self._step()

    def _step(self) -> None:
        if threading.current_thread().name in BESIDE:
            return
        self.count += 1
        if self.count == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
