"""The command ``flask moderation publish-due``, and what the worker does of moderation."""

from __future__ import annotations

from datetime import timedelta

import click
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import mail
from kb.chores import every
from kb.db import transaction
from kb.migrations import open_library
from kb.moderation import actions, undoing

moderation = AppGroup("moderation", help="What moderation does by itself.")


@moderation.command("publish-due")
def publish_due() -> None:
    """Publish what was approved for a time that has come."""
    click.echo(f"{actions.publish_due(open_library())} published.")


def publish_planned(db: Database) -> None:
    """The same while the worker runs, which then sees to search."""
    actions.publish_due(db)


def forget_decisions(db: Database) -> None:
    """Forget the drafts that were kept so that a decision could be taken back."""
    with transaction(db):
        undoing.forget_old(db)


mail.CHORES.append(publish_planned)
mail.CHORES.append(every(timedelta(hours=1), forget_decisions))
