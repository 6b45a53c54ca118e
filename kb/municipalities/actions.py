"""What administrators set of a municipality, and what follows where it approves differently."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from kb.db import transaction
from kb.municipalities import store

# Told, within the transaction, of a municipality whose setting or coordinators have changed.
APPROVAL_CHANGED: list[Callable[[Database, str], None]] = []


def approval_changed(db: Database, code: str) -> None:
    """Let the features above see to what waits for that municipality's approval."""
    for follow in APPROVAL_CHANGED:
        follow(db, code)


def change_settings(db: Database, code: str, *, mailbox: str | None, approves_first: bool) -> None:
    """Set where a municipality reads mail, and whether its coordinator approves first.

    Raises NotFound.
    """
    with transaction(db):
        store.get(db, code)
        store.update_settings(db, code, mailbox, approves_first)
        approval_changed(db, code)
