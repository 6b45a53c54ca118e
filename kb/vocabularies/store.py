"""The SQL of the vocabularies, and their reading into memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kb.vocabularies.model import Term, Vocabularies, Vocabulary

SHIPPED = Path(__file__).with_name("vocabularies.json")

# One reading serves a worker until something in the store's vocabularies changes.
_cache: dict[tuple[str, int], Vocabularies] = {}


def all_vocabularies(db: Database) -> Vocabularies:
    """Every vocabulary by its code, with its terms in order."""
    key = edition(db)
    found = _cache.get(key)
    if found is None:
        found = _read(db)
        _cache.clear()
        _cache[key] = found
    return found


def edition(db: Database) -> tuple[str, int]:
    """The store, and a number that grows with each change that may concern every practice:
    what was read of vocabularies and municipalities holds for as long as both stay the same."""
    row = db.conn.execute("SELECT max(seq) FROM change WHERE practice_id IS NULL").fetchone()
    return str(db.conn.execute("PRAGMA database_list").fetchone()["file"]), int(row[0] or 0)


def _read(db: Database) -> Vocabularies:
    terms: dict[str, dict[str, Term]] = {}
    for row in db.execute("SELECT * FROM term ORDER BY vocabulary, position"):
        terms.setdefault(row["vocabulary"], {})[row["code"]] = Term(
            code=row["code"],
            label={"el": row["label_el"], "en": row["label_en"]},
            definition={"el": row["definition_el"], "en": row["definition_en"]},
            text={"el": row["text_el"], "en": row["text_en"]},
            notation=row["notation"],
            broader=row["broader"],
        )
    return {
        row["code"]: Vocabulary(
            code=row["code"],
            name={"el": row["name_el"], "en": row["name_en"]},
            description={"el": row["description_el"], "en": row["description_en"]},
            terms=terms.get(row["code"], {}),
        )
        for row in db.execute("SELECT * FROM vocabulary ORDER BY position")
    }


def insert_missing(db: Database, shipped: Path = SHIPPED) -> int:
    """Put in the vocabularies and terms that the store does not have; returns how many terms.

    Inside a transaction. What an administrator changed stays as it is.
    """
    added = 0
    for position, entry in enumerate(json.loads(shipped.read_text("utf-8"))["vocabularies"]):
        db.execute(
            "INSERT OR IGNORE INTO vocabulary VALUES (?, ?, ?, ?, ?, ?)",
            (entry["code"], position, *_pair(entry, "name"), *_pair(entry, "description")),
        )
        # A broader term may stand further down the list, and has to be there first.
        ordered = sorted(enumerate(entry["terms"]), key=lambda item: "broader" in item[1])
        added += sum(_insert_term(db, entry["code"], number, term) for number, term in ordered)
    return added


def _insert_term(db: Database, vocabulary: str, position: int, term: dict[str, Any]) -> int:
    code = term["code"]
    inserted = db.execute(
        "INSERT OR IGNORE INTO term VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            vocabulary,
            code,
            position,
            *_pair(term, "label"),
            *_pair(term, "definition"),
            *_pair(term, "text"),
            term.get("notation"),
            term.get("broader"),
            json.dumps(term.get("crosswalk", {}), ensure_ascii=False),
        ),
    ).rowcount
    if inserted:
        for language, synonyms in term.get("synonyms", {}).items():
            _insert_synonyms(db, vocabulary, code, language, synonyms)
    return inserted


def _insert_synonyms(
    db: Database, vocabulary: str, code: str, language: str, synonyms: Iterable[str]
) -> None:
    db.conn.executemany(
        "INSERT INTO term_synonym VALUES (?, ?, ?, ?, ?)",
        [(vocabulary, code, language, number, text) for number, text in enumerate(synonyms)],
    )


def _pair(entry: dict[str, Any], key: str) -> tuple[str, str]:
    value = entry.get(key) or {}
    return value.get("el", ""), value.get("en", "")
