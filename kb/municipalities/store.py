"""The SQL of the municipalities."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kb.db import NotFound, now
from kb.municipalities.model import ELSEWHERE, Details, Municipality

SHIPPED = Path(__file__).with_name("members.json")

# The columns of what administrators say at once.
DETAILS = tuple(each.name for each in fields(Details) if each.name != "aliases")

# Cases from other European cities belong to nobody in the network, yet need a place to stand.
ELSEWHERE_ENTRY: dict[str, Any] = {
    "code": ELSEWHERE,
    "name": {"el": "Άλλες ευρωπαϊκές πόλεις", "en": "Other European cities"},
    "official_name": {"el": "Άλλες ευρωπαϊκές πόλεις", "en": "Other European cities"},
    "genitive_el": "άλλων ευρωπαϊκών πόλεων",
    "region": {"el": "Εκτός Ελλάδας", "en": "Outside Greece"},
    "aliases": [],
}


def list_municipalities(db: Database) -> list[Municipality]:
    """Every municipality, members first, in the order of the network's list."""
    return [
        _municipality(row) for row in db.execute("SELECT * FROM municipality ORDER BY position")
    ]


def by_code(db: Database) -> Mapping[str, Municipality]:
    """Every municipality by its code."""
    return {municipality.code: municipality for municipality in list_municipalities(db)}


def get(db: Database, code: str) -> Municipality:
    """The municipality of that code. Raises NotFound."""
    row = db.execute("SELECT * FROM municipality WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NotFound(f"no municipality {code!r}")
    return _municipality(row)


def aliases(db: Database, code: str) -> list[str]:
    """Other spellings under which people look for the municipality."""
    rows = db.execute(
        "SELECT alias FROM municipality_alias WHERE municipality = ? ORDER BY alias", (code,)
    )
    return [row["alias"] for row in rows]


def update_settings(db: Database, code: str, mailbox: str | None, approves_first: bool) -> None:
    """Set its mailbox, and whether its coordinator approves first."""
    db.execute(
        "UPDATE municipality SET mailbox = ?, approves_first = ? WHERE code = ?",
        (mailbox, int(approves_first), code),
    )


def details(db: Database, code: str) -> Details:
    """All that administrators say of it at once. Raises NotFound."""
    names = ", ".join(DETAILS)
    row = db.execute(f"SELECT {names} FROM municipality WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NotFound(f"no municipality {code!r}")
    told = {**dict(row), "is_member": bool(row["is_member"])}
    return Details(**told, aliases=tuple(aliases(db, code)))


def update_details(db: Database, code: str, new: Details) -> None:
    """Put those in place of what was said before."""
    names = ", ".join(f"{name} = :{name}" for name in DETAILS)
    db.execute(f"UPDATE municipality SET {names} WHERE code = :code", {**asdict(new), "code": code})
    db.execute("DELETE FROM municipality_alias WHERE municipality = ?", (code,))
    _insert_aliases(db, code, new.aliases)
    _note_change(db)


def insert(db: Database, code: str, new: Details) -> None:
    """Put in one more, behind the others. Raises IntegrityError where the code is taken."""
    names = ", ".join(DETAILS)
    marks = ", ".join(f":{name}" for name in DETAILS)
    last = "SELECT coalesce(max(position), -1) FROM municipality WHERE code <> :elsewhere"
    values = {**asdict(new), "code": code, "elsewhere": ELSEWHERE}
    db.execute(
        f"INSERT INTO municipality (code, position, {names}) VALUES (:code, ({last}) + 1, {marks})",
        values,
    )
    db.execute(
        f"UPDATE municipality SET position = ({last}) + 1 WHERE code = :elsewhere",
        {"elsewhere": ELSEWHERE},
    )
    _insert_aliases(db, code, new.aliases)
    _note_change(db)


def _insert_aliases(db: Database, code: str, spellings: Iterable[str]) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO municipality_alias VALUES (?, ?)",
        [(code, each) for each in spellings],
    )


def _note_change(db: Database) -> None:
    """Every practice may read differently now."""
    db.execute("INSERT INTO change (practice_id, at) VALUES (NULL, ?)", (now(),))


def region_code(english: str) -> str:
    """The code of a region, made of its English name; empty where that has no Latin letter."""
    return re.sub(r"[^a-z]+", "-", english.lower()).strip("-")


def insert_missing(db: Database, shipped: Path = SHIPPED) -> int:
    """Put in the municipalities that the store does not have; returns how many.

    Inside a transaction. What an administrator changed stays as it is.
    """
    members = json.loads(shipped.read_text("utf-8"))
    added = sum(_insert(db, number, entry, 1) for number, entry in enumerate(members))
    return added + _insert(db, len(members), ELSEWHERE_ENTRY, 0)


def _insert(db: Database, position: int, entry: Mapping[str, Any], is_member: int) -> int:
    row = {
        "code": entry["code"],
        "position": position,
        "is_member": is_member,
        "elstat_code": entry.get("elstat_code"),
        "name_el": entry["name"]["el"],
        "name_en": entry["name"]["en"],
        "official_name_el": entry["official_name"]["el"],
        "official_name_en": entry["official_name"]["en"],
        "genitive_el": entry["genitive_el"],
        "region": region_code(entry["region"]["en"]),
        "region_el": entry["region"]["el"],
        "region_en": entry["region"]["en"],
        "population_2021": entry.get("population_2021"),
        "lat": entry.get("lat"),
        "lon": entry.get("lon"),
        "category": entry.get("category"),
        "category_checked": int(entry.get("category_checked", False)),
        "joined": entry.get("joined"),
    }
    marks = ", ".join(f":{name}" for name in row)
    inserted = db.execute(
        f"INSERT OR IGNORE INTO municipality ({', '.join(row)}) VALUES ({marks})", row
    ).rowcount
    if inserted:
        _insert_aliases(db, entry["code"], entry["aliases"])
    return inserted


def _municipality(row: sqlite3.Row) -> Municipality:
    return Municipality(
        code=row["code"],
        is_member=bool(row["is_member"]),
        name={"el": row["name_el"], "en": row["name_en"]},
        official_name={"el": row["official_name_el"], "en": row["official_name_en"]},
        region=row["region"],
        region_name={"el": row["region_el"], "en": row["region_en"]},
        population_2021=row["population_2021"],
        lat=row["lat"],
        lon=row["lon"],
        category=row["category"],
        joined=row["joined"],
        mailbox=row["mailbox"],
        approves_first=bool(row["approves_first"]),
    )
