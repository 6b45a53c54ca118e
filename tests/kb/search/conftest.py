"""A small library with an index: every practice in it is known, so that counts can be too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb import create_app
from kb.db import FILENAME, get_db, transaction
from kb.practices import records, store
from kb.practices.transitions import move
from kb.search.syncing import Indexes, indexes
from tests.kb.practices.cases import changed

Publish = Callable[..., None]

# What tells the practices of the library apart; the rest is that of the card.
LIBRARY: dict[str, dict[str, Any]] = {
    "interpreters": {"funding": ["own"], "cost_band": "under-5k", "legal_status": ["refugee"]},
    "flats": {
        "title": {"el": "Στέγαση οικογενειών σε διαμερίσματα", "en": "Flats for families"},
        "summary": {"el": "Ενοίκια που πληρώνονται μισά μισά.", "en": "Rents are shared."},
        "areas": ["housing"],
        "municipality": "thessaloniki",
        "practice_type": "programme",
        "target_groups": ["families"],
        "start": "2019",
        "end": "2021",
        "stage": "completed",
    },
    "clinic": {
        "title": {"el": "Ιατρείο στη γειτονιά"},
        "summary": {"el": "Εξετάσεις χωρίς ραντεβού, και για τη στέγαση ρωτούν εδώ."},
        "areas": ["health", "housing"],
        "target_groups": ["women", "families"],
        "start": "2020",
        "contact": None,
    },
    "orchard": {
        "title": {"el": "Περιβόλι για όλους", "en": "An orchard for all"},
        "summary": {"el": "Μια φορά την εβδομάδα.", "en": "Once a week."},
        "areas": ["participation"],
        "municipality": "tilos",
        "other_municipalities": ["athens"],
        "stage": "stopped",
        "start": "2016",
    },
}


@pytest.fixture(scope="session")
def shelf(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One installation's folder with the practices of LIBRARY, published one by one, indexed."""
    folder = tmp_path_factory.mktemp("shelf")
    shutil.copy(template, folder / FILENAME)
    app = create_app({"INSTANCE": folder, "TESTING": True, "LOG_LEVEL": "WARNING"})
    with app.app_context():
        for slug, fields in LIBRARY.items():
            put(get_db(), slug, fields)
    indexes(app).sync()
    return folder


def put(db: Database, slug: str, fields: dict[str, Any]) -> None:
    """Publish the card with some fields replaced at an address."""
    line = json.dumps({"slug": slug, **changed(**fields)}, ensure_ascii=False).encode()
    report = records.import_lines(db, [line], publish=True)
    assert not report.bad, report.bad


@pytest.fixture
def instance(shelf: Path, tmp_path: Path) -> Path:
    """A copy of that installation for one test."""
    return Path(shutil.copytree(shelf, tmp_path / "instance"))


@pytest.fixture
def library(app: Flask) -> Indexes:
    """The indexes of the library."""
    return indexes(app)


@pytest.fixture
def publish(library: Indexes, db: Database) -> Publish:
    """Publishes a practice at an address; with ``sync=False`` the index stays behind."""

    def publish_one(slug: str, sync: bool = True, **fields: Any) -> None:
        put(db, slug, fields)
        if sync:
            library.sync()

    return publish_one


@pytest.fixture
def find(client: FlaskClient, library: Indexes) -> Callable[..., list[str]]:
    """The addresses of what a visitor finds, in order."""

    def hits(**parameters: Any) -> list[str]:
        answer = client.get("/api/v1/search", query_string={"lang": "el", **parameters})
        assert answer.status_code == 200, answer.text
        return [hit["slug"] for hit in answer.json["hits"]]

    return hits


@pytest.fixture
def archive(db: Database) -> Callable[[str], None]:
    """Takes a practice from the public, as a moderator does."""

    def take(slug: str) -> None:
        with transaction(db):
            move(db, store.get_by_slug(db, slug), "archive", None)

    return take
