"""Other search engines doing the same work on the same documents: the ten best, facets counted."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.passages import FACETS
from indexer.document import ROW
from indexer.language import snowball, stop_words, tokens

Search = Callable[[str], object]
Rows = Sequence[Sequence[Any]]


def _text(row: Sequence[Any]) -> str:
    values = dict(zip(ROW, row, strict=True))
    return f"{values['title_el']} {values['summary_el']} {values['body_el']}"


def _stems(text: str) -> list[str]:
    return [snowball(token.term) for token in tokens(text)]


def _asked(text: str) -> list[str]:
    return [stem for stem in _stems(text) if stem not in stop_words()] or _stems(text)


def fts5(rows: Rows, faceted: bool = True) -> Search:
    """SQLite FTS5 over stems; facets counted by a join and GROUP BY over the matches."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE VIRTUAL TABLE t USING fts5(text, content='');"
        "CREATE TABLE code (doc INTEGER, facet TEXT, code TEXT);"
    )
    for row in rows:
        key, facets = row[0], json.loads(row[ROW.index("facets")])
        stems = " ".join(_stems(_text(row)))
        connection.execute("INSERT INTO t (rowid, text) VALUES (?, ?)", (key, stems))
        pairs = [(key, facet, code) for facet, codes in facets.items() for code in codes]
        connection.executemany("INSERT INTO code VALUES (?, ?, ?)", pairs)
    connection.execute("CREATE INDEX code_doc ON code (doc, facet, code)")

    def search(text: str) -> object:
        match = " OR ".join(f'"{stem}"' for stem in _asked(text))
        best = connection.execute(
            "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10", (match,)
        ).fetchall()
        if not faceted:
            return best
        return best, connection.execute(
            "SELECT facet, code, count(*) FROM code WHERE doc IN"
            " (SELECT rowid FROM t WHERE t MATCH ?) GROUP BY facet, code", (match,)
        ).fetchall()  # fmt: skip

    return search


WHOOSH = "Whoosh's own collector, ten best and facets"


def whoosh(rows: Rows, folder: Path) -> Search:
    """Whoosh with its own BM25F, collectors and facets."""
    from whoosh import index, query, sorting
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import ID, KEYWORD, TEXT, Schema

    schema = Schema(key=ID(stored=True), text=TEXT(analyzer=SpaceSeparatedTokenizer()))
    for facet in FACETS:
        schema.add(facet, KEYWORD(sortable=True))
    created = index.create_in(str(folder), schema)
    writer = created.writer(limitmb=256)
    for row in rows:
        facets = json.loads(row[ROW.index("facets")])
        codes = {facet: " ".join(found) for facet, found in facets.items()}
        writer.add_document(key=str(row[0]), text=" ".join(_stems(_text(row))), **codes)
    writer.commit()
    searcher = created.searcher()
    grouped = sorting.Facets()
    for facet in FACETS:
        grouped.add_field(facet, allow_overlap=True, maptype=sorting.Count)

    def search(text: str) -> object:
        wanted = query.Or([query.Term("text", stem) for stem in _asked(text)])
        results = searcher.search(wanted, limit=10, groupedby=grouped)
        return [hit["key"] for hit in results], [results.groups(facet) for facet in FACETS]

    return search


def tantivy(rows: Rows) -> Search | None:
    """tantivy's bare ten best, without facets; None where it is not installed."""
    with suppress(ImportError):
        import tantivy as engine

        builder = engine.SchemaBuilder()
        builder.add_integer_field("key", stored=True)
        builder.add_text_field("text", tokenizer_name="whitespace")
        index = engine.Index(builder.build())
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for row in rows:
            writer.add_document(engine.Document(key=row[0], text=" ".join(_stems(_text(row)))))
        writer.commit()
        index.reload()
        searcher = index.searcher()

        def search(text: str) -> object:
            wanted = index.parse_query(" OR ".join(_asked(text)), ["text"])
            return searcher.search(wanted, 10).hits

        return search
    return None


def all_engines(rows: Rows) -> dict[str, Search]:
    """Every engine there is, by name, filled with the documents."""
    folder = Path(tempfile.mkdtemp(prefix="bench-whoosh-"))
    found: dict[str, Search | None] = {
        "SQLite FTS5, ten best and facets": fts5(rows),
        "SQLite FTS5, ten best alone": fts5(rows, faceted=False),
        "tantivy, ten best alone": tantivy(rows),
        WHOOSH: whoosh(rows, folder),
    }
    return {name: search for name, search in found.items() if search}
