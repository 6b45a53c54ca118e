"""The commands ``flask files check`` and ``flask files sweep``, which the worker does too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import mail
from kb.attachments import upkeep
from kb.chores import every
from kb.migrations import open_library

files = AppGroup("files", help="Look after the uploaded files.")


@files.command()
@click.option("--quick", is_flag=True, help="Look at names and sizes only, not at every byte.")
def check(quick: bool) -> None:
    """Say which files are missing or damaged; ends with 1 where one is."""
    faults = list(upkeep.faults(open_library(), thorough=not quick))
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"{len(faults)} faults." if faults else "Every file is in its place.")
    if faults:
        raise SystemExit(1)


@files.command()
def sweep() -> None:
    """Remove files that no practice names any more, and what interrupted uploads left behind."""
    swept = upkeep.sweep(open_library(), datetime.now(UTC))
    click.echo(
        f"{swept.files} files without a row removed, {swept.rows} rows that nothing names,"
        f" {swept.unfinished} interrupted uploads."
    )


def sweep_files(db: Database) -> None:
    """The same while the worker runs."""
    upkeep.sweep(db, datetime.now(UTC))


mail.CHORES.append(every(timedelta(days=1), sweep_files))
