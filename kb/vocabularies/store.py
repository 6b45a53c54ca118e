"""The SQL of the vocabularies, and their reading into memory."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kb.db import NotFound, now
from kb.vocabularies.model import Term, Text, Vocabularies, Vocabulary, Wording

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


def get_vocabulary(db: Database, code: str) -> Vocabulary:
    """The vocabulary of that code. Raises NotFound."""
    found = all_vocabularies(db).get(code)
    if found is None:
        raise NotFound(f"no vocabulary {code!r}")
    return found


def get_term(db: Database, vocabulary: str, code: str) -> Term:
    """The term of that code. Raises NotFound."""
    found = get_vocabulary(db, vocabulary).terms.get(code)
    if found is None:
        raise NotFound(f"no term {code!r} in {vocabulary!r}")
    return found


def get_wording(db: Database, vocabulary: str, code: str) -> Wording:
    """What is written of a term. Raises NotFound."""
    term = get_term(db, vocabulary, code)
    rows = db.execute(
        "SELECT language, synonym FROM term_synonym WHERE vocabulary = ? AND code = ?"
        " ORDER BY position",
        (vocabulary, code),
    )
    found: dict[str, list[str]] = {"el": [], "en": []}
    for row in rows:
        found[row["language"]].append(row["synonym"])
    synonyms = {language: "\n".join(lines) for language, lines in found.items()}
    return Wording(term.label, term.definition, term.text, synonyms)


def insert_term(db: Database, vocabulary: str, code: str) -> None:
    """Add a term without words, behind the others."""
    db.execute(
        "INSERT INTO term (vocabulary, code, position, label_el, label_en)"
        " SELECT ?, ?, coalesce(max(position), 0) + 1, '', '' FROM term WHERE vocabulary = ?",
        (vocabulary, code, vocabulary),
    )


def update_wording(db: Database, vocabulary: str, code: str, wording: Wording) -> None:
    """Set what is written of a term."""
    db.execute(
        "UPDATE term SET label_el = ?, label_en = ?, definition_el = ?, definition_en = ?,"
        " text_el = ?, text_en = ? WHERE vocabulary = ? AND code = ?",
        (
            *_both(wording.label),
            *_both(wording.definition),
            *_both(wording.text),
            vocabulary,
            code,
        ),
    )
    db.execute("DELETE FROM term_synonym WHERE vocabulary = ? AND code = ?", (vocabulary, code))
    for language, lines in wording.synonyms.items():
        _insert_synonyms(db, vocabulary, code, language, lines.splitlines())


def update_retired(db: Database, vocabulary: str, code: str, retired_at: str | None) -> None:
    """Set since when a term is out of use; None puts it back into use."""
    db.execute(
        "UPDATE term SET retired_at = ? WHERE vocabulary = ? AND code = ?",
        (retired_at, vocabulary, code),
    )


def note_change(db: Database) -> None:
    """Tell search, and each worker that has read them, that the vocabularies have changed."""
    db.execute("INSERT INTO change (practice_id, at) VALUES (NULL, ?)", (now(),))


def _both(text: Text) -> tuple[str, str]:
    return text["el"], text["en"]


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
            retired=row["retired_at"] is not None,
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
        "INSERT OR IGNORE INTO term (vocabulary, code, position, label_el, label_en, definition_el,"
        " definition_en, text_el, text_en, notation, broader, crosswalk)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
