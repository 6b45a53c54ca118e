"""A store of an earlier version is brought to what this program writes itself."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from kb import migrations
from kb.access import Member
from kb.db import transaction
from kb.practices import store
from kb.practices.documents import facets
from tests.moderation.conftest import CARD, Desk


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
    assert store.get(db, practice.id).is_public
