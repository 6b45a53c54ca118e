"""The commands that set an installation up and look after it."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import backup, config, db, health, mail, migrations
from kb.accounts import membership
from kb.accounts.commands import members as members_group
from kb.attachments import upkeep
from kb.moderation.commands import moderation as moderation_group
from kb.municipalities import store as municipalities
from kb.office.commands import read_sheet
from kb.practices import records
from kb.practices import store as practices
from kb.practices.commands import READERS
from kb.practices.commands import practices as practices_group
from kb.search.commands import follow, follow_store, followed
from kb.search.syncing import indexes
from kb.vocabularies import store as vocabularies

DEMO = Path(__file__).parent / "practices" / "demo" / "practices.jsonl"
FOLDERS = ("index", "files", "mail")

# Several at once save the time of starting: flask kb init demo demo-links.
group = AppGroup("kb", chain=True, help="Set the library up and look after it.")


@group.command()
def init() -> None:
    """Make the instance folder, secret key, database, vocabularies and municipalities.

    What is there stays as it is.
    """
    folder = db.instance()
    try:
        for place in (folder, *(folder / name for name in FOLDERS)):
            os.makedirs(place, mode=0o700, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{folder} cannot be made or written to ({error.strerror})."
            " Choose another folder: KB_INSTANCE=PATH"
        ) from error
    if config.create_secret_key(folder):
        click.echo(f"Secret key made: {folder / config.SECRET_FILE}")
    store = db.get_db()
    _say_migrated(migrations.migrate(store))
    _add_missing(store)
    follow(indexes())


@group.command()
def migrate() -> None:
    """Bring the database to the schema and the vocabularies of this version of the program."""
    store = db.get_db()
    _say_migrated(migrations.migrate(store))
    _add_missing(store)


def _add_missing(store: Database) -> None:
    """The terms and municipalities that a version comes with; what is there stays as it is."""
    with db.transaction(store):
        terms = vocabularies.insert_missing(store)
        places = municipalities.insert_missing(store)
        if terms or places:
            practices.note_change(store, None)
    click.echo(f"Vocabularies: {terms} terms added. Municipalities: {places} added.")


def _say_migrated(names: list[str]) -> None:
    for name in names:
        click.echo(f"Migration applied: {name}")
    if not names:
        click.echo("The database has the current schema.")


@group.command()
def check() -> None:
    """Say whether everything is fit to serve; ends with 1 where something is not."""
    config.check(current_app)
    store = migrations.open_library()
    findings = health.problems()
    findings["integrity"] = [
        row[0] for row in store.execute("PRAGMA integrity_check") if row[0] != "ok"
    ]
    findings["references"] = [
        f"{row['table']} {row['rowid']} refers to a missing {row['parent']}"
        for row in store.execute("PRAGMA foreign_key_check")
    ]
    findings["files"] = list(upkeep.faults(store, thorough=False))
    findings["mail"] = mail.faults(store)
    for name, wrong in findings.items():
        click.echo(f"{name}: {'; '.join(wrong) if wrong else 'in order'}")
    if any(findings.values()):
        raise SystemExit(1)


@group.command()
def demo() -> None:
    """Put the demo library into a database that holds no practice yet."""
    store = migrations.open_library()
    if practices.count(store):
        click.echo("There are practices already; the demo library is left out.")
        return
    with DEMO.open("rb") as lines:
        report = records.import_lines(store, lines, publish=True, all_or_nothing=True)
    if report.bad:
        raise click.ClickException(f"The demo library does not fit: {report.bad[0]}")
    click.echo(f"Demo library: {report.added} practices published.")
    follow(indexes())


@group.command("demo-links")
def demo_links() -> None:
    """Print a link, good for one use, for each of the three people of the demo library."""
    links = membership.demo_links(migrations.open_library())
    if links:
        click.echo("Links to sign in to the demo, for one use each:")
    for member, url in links:
        click.echo(f"  {member.role + ':':<15}{url}")


for command in backup.COMMANDS:
    group.add_command(command)

# After the chores of the features, some of which change what can be found.
mail.CHORES.append(follow_store)


def init_app(app: Flask) -> None:
    """Add the commands to ``flask``."""
    READERS[".xlsx"] = read_sheet
    app.cli.add_command(group)
    app.cli.add_command(followed(practices_group))
    app.cli.add_command(followed(moderation_group))
    app.cli.add_command(members_group)
