"""The commands ``flask practices import`` and ``flask practices export``."""

from __future__ import annotations

from typing import BinaryIO, TextIO

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import force_locale

from kb import migrations
from kb.db import SchemaMismatch, get_db
from kb.municipalities import store as municipalities
from kb.practices import records


@click.group(cls=AppGroup)
@with_appcontext
def practices() -> None:
    """Practices as JSON Lines."""
    try:
        migrations.require_current(get_db())
    except SchemaMismatch as mismatch:
        raise click.ClickException(str(mismatch)) from mismatch


@practices.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--publish", is_flag=True, help="Publish what is read in, without a review.")
@click.option("--municipality", metavar="CODE", help="The municipality whose practices these are.")
@click.option("--all-or-nothing", is_flag=True, help="Write nothing where one line is bad.")
def import_file(
    file: BinaryIO, publish: bool, municipality: str | None, all_or_nothing: bool
) -> None:
    """Read practices from FILE, one JSON object a line, in the form of the template."""
    db = get_db()
    codes = municipalities.by_code(db)
    if municipality and municipality not in codes:
        raise click.BadParameter(f"choose from: {', '.join(codes)}", param_hint="--municipality")
    with force_locale("en"):
        report = records.import_lines(
            db, file, publish=publish, municipality=municipality, all_or_nothing=all_or_nothing
        )
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


@practices.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
def export_file(file: TextIO) -> None:
    """Write every published practice to FILE, to be read in again by ``import``."""
    file.write("")  # a library without practices is an empty file, not a missing one
    count = 0
    for line in records.export_lines(get_db()):
        file.write(line + "\n")
        count += 1
    click.echo(f"{count} practices written.", err=True)
