"""The SQL of search: published practices as hits show them, and the search without an index."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from kb.search.model import Card
from kb.vocabularies.model import Text

# Only what everybody may read comes out of this, whatever is asked for.
CARDS = """
SELECT p.id, p.slug, p.municipality, p.published_at, p.confirmed_on,
    x.title_el, x.title_en, x.summary_el, x.summary_en, x.start,
    json_extract(r.content, '$.place') AS place,
    json_extract(r.content, '$.areas') AS areas,
    EXISTS (SELECT 1 FROM change c WHERE c.practice_id = p.id
            AND c.seq > (SELECT seq FROM index_state WHERE name = 'public')) AS changed
FROM public_practice p
JOIN revision r ON r.id = p.public_revision_id
JOIN revision_text x ON x.revision_id = r.id
WHERE p.id IN (SELECT value FROM json_each(?))
"""

CONTENTS = """
SELECT p.id, p.slug, p.reference, p.published_at, p.confirmed_on, r.content
FROM public_practice p JOIN revision r ON r.id = p.public_revision_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""

DOCUMENTS = """
SELECT id, slug, language, facets, sort, title_el, title_en, summary_el, summary_en
FROM public_document
"""
TEXT = "({})".format(
    " || ' ' || ".join(
        f"{part}_{language}"
        for part in ("title", "summary", "keywords", "body")
        for language in ("el", "en")
    )
)

TITLES = """
SELECT p.slug, x.title_el, x.title_en
FROM public_practice p JOIN revision_text x ON x.revision_id = p.public_revision_id
WHERE p.slug IN (SELECT value FROM json_each(?))
"""

# How long the index may be behind before that is a fault: a sync takes a fraction of this.
BEHIND = """
SELECT min(at) FROM change
WHERE seq > coalesce((SELECT seq FROM index_state WHERE name = ?), 0)
"""


def cards(db: Database, ids: Sequence[int]) -> dict[int, Card]:
    """Those of the practices that are public, by their numbers."""
    return {row["id"]: _card(row) for row in db.execute(CARDS, (json.dumps(ids),))}


def _card(row: sqlite3.Row) -> Card:
    return Card(
        id=row["id"],
        slug=row["slug"],
        title={"el": row["title_el"], "en": row["title_en"]},
        summary={"el": row["summary_el"], "en": row["summary_en"]},
        municipality=row["municipality"],
        place=json.loads(row["place"] or "{}"),
        areas=json.loads(row["areas"] or "[]"),
        start=row["start"],
        published_at=row["published_at"] or "",
        confirmed_on=row["confirmed_on"] or "",
        changed=bool(row["changed"]),
    )


def titles(db: Database, slugs: Sequence[str]) -> dict[str, Text]:
    """The titles of those of the practices that are public, by their addresses."""
    return {
        row["slug"]: {"el": row["title_el"], "en": row["title_en"]}
        for row in db.execute(TITLES, (json.dumps(slugs),))
    }


def aliases(db: Database) -> dict[str, list[str]]:
    """Other spellings of the municipalities' names, by their codes."""
    found: dict[str, list[str]] = {}
    for row in db.execute("SELECT municipality, alias FROM municipality_alias"):
        found.setdefault(row["municipality"], []).append(row["alias"])
    return found


def contents(db: Database, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Address, reference, day of publication and content of those that are public."""
    return {
        row["id"]: {**dict(row), "content": json.loads(row["content"])}
        for row in db.execute(CONTENTS, (json.dumps(ids),))
    }


def list_documents(db: Database, words: Sequence[str]) -> Iterator[sqlite3.Row]:
    """Public documents that hold every one of the folded words, wherever it stands."""
    where = " AND ".join([f"{TEXT} GLOB ?"] * len(words)) or "TRUE"
    yield from db.execute(
        f"{DOCUMENTS} WHERE {where} ORDER BY id", [_pattern(word) for word in words]
    )


def waiting_since(db: Database, index: str) -> str | None:
    """When the first change was made that the index does not have yet."""
    found: str | None = db.execute(BEHIND, (index,)).fetchone()[0]
    return found


def _pattern(word: str) -> str:
    """A GLOB pattern for a folded word anywhere in a text: each letter in all its forms.

    SQLite compares so without calling back into Python for each text.
    """
    return f"*{''.join(f'[{FORMS.get(letter, letter)}]' for letter in word)}*"


def _forms() -> dict[str, str]:
    """For each bare small letter, itself with its capitals and its accented forms."""
    forms: dict[str, str] = {}
    for first, last in (
        (0x41, 0x5A),
        (0x61, 0x7A),
        (0xC0, 0x24F),
        (0x370, 0x3FF),
        (0x1F00, 0x1FFF),
    ):
        for letter in map(chr, range(first, last + 1)):
            bare = unicodedata.normalize("NFD", letter)[0].lower().replace("ς", "σ")
            if letter.isalpha():
                forms[bare] = forms.get(bare, "") + letter
    return forms


FORMS = _forms()
