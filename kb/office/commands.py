"""Spreadsheets for the command ``flask practices import``, and a chore of the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import click
from sqlite_utils import Database

from kb import mail
from kb.chores import every
from kb.db import get_db
from kb.office import importing, imports
from kb.office.actions import NotTaken
from kb.practices.records import BadLine

LANGUAGE = "en"  # in which the command speaks, and reads numbers


def read_sheet(path: Path) -> tuple[Iterable[bytes], list[BadLine]]:
    """The rows of a spreadsheet as lines, and the cells that cannot be read."""
    try:
        found = importing.read(get_db(), path, path.name, LANGUAGE)
    except NotTaken as trouble:
        raise click.ClickException(trouble.sentence) from trouble
    for note in found.notes:
        click.echo(f"{path}:{note.line}: {note.field}: {note.reason}", err=True)
    return found.lines, found.bad


def forget_imports(_db: Database) -> None:
    """Remove the imports that nobody came back to."""
    imports.sweep()


mail.CHORES.append(every(timedelta(hours=1), forget_imports))
