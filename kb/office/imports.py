"""An import between its preview and its end: kept in files of its own, seen by who began it."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from kb.db import NotFound, instance

FOLDER = "imports"
TOKEN = re.compile(r"[0-9a-f]{32}")
FORGOTTEN_AFTER = 24 * 3600  # seconds
# Of an import at work: one that has said nothing for so long was cut off, with nothing written.
SILENT_AFTER = 90

State = Literal["waiting", "running", "done", "failed"]


@dataclass
class Row:
    """One row of the file: what would become of it, and what is wrong with it, in words.

    ``wrong`` and ``notes``: column and reason.
    """

    number: int
    title: str = ""
    fate: str = ""
    wrong: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Import:
    """What is known of one import. ``done`` of ``total`` rows are written while it is running."""

    token: str
    member: int
    name: str
    rows: list[Row]
    state: State = "waiting"
    done: int = 0
    total: int = 0
    report: dict[str, int] = field(default_factory=dict)

    @property
    def good(self) -> list[Row]:
        return [row for row in self.rows if not row.wrong]

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.wrong]


def keep(member: int, name: str, rows: list[Row], lines: list[bytes]) -> Import:
    """Keep what may be imported until it is confirmed."""
    found = Import(secrets.token_hex(16), member, name, rows, total=len(lines))
    _folder().mkdir(mode=0o700, exist_ok=True)
    _write(_lines(found.token), b"\n".join(lines))
    save(found)
    return found


def find(token: str, member: int) -> Import:
    """The import of that name, as it stands, for who began it. Raises NotFound."""
    if not TOKEN.fullmatch(token):
        raise NotFound("not the name of an import")
    try:
        found = _import(json.loads(_facts(token).read_bytes()))
        if found.state == "running" or (found.state == "waiting" and _taken(token).exists()):
            found.state, found.done = _how_far(token)
    except FileNotFoundError as error:
        raise NotFound("no such import, or it is over") from error
    if found.member != member:
        raise NotFound("another person's import")
    return found


def _how_far(token: str) -> tuple[State, int]:
    """Of an import that somebody took to write it: whether they are still at it, and how far."""
    told = _progress(token)
    done = int(told.read_bytes()) if told.exists() else 0
    signs = [path.stat().st_mtime for path in (told, _taken(token)) if path.exists()]
    silent = time.time() - max(signs, default=0)
    return "failed" if silent > SILENT_AFTER else "running", done


def save(found: Import) -> None:
    """Keep what has become known of it."""
    _write(_facts(found.token), json.dumps(asdict(found), ensure_ascii=False).encode())


def tell(found: Import, done: int) -> None:
    """Say how many rows are written, and that somebody is still at work."""
    _write(_progress(found.token), str(done).encode())


def claim(found: Import) -> bool:
    """Whether it is this caller's to write; of several only one gets it."""
    lines = _lines(found.token)
    try:
        os.utime(lines)  # since when nothing was heard of it, should this be the last
        os.rename(lines, _taken(found.token))
    except FileNotFoundError:
        return False
    return True


def give_back(found: Import) -> None:
    """Let it be tried again."""
    try:
        os.rename(_taken(found.token), _lines(found.token))
    except FileNotFoundError:
        return


def claimed_lines(found: Import) -> Iterator[bytes]:
    """The rows that are to be written."""
    with _taken(found.token).open("rb") as lines:
        yield from lines


def forget(found: Import) -> None:
    """Remove what is kept of the rows."""
    for path in _folder().glob(f"{found.token}.*"):
        if path != _facts(found.token) or found.state != "done":
            path.unlink(missing_ok=True)


def sweep() -> None:
    """Remove what nobody came back to."""
    for path in _folder().glob("*"):
        try:
            if time.time() - path.stat().st_mtime > FORGOTTEN_AFTER:
                path.unlink()
        except FileNotFoundError:
            continue


def _folder() -> Path:
    return instance() / FOLDER


def _lines(token: str) -> Path:
    return _folder() / f"{token}.jsonl"


def _taken(token: str) -> Path:
    return _folder() / f"{token}.taken"


def _progress(token: str) -> Path:
    return _folder() / f"{token}.done"


def _facts(token: str) -> Path:
    return _folder() / f"{token}.json"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for this program's eyes only."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(beside, path)


def _import(raw: Mapping[str, Any]) -> Import:
    rows = [Row(**row) for row in raw["rows"]]
    return Import(**{**raw, "rows": rows})
