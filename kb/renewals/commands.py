"""The chore of the worker that asks municipalities whether their practices are still true."""

from __future__ import annotations

from datetime import timedelta

from sqlite_utils import Database

from kb import mail
from kb.chores import every
from kb.renewals import actions


def ask_municipalities(db: Database) -> None:
    """Write the letters that are due by now."""
    actions.ask(db, actions.present())


mail.CHORES.append(every(timedelta(hours=1), ask_municipalities))
