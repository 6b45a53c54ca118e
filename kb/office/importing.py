"""Many practices from one file: looked through row by row, then written all at once."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from flask import Flask, current_app
from sqlite_utils import Database

import inspector
from inspector import sheet
from kb import files, i18n
from kb.access import Member
from kb.db import get_db
from kb.office import imports, model, table
from kb.office.actions import NotTaken, names
from kb.office.imports import Import, Row
from kb.office.slots import speaking
from kb.office.table import Lines
from kb.practices import records
from kb.practices.actions import known_codes
from kb.practices.records import BadLine

NAME_LENGTH = 100
TITLE_LENGTH = 110
TELL_EVERY = 0.5  # seconds

log = logging.getLogger("kb.office")


def look_through(db: Database, stream: IO[bytes], name: str, member: Member) -> Import:
    """What an uploaded file would bring, kept until it is confirmed. Raises NotTaken."""
    imports.sweep()
    with files.temporary() as path:
        try:
            files.receive(stream, path, model.MOST_BYTES)
        except files.TooLarge as error:
            raise NotTaken(str(model.TOO_LARGE)) from error
        lines = read(db, path, name, i18n.current())
    found = _rows(db, lines)
    good = {row.number for row in found if not row.wrong}
    kept = [line for number, line in enumerate(lines.lines, start=1) if number in good]
    return imports.keep(member.id, name[-NAME_LENGTH:], found, kept)


def read(db: Database, path: Path, name: str, language: str) -> Lines:
    """The file as lines for the import. Raises NotTaken."""
    if name.lower().endswith((".jsonl", ".ndjson")):
        lines = path.read_bytes().split(b"\n")
        if sum(1 for line in lines if line.strip()) > model.MOST_ROWS:
            raise NotTaken(str(model.TOO_MANY_ROWS))
        return Lines(lines, {})
    try:
        found = sheet.from_plain(inspector.read(path, "xlsx"))
    except inspector.Refused as refused:
        raise NotTaken(model.sentence(refused.reason, "XLSX")) from refused
    return table.lines_of(found, names(db), language)


def _rows(db: Database, lines: Lines) -> list[Row]:
    rows: dict[int, Row] = {}

    def row(number: int) -> Row:
        return rows.setdefault(number, Row(number, _title(lines.lines[number - 1])))

    def tell(bad: BadLine) -> None:
        row(bad.line).wrong.append(_told(bad, lines))

    for bad in lines.bad:
        tell(bad)
    for item in records.read(lines.lines, known_codes(db)):
        if isinstance(item, BadLine):
            tell(item)
            continue
        fate = records.foresee(db, item)
        if isinstance(fate, BadLine):
            tell(fate)
        else:
            row(item.line).fate = fate
    for note in lines.notes:
        row(note.line).notes.append(_told(note, lines))
    return [rows[number] for number in sorted(rows)]


def _told(bad: BadLine, lines: Lines) -> tuple[str, str]:
    column = lines.column_of(bad.field)
    return (f"{column} ({bad.field})" if column else bad.field), str(bad.reason)


def _title(line: bytes) -> str:
    """What a row is about, where that can be seen."""
    try:
        title = str(i18n.text(json.loads(line).get("title")).value)
        return title.encode("utf-8", "replace").decode("utf-8")[:TITLE_LENGTH]
    except (ValueError, AttributeError, RecursionError, TypeError):
        return ""


def begin(found: Import, member: Member) -> None:
    """Write the good rows, in a thread of its own: the page tells how far it is."""
    if found.state not in ("waiting", "failed"):
        return
    if found.state == "failed":
        imports.give_back(found)
    if not imports.claim(found):
        return
    imports.tell(found, 0)
    found.state = "running"
    imports.save(found)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    work = (app, found, member, i18n.current())
    threading.Thread(target=_work, args=work, name="import", daemon=True).start()


def _work(app: Flask, found: Import, member: Member, language: str) -> None:
    with app.app_context(), speaking(language):
        try:
            report = _write(found, member)
        except Exception:
            log.exception("an import failed")
            found.state = "failed"
            imports.save(found)
            imports.give_back(found)
            return
        found.state, found.done = "done", found.total
        found.report = {
            "added": report.added,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": len({bad.line for bad in report.bad}),
        }
        if report.bad:
            _say_what_changed_meanwhile(found, report.bad)
        imports.save(found)
        imports.forget(found)
        # Search is another feature: it registers itself, and follows every change it is told of.
        if "search" in app.extensions:
            app.extensions["search"].sync_soon()


def _write(found: Import, member: Member) -> records.Report:
    told = time.monotonic()

    def progress(done: int, _total: int) -> None:
        nonlocal told
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            imports.tell(found, done)

    lines = imports.claimed_lines(found)
    return records.import_lines(
        get_db(), lines, all_or_nothing=True, member=member, progress=progress
    )


def _say_what_changed_meanwhile(found: Import, bad: Iterable[BadLine]) -> None:
    """Since the preview a row became one that cannot be written: then none is."""
    numbers = [row.number for row in found.good]
    by_number = {row.number: row for row in found.rows}
    for each in bad:
        by_number[numbers[each.line - 1]].wrong.append((each.field, str(each.reason)))
