"""/api/v1/suggest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import transaction
from kb.practices import store
from kb.search.syncing import Indexes
from tests.hostile_strings import naughty, scripts


def suggestions(client: FlaskClient, typed: str, lang: str = "el") -> list[tuple[str, str, str]]:
    answer = client.get("/api/v1/suggest", query_string={"q": typed, "lang": lang})
    assert answer.status_code == 200
    return [(each["kind"], each["text"], each["url"]) for each in answer.json["suggestions"]]


@pytest.mark.parametrize(
    ("typed", "lang", "kind", "text", "leads_to"),
    [
        ("στεγ", "el", "area", "Στέγαση", "/el/practices?area=housing"),
        ("ΘΕΣΣ", "el", "municipality", "Θεσσαλονίκη", "/el/practices?municipality=thessaloniki"),
        ("salon", "en", "municipality", "Thessaloniki", "/en/practices?municipality=thessaloniki"),
        ("περιβ", "el", "practice", "Περιβόλι για όλους", "/el/practices/orchard"),
        ("orch", "en", "practice", "An orchard for all", "/en/practices/orchard"),
    ],
)
def test_what_is_typed_may_become(
    client: FlaskClient,
    library: Indexes,
    typed: str,
    lang: str,
    kind: str,
    text: str,
    leads_to: str,
) -> None:
    found = suggestions(client, typed, lang)
    [url] = [url for kind_, text_, url in found if (kind_, text_) == (kind, text)]
    assert url.endswith(leads_to)
    assert client.get(leads_to).status_code == 200


@pytest.mark.parametrize("typed", ["", " ", "*", "\x00", "a" * 5000, '"', "{{7*7}}"])
def test_nothing_typed_is_an_error(client: FlaskClient, library: Indexes, typed: str) -> None:
    suggestions(client, typed)


def test_what_is_archived_is_not_suggested_even_before_the_index_follows(
    client: FlaskClient, library: Indexes, archive: Callable[[str], None]
) -> None:
    archive("orchard")
    assert "practice" not in {kind for kind, _, _ in suggestions(client, "περιβ")}
    library.sync()
    assert suggestions(client, "περιβ") == []


def test_a_changed_name_is_suggested_at_once(
    db: Database, client: FlaskClient, library: Indexes
) -> None:
    assert ("area", "Στέγαση") in [each[:2] for each in suggestions(client, "στεγ")]
    with transaction(db):
        db.execute("UPDATE term SET label_el = 'Κατοικία' WHERE code = 'housing'")
        store.note_change(db, None)
    assert ("area", "Κατοικία") in [each[:2] for each in suggestions(client, "κατοικ")]
    assert "area" not in {each[0] for each in suggestions(client, "στεγ")}


def test_hostile_strings_are_only_text(client: FlaskClient, library: Indexes) -> None:
    for typed in [*naughty(), *scripts()[::60]]:
        suggestions(client, typed)


def test_without_an_index_names_are_suggested_all_the_same(
    make_app: Callable[..., Flask], instance: Path, library: Indexes
) -> None:
    shutil.rmtree(instance / "index")
    client = make_app(LOG_LEVEL="CRITICAL").test_client()
    assert ("area", "Στέγαση") in [each[:2] for each in suggestions(client, "στεγ")]
