"""How often the worker does a chore: remembered in the store, so that a restart changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TypeVar

from sqlite_utils import Database

from kb.db import transaction

Chore = Callable[[Database], None]
T = TypeVar("T")

log = logging.getLogger("kb.chores")

# A chore that failed, or whose worker ended amidst it, is done again after this long.
AGAIN = timedelta(minutes=15)


def every(pace: timedelta, chore: Chore) -> Chore:
    """The chore for ``mail.CHORES``, done once in ``pace`` by whichever worker comes first.

    ``mail.CHORES.append(every(timedelta(days=1), sweep))``. Its name is remembered: two chores
    need two names. What needs to be done at each look of the worker is appended as it is.
    """

    @wraps(chore)
    def paced(db: Database) -> None:
        if begun := _claim(db, chore.__name__, pace):
            chore(db)
            _put(db, chore.__name__, begun + pace)

    return paced


def each(things: Iterable[T], deed: Callable[[T], bool]) -> int:
    """Do it with each thing by itself; returns with how many it was done.

    Where one fails, the log says so, and the others are done nevertheless.
    """
    done = 0
    for thing in things:
        try:
            done += deed(thing)
        except Exception:
            log.exception("a part of a chore failed", extra={"fields": {"deed": deed.__qualname__}})
    return done


def _claim(db: Database, name: str, pace: timedelta) -> datetime | None:
    """Take the chore, where it is due; returns since when."""
    begun = datetime.now(UTC)
    if not _is_due(db, name, pace, begun):
        return None
    with transaction(db):
        if not _is_due(db, name, pace, begun):
            return None  # another worker took it meanwhile
        _write(db, name, begun + min(pace, AGAIN))
    return begun


def _is_due(db: Database, name: str, pace: timedelta, when: datetime) -> bool:
    """A moment farther away than the pace is of a clock that went wrong, and holds nothing up."""
    row = db.execute("SELECT next_at FROM chore WHERE name = ?", (name,)).fetchone()
    return not row or not _stored(when) < row["next_at"] <= _stored(when + pace)


def _put(db: Database, name: str, due: datetime) -> None:
    with transaction(db):
        _write(db, name, due)


def _write(db: Database, name: str, due: datetime) -> None:
    db.execute("INSERT OR REPLACE INTO chore (name, next_at) VALUES (?, ?)", (name, _stored(due)))


def _stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
