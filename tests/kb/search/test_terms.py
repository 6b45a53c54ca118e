"""Search follows what administrators change of the vocabularies."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.search.syncing import Indexes
from kb.vocabularies import actions, store
from kb.vocabularies.model import Wording
from tests.kb.search.conftest import Publish

Find = Callable[..., list[str]]
NO_TEXT = {"el": "", "en": ""}


def named(label: str, synonyms: str) -> Wording:
    texts = {"el": synonyms, "en": ""}
    return Wording({"el": label, "en": label}, NO_TEXT, NO_TEXT, texts)


def test_practices_are_found_by_a_new_label_and_a_new_synonym(
    db: Database, library: Indexes, find: Find
) -> None:
    assert find(q="ψηφιδωτό") == find(q="κεραμίδι") == []
    before = store.get_wording(db, "areas", "participation")
    actions.change(
        db, "areas", "participation", named("Ψηφιδωτό", "κεραμίδι\nβότσαλο"), before.mark
    )
    library.sync()
    assert find(q="ψηφιδωτό") == find(q="κεραμίδι") == find(q="βότσαλο") == ["orchard"]


def test_a_new_term_is_counted_and_a_retired_one_still_is(
    db: Database, client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    actions.add(db, "areas", "homes", named("Σπίτια", ""))
    publish("shelter", areas=["homes"])
    actions.retire(db, "areas", "homes")
    actions.retire(db, "areas", "housing")
    library.sync()
    page = client.get("/el/practices")
    assert page.status_code == 200
    boxes = client.get("/api/v1/search?lang=el").json["facets"]
    (areas,) = (box["values"] for box in boxes if box["name"] == "area")
    counts = {each["code"]: each["count"] for each in areas}
    assert (counts["homes"], counts["housing"]) == (1, 2)
    assert "Σπίτια" in page.text
