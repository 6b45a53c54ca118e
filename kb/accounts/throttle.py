"""Failed tries slow the next one down: per account and per address, the same in every worker."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlite_utils import Database

from kb.accounts.model import TooManyAttempts, from_now
from kb.db import now

# How long a try is remembered.
WINDOW = timedelta(hours=24)


class Limit(NamedTuple):
    """``free`` tries, then ``first`` to wait, each time twice as long, up to ``most``."""

    free: int
    first: timedelta
    most: timedelta


# An account can be locked by somebody who keeps failing on purpose, so the wait is bounded, and
# a link by mail still lets its owner in. Behind one address there may be a whole town hall.
LIMITS = {
    "password:account": Limit(5, timedelta(seconds=10), timedelta(minutes=15)),
    "password:address": Limit(30, timedelta(seconds=10), timedelta(minutes=15)),
    "mail:account": Limit(4, timedelta(minutes=1), timedelta(hours=1)),
    "mail:address": Limit(20, timedelta(minutes=1), timedelta(hours=1)),
}


def count(db: Database, kind: str, account: str, address: str) -> list[int]:
    """Count a try of ``kind`` ("password" or "mail"), within the caller's transaction.

    It is counted before it is known to fail, so that tries made at once cannot all pass.
    Returns what forgive() takes. Raises TooManyAttempts, and then nothing is counted: who waits
    as long as told gets in.
    """
    keys = {
        f"{kind}:account": _hash(kind, "account", account),
        f"{kind}:address": _hash(kind, "address", network_of(address)),
    }
    forget(db)
    if wait := max(_wait(db, key, LIMITS[limit]) for limit, key in keys.items()):
        raise TooManyAttempts(wait)
    return [
        int(db.execute("INSERT INTO attempt VALUES (?, ?)", (key, now())).lastrowid or 0)
        for key in keys.values()
    ]


def forgive(db: Database, kind: str, account: str, tries: list[int]) -> None:
    """The try succeeded: the account starts afresh, its address is not charged for this one.

    The address's other tries stay: one's own password must not wash off guesses at others'.
    """
    db.execute("DELETE FROM attempt WHERE key_hash = ?", (_hash(kind, "account", account),))
    db.conn.executemany("DELETE FROM attempt WHERE rowid = ?", [(number,) for number in tries])


def forget(db: Database) -> None:
    """Forget the tries that no longer count, within the caller's transaction."""
    db.execute("DELETE FROM attempt WHERE at < ?", (from_now(-WINDOW),))


def delay(tries: int, limit: Limit) -> timedelta:
    """How long to wait after so many tries."""
    over = tries - limit.free
    if over < 0:
        return timedelta(0)
    # No number of tries makes the power too large to multiply with.
    return min(limit.first * (1 << min(over, 20)), limit.most)


def network_of(address: str) -> str:
    """The address, or for IPv6 the /64 that one customer gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _wait(db: Database, key: str, limit: Limit) -> int:
    """Seconds until the next try."""
    row = db.execute("SELECT count(*), max(at) FROM attempt WHERE key_hash = ?", (key,)).fetchone()
    tries, last = int(row[0]), row[1]
    pause = delay(tries, limit)
    if not pause:
        return 0
    passed = datetime.now(UTC) - datetime.fromisoformat(last)
    # A clock that was set back must not prolong the wait.
    return max(0, math.ceil(min(pause - passed, pause).total_seconds()))


def _hash(*parts: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
