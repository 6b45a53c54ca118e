"""The commands ``flask files check`` and ``flask files sweep``, which the worker does too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import mail, migrations
from kb.attachments import upkeep
from kb.chores import every
from kb.db import SchemaMismatch, get_db

files = AppGroup("files", help="Look after the uploaded files.")


@files.command()
@click.option("--quick", is_flag=True, help="Look at names and sizes only, not at every byte.")
def check(quick: bool) -> None:
    """Say which files are missing or damaged; ends with 1 where one is."""
    _require_store()
    faults = list(upkeep.faults(get_db(), thorough=not quick))
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"{len(faults)} faults." if faults else "Every file is in its place.")
    if faults:
        raise SystemExit(1)


@files.command()
def sweep() -> None:
    """Remove files that no practice names any more, and what interrupted uploads left behind."""
    _require_store()
    swept = upkeep.sweep(get_db(), datetime.now(UTC))
    click.echo(
        f"{swept.files} files without a row removed, {swept.rows} rows that nothing names,"
        f" {swept.unfinished} interrupted uploads."
    )


def _require_store() -> None:
    try:
        migrations.require_current(get_db())
    except SchemaMismatch as mismatch:
        raise click.ClickException(str(mismatch)) from mismatch


def sweep_files(db: Database) -> None:
    """The same while the worker runs."""
    upkeep.sweep(db, datetime.now(UTC))


mail.CHORES.append(every(timedelta(days=1), sweep_files))
