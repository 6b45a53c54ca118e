"""What administrators do with the municipalities of the network: add one, say what it is called."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from kb.access import Member
from kb.accounts.membership import still_administers
from kb.db import transaction
from kb.municipalities import store
from kb.municipalities.model import CodeTaken, Details, StaleDetails


def change_details(
    db: Database, actor: Member, code: str, new: Details, opened: str | None
) -> None:
    """Say what a municipality is called, where it lies, and whether it is a member.

    ``opened`` is the mark of what the typing began with. Raises StaleDetails where somebody else
    has changed it since then to something else, NotFound.
    """
    with transaction(db):
        still_administers(db, actor)
        saved = store.details(db, code)
        if saved.mark not in (opened, new.mark):
            raise StaleDetails(saved)
        if saved != new:
            store.update_details(db, code, new)


def add(db: Database, actor: Member, code: str, new: Details) -> None:
    """Take one more into the network, behind the others. Raises CodeTaken."""
    with transaction(db):
        still_administers(db, actor)
        try:
            store.insert(db, code, new)
        except sqlite3.IntegrityError as error:
            raise CodeTaken from error
