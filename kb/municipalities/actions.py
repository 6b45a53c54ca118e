"""What follows where a municipality approves differently from now on."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

# Told, within the transaction, of a municipality whose setting or coordinators have changed.
APPROVAL_CHANGED: list[Callable[[Database, str], None]] = []


def approval_changed(db: Database, code: str) -> None:
    """Let the features above see to what waits for that municipality's approval."""
    for follow in APPROVAL_CHANGED:
        follow(db, code)
