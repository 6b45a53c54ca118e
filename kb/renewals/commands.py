"""The chores of the worker: ask whether practices are still true, and forget old letters."""

from __future__ import annotations

from datetime import timedelta

from sqlite_utils import Database

from kb import mail
from kb.chores import every
from kb.renewals import asking


def ask_municipalities(db: Database) -> None:
    """Write the letters that are due by now."""
    asking.ask(db, asking.present())


def forget_old_letters(db: Database) -> None:
    """Forget what is no longer needed of letters long past."""
    asking.forget_old(db, asking.present())


mail.CHORES.append(every(timedelta(hours=1), ask_municipalities))
mail.CHORES.append(every(timedelta(days=1), forget_old_letters))
