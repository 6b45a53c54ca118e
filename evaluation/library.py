"""A store in the shape that the indexer reads, filled from practices in the import form."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COLUMNS = (
    "id", "version", "kind", "slug", "language",
    "title_el", "title_en", "summary_el", "summary_en",
    "body_el", "body_en", "keywords_el", "keywords_en", "facets", "sort",
)  # fmt: skip
TABLES = f"""
CREATE TABLE change (seq INTEGER PRIMARY KEY AUTOINCREMENT, practice_id INTEGER, at TEXT);
CREATE TABLE index_state (
  name TEXT PRIMARY KEY, generation TEXT, seq INTEGER, schema TEXT, at TEXT
);
CREATE TABLE document ({", ".join(COLUMNS)}, PRIMARY KEY (id));
CREATE VIEW public_document AS SELECT * FROM document;
"""
SECTIONS = (
    "challenge", "goals", "how_it_works", "results", "obstacles", "lessons",
    "transferability", "resources",
)  # fmt: skip
VOCABULARY_OF = {
    "areas": "areas", "practice_type": "practice_types", "target_groups": "target_groups",
    "stage": "stages", "legal_status": "legal_status", "level": "levels",
    "structures": "structures", "staff": "staff_roles", "funding": "funding_sources",
    "preconditions": "preconditions", "cost_band": "cost_bands", "setup_time": "setup_times",
}  # fmt: skip


def open_store(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'change'").fetchone():
        connection.executescript(TABLES)
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def put(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of the view and a change for each, in one transaction."""
    marks = ", ".join("?" * len(COLUMNS))
    with transaction(connection):
        for row in rows:
            connection.execute(f"INSERT OR REPLACE INTO document VALUES ({marks})", tuple(row))
            connection.execute("INSERT INTO change (practice_id) VALUES (?)", (row[0],))


def rows(practices: Path, vocabularies: Path, members: Path) -> list[tuple[Any, ...]]:
    """Every practice of a JSON Lines file as a row of the view."""
    terms = {
        vocabulary["code"]: {term["code"]: term for term in vocabulary["terms"]}
        for vocabulary in json.loads(vocabularies.read_text("utf-8"))["vocabularies"]
    }
    cities = {city["code"]: city for city in json.loads(members.read_text("utf-8"))}
    lines = practices.read_text("utf-8").splitlines()
    return [_row(n, json.loads(line), terms, cities) for n, line in enumerate(lines, start=1)]


def _row(number: int, practice: dict[str, Any], terms: Any, cities: Any) -> tuple[Any, ...]:
    text: dict[str, str] = {}
    for language in ("el", "en"):
        text[f"title_{language}"] = practice["title"].get(language, "")
        text[f"summary_{language}"] = practice["summary"].get(language, "")
        body = [practice.get(section, {}).get(language, "") for section in SECTIONS]
        body += [i["name"].get(language, "") for i in practice.get("indicators", ())]
        body += [p["name"].get(language, "") for p in practice.get("partners", ())]
        text[f"body_{language}"] = "\n\n".join(part.replace("**", "") for part in body if part)
        text[f"keywords_{language}"] = "\n".join(_keywords(practice, language, terms, cities))
    values = {
        "id": number, "version": 1, "kind": "practice", "slug": practice["slug"],
        "language": practice.get("origin_language", "el"), **text,
        "facets": json.dumps(_facets(practice)),
        "sort": json.dumps({
            "title_el": text["title_el"], "title_en": text["title_en"],
            "published": f"2026-11-{1 + number % 28:02}", "start": practice.get("start", ""),
            "completeness": 50,
        }),
    }  # fmt: skip
    return tuple(values[column] for column in COLUMNS)


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _keywords(practice: dict[str, Any], language: str, terms: Any, cities: Any) -> list[str]:
    found = []
    for field, vocabulary in VOCABULARY_OF.items():
        for code in _listed(practice.get(field)):
            term = terms[vocabulary].get(code)
            if term:
                found += [term["label"][language], *term.get("synonyms", {}).get(language, ())]
    for code in [practice["municipality"], *practice.get("other_municipalities", ())]:
        if code in cities:
            city = cities[code]
            found += [city["name"][language], city["official_name"][language], *city["aliases"]]
            found += [city["region"][language]]
    if practice.get("place"):
        found.append(practice["place"].get(language, ""))
    return found


def _facets(practice: dict[str, Any]) -> dict[str, list[str]]:
    facets = {
        "municipality": [practice["municipality"], *practice.get("other_municipalities", ())],
        "area": practice["areas"],
        "target_group": _listed(practice.get("target_groups")),
        "type": _listed(practice.get("practice_type")),
        "stage": _listed(practice.get("stage")),
        "year": [practice["start"][:4]] if practice.get("start") else [],
        "funding": _listed(practice.get("funding")),
        "staff": _listed(practice.get("staff")),
        "structure": _listed(practice.get("structures")),
        "legal_status": _listed(practice.get("legal_status")),
    }
    return {name: codes for name, codes in facets.items() if codes}
