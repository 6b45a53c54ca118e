"""The commands ``flask practices import`` and ``export``, and a chore of the worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, TextIO

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from sqlite_utils import Database

from kb import mail
from kb.chores import every
from kb.migrations import open_library
from kb.municipalities import store as municipalities
from kb.practices import actions, records
from kb.practices.records import BadLine

# How other kinds of files are read, by the end of their name: as lines, with what is wrong.
Reader = Callable[[Path], tuple[Iterable[bytes], list[BadLine]]]
READERS: dict[str, Reader] = {}
TELL_EVERY = 50  # practices


practices = AppGroup(
    "practices", help="Practices as JSON Lines or, to be read in, as a spreadsheet."
)


@practices.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--publish", is_flag=True, help="Publish what is read in, without a review.")
@click.option("--municipality", metavar="CODE", help="The municipality whose practices these are.")
@click.option("--all-or-nothing", is_flag=True, help="Write nothing where one line is bad.")
def import_file(
    file: BinaryIO, publish: bool, municipality: str | None, all_or_nothing: bool
) -> None:
    """Read practices from FILE, one JSON object a line, in the form of the template.

    Or from a spreadsheet (.xlsx), one practice a row, as its own template says.
    """
    db = open_library()
    codes = municipalities.by_code(db)
    if municipality and municipality not in codes:
        raise click.BadParameter(f"choose from: {', '.join(codes)}", param_hint="--municipality")
    with force_locale("en"):
        reader = READERS.get(Path(file.name).suffix.lower())
        lines, wrong = reader(Path(file.name)) if reader else (file, [])
        report = records.import_lines(
            db,
            [] if wrong and all_or_nothing else lines,
            publish=publish,
            municipality=municipality,
            all_or_nothing=all_or_nothing,
            progress=_tell,
        )
        report.bad[:0] = wrong
        for bad in report.bad:
            click.echo(f"{file.name}:{bad.line}: {bad.field}: {bad.reason}", err=True)
    bad_lines = len({bad.line for bad in report.bad})
    click.echo(
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{bad_lines} bad {'line' if bad_lines == 1 else 'lines'}."
    )
    if all_or_nothing and report.bad:
        click.echo("Nothing was written.", err=True)
    if report.bad:
        raise SystemExit(1)


def _tell(done: int, total: int) -> None:
    """A line that says how far it is: one that is written over, where somebody watches."""
    if done % TELL_EVERY and done != total:
        return
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total} practices", nl=done == total, err=True)
    elif total > TELL_EVERY:
        click.echo(f"{done} of {total} practices", err=True)


@practices.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
def export_file(file: TextIO) -> None:
    """Write every published practice to FILE, to be read in again by ``import``."""
    db = open_library()
    file.write("")  # a library without practices is an empty file, not a missing one
    count = 0
    for line in records.export_lines(db):
        file.write(line + "\n")
        count += 1
    click.echo(f"{count} practices written.", err=True)


def forget_old_drafts(db: Database) -> None:
    """Keep the promise that no save of a draft is kept for longer than said."""
    actions.forget_old_drafts(db)


mail.CHORES.append(every(timedelta(hours=1), forget_old_drafts))
