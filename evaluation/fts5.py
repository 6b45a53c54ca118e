"""SQLite FTS5 as people would set it up: accents folded, Snowball stems, bm25, any word."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from indexer.language import snowball, stop_words, tokens


class Fts5:
    """All text of a document in one column of stems."""

    def __init__(self, documents: Iterable[tuple[str, str]]) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE t USING fts5(slug UNINDEXED, text)")
        rows = ((slug, " ".join(_stems(text))) for slug, text in documents)
        self._connection.executemany("INSERT INTO t VALUES (?, ?)", rows)

    def search(self, text: str, limit: int = 10) -> list[str]:
        words = [s for s in _stems(text) if s not in stop_words()] or _stems(text)
        if not words:
            return []
        match = " OR ".join(f'"{word}"' for word in words)
        found = self._connection.execute(
            "SELECT slug FROM t WHERE t MATCH ? ORDER BY bm25(t), rowid LIMIT ?", (match, limit)
        )
        return [row[0] for row in found]


def _stems(text: str) -> list[str]:
    return [snowball(token.term) for token in tokens(text)]
