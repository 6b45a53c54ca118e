"""The SQL of the search record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlite_utils import Database

KEPT = timedelta(days=400)
# Rows of one day: no flood of made-up words fills the store.
MOST_A_DAY = 2000

INSERT = """
INSERT INTO search_record (day, language, query, found, hits, count)
SELECT ?, ?, ?, ?, ?, 1 WHERE (SELECT count(*) FROM search_record WHERE day = ?) < ?
ON CONFLICT DO UPDATE SET count = count + 1, hits = excluded.hits
"""

# Beside max(), SQLite takes the other columns from the row that has it: the last number of hits.
SOUGHT = """
SELECT language, query, sum(count) AS times, hits, max(day) AS last FROM search_record
WHERE day > ? AND language IN (SELECT value FROM json_each(?)) AND found IN (0, ?)
GROUP BY language, query ORDER BY times DESC, last DESC, query LIMIT ?
"""


class Search(Protocol):
    """What is recorded of a search."""

    @property
    def language(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def hits(self) -> int: ...


@dataclass(frozen=True)
class Sought:
    """What was sought in a language: how often, and how many were found the last time."""

    language: str
    query: str
    times: int
    hits: int
    last: str


def insert(db: Database, found: Iterable[Search]) -> None:
    """Count each of the searches on the present day."""
    day = _day(timedelta())
    for each in found:
        row = (day, each.language, each.query, int(each.hits > 0), each.hits)
        db.execute(INSERT, (*row, day, MOST_A_DAY))


def prune(db: Database) -> None:
    """Forget what is older than it may be."""
    db.execute("DELETE FROM search_record WHERE day < ?", (_day(KEPT),))


def delete_naming(db: Database, words: str) -> None:
    """Forget the searches in which those words stand, written as queries are compared."""
    db.execute("DELETE FROM search_record WHERE instr(' ' || query || ' ', ?)", (f" {words} ",))


def list_sought(
    db: Database, days: int, languages: str, limit: int, only_in_vain: bool = False
) -> list[Sought]:
    """What was sought within so many days, most often first. ``languages`` is a JSON list."""
    values = (_day(timedelta(days=days)), languages, 0 if only_in_vain else 1, limit)
    return [Sought(**dict(row)) for row in db.execute(SOUGHT, values)]


def _day(ago: timedelta) -> str:
    return (datetime.now(UTC) - ago).strftime("%Y-%m-%d")
