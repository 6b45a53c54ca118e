"""What an upgrade makes of a store that was in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlite_utils import Database

from kb import migrations
from kb.access import Member
from kb.db import FILENAME, connect, transaction
from kb.practices import authors, authorship, store
from kb.practices.documents import facets
from kb.vocabularies.store import all_vocabularies
from tests.kb.moderation.conftest import CARD, Desk

MEMBERS = {
    "Anna": ("contributor", "athens"),
    "Bruno": ("contributor", "athens"),
    "Clara": ("contributor", "thessaloniki"),
    "Mona": ("moderator", None),
}
NUMBERS = {name: number for number, name in enumerate(MEMBERS, start=1)}


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """A store from before practices had authors, with its people."""
    db = connect(tmp_path / FILENAME)
    migrations.library.apply(db, stop_before="m0013_authors_and_approval")
    with transaction(db):
        for code in ("athens", "thessaloniki"):
            db.execute(
                "INSERT INTO municipality (code, position, is_member, name_el, name_en,"
                " official_name_el, official_name_en, genitive_el, region, region_el, region_en)"
                " VALUES (?, 1, 1, '', '', '', '', '', 'attica', '', '')",
                (code,),
            )
        db.conn.executemany(
            "INSERT INTO member (id, email, name, role, municipality, language, created_at)"
            " VALUES (?, ?, ?, ?, ?, 'el', '2026-01-01')",
            [(NUMBERS[name], f"{name}".lower(), name, *post) for name, post in MEMBERS.items()],
        )
    yield db
    db.close()


def practice(db: Database, by: str | None, *savers: str, key: str = "key") -> int:
    """A practice of Athens that was begun by somebody and saved by others, one after the other."""
    with transaction(db):
        number = db.execute(
            "INSERT INTO practice (submission_key, municipality, status, status_since,"
            " created_by, created_at) VALUES (?, 'athens', 'draft', 'x', ?, '2026-01-01')",
            (key, NUMBERS[by] if by else None),
        ).lastrowid
        db.conn.executemany(
            "INSERT INTO draft_version (practice_id, version, saved_by, saved_at, page, written,"
            " content) VALUES (?, 1, ?, ?, '', '{}', '{}')",
            [(number, NUMBERS[name], f"2026-02-{day:02}") for day, name in enumerate(savers, 1)],
        )
    return int(number)


@pytest.mark.parametrize(
    ("by", "savers", "key", "expected"),
    [
        ("Anna", (), "form", ["Anna"]),
        ("Anna", ("Bruno", "Anna"), "form", ["Anna", "Bruno"]),
        # Who has moved leads it until somebody of the municipality takes it over.
        ("Clara", ("Bruno",), "form", ["Clara", "Bruno"]),
        ("Anna", ("Clara",), "form", ["Anna"]),
        ("Mona", ("Bruno",), "form", ["Mona", "Bruno"]),
        # What an import brought in was written by nobody here until somebody went on with it.
        (None, (), "import:one", []),
        ("Mona", (), "import:one", []),
        ("Mona", ("Bruno", "Anna"), "import:one", ["Bruno", "Anna"]),
    ],
)
def test_whoever_wrote_in_a_practice_is_its_author(
    old: Database, by: str | None, savers: tuple[str, ...], key: str, expected: list[str]
) -> None:
    number = practice(old, by, *savers, key=key)
    assert "m0013_authors_and_approval" in migrations.migrate(old)
    found = store.get(old, number)
    numbers = [NUMBERS[name] for name in expected]
    assert found.authors.present == frozenset(numbers)
    assert found.authors.lead == (numbers[0] if numbers else None)
    assert {NUMBERS[name] for name in (by, *savers) if name} <= found.author_ids
    assert old.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_new_version_brings_its_vocabularies(app: Flask, db: Database) -> None:
    with transaction(db):
        db.execute("DELETE FROM term WHERE vocabulary = 'maturity_levels'")
        db.execute("DELETE FROM vocabulary WHERE code = 'maturity_levels'")
    said = app.test_cli_runner().invoke(args=["kb", "migrate"])
    assert said.exit_code == 0
    assert "3 terms added" in said.output
    assert "proven" in all_vocabularies(db)["maturity_levels"].terms


def test_a_practice_of_before_can_be_filtered_by_completeness(
    db: Database, member: Callable[[str], Member]
) -> None:
    practice = Desk(db, member).published()
    with transaction(db):
        db.execute("DELETE FROM revision_facet WHERE facet = 'completeness'")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0015_completeness_as_a_filter'")
    assert migrations.migrate(db) == ["m0015_completeness_as_a_filter"]
    rows = db.execute(
        "SELECT facet, code FROM revision_facet WHERE revision_id = ?",
        (practice.public_revision_id,),
    ).fetchall()
    expected = {(facet.name, facet.code) for facet in facets(CARD)}
    assert {(row["facet"], row["code"]) for row in rows} == expected
    (newest,) = db.execute("SELECT practice_id FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert newest is None  # everything is indexed anew


def test_who_came_and_went_before_is_still_told(
    db: Database, member: Callable[[str], Member]
) -> None:
    practice = Desk(db, member).submitted()
    anna, bruno = member("Anna"), member("Bruno")
    authorship.add(db, practice, anna, bruno.id)
    authorship.remove(db, practice, anna, bruno.id)
    known = [(each.name, each.action, each.by) for each in authors.list_steps(db, practice.id)]
    with transaction(db):
        db.execute("DROP TABLE author_step")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm0017_steps_of_authors'")
    assert migrations.migrate(db) == ["m0017_steps_of_authors"]
    found = [(each.name, each.action, each.by) for each in authors.list_steps(db, practice.id)]
    assert found == known == [("Bruno", "remove", "Anna"), ("Bruno", "add", "Anna")]
