"""When a practice was confirmed stands wherever it is found."""

from __future__ import annotations

import csv
import io

from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import transaction
from kb.practices import store
from kb.search.syncing import Indexes


def test_hit_says_when_it_was_confirmed(
    client: FlaskClient, db: Database, library: Indexes
) -> None:
    with transaction(db):
        store.set_confirmed(db, store.get_by_slug(db, "flats").id, "2026-03-05")
    page = client.get("/en/practices").text
    assert page.count("Confirmed on 5 March 2026") == 1
    hits = client.get("/api/v1/search?lang=en").json["hits"]
    said = {hit["slug"]: hit["confirmed"] for hit in hits}
    assert said["flats"] == "2026-03-05"
    assert set(said.values()) == {"2026-03-05", None}
    table = io.StringIO(client.get("/en/practices.csv").data.decode("utf-8-sig"))
    rows = {row["Title"]: row["Last confirmed"] for row in csv.DictReader(table, delimiter=";")}
    assert rows["Flats for families"] == "2026-03-05"
