"""The command ``flask moderation publish-due``, and the same as a chore of the worker."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import mail
from kb.db import get_db
from kb.moderation import actions

moderation = AppGroup("moderation", help="What moderation does by itself.")


@moderation.command("publish-due")
def publish_due() -> None:
    """Publish what was approved for a time that has come."""
    click.echo(f"{actions.publish_due(get_db())} published.")


def publish_planned(db: Database) -> None:
    """The same while the worker runs; search follows at once."""
    if actions.publish_due(db):
        current_app.extensions["search"].sync()


mail.CHORES.append(publish_planned)
