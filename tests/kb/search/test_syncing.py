"""The index follows the store, heals, and is never missed for long."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import transaction
from kb.practices import store
from kb.search.store import waiting_since
from kb.search.syncing import Indexes, in_step, indexes
from tests.kb.search.conftest import LIBRARY, Publish
from tests.kb.search.reading import boxes, notices, titles

SEARCH = "/en/practices?q=στέγαση"


def generation(instance: Path) -> Path:
    return next((instance / "index" / "public").glob("generation-*"))


def no_index(instance: Path) -> None:
    shutil.rmtree(instance / "index")


def no_generation(instance: Path) -> None:
    shutil.rmtree(generation(instance))


def no_manifest(instance: Path) -> None:
    (generation(instance) / "manifest.json").unlink()


def shorter_segments(instance: Path) -> None:
    for path in generation(instance).glob("*.seg"):
        path.write_bytes(path.read_bytes()[:50])


def other_bytes(instance: Path) -> None:
    for path in generation(instance).iterdir():
        if path.suffix != ".json":
            path.write_bytes(b"\x00" * path.stat().st_size)


DAMAGES = [no_index, no_generation, no_manifest, shorter_segments, other_bytes]


# Whoosh leaves a file that it cannot read to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", DAMAGES)
def test_without_an_index_the_store_answers_until_it_is_back(
    make_app: Callable[..., Flask], instance: Path, library: Indexes, damage: Callable[[Path], None]
) -> None:
    app = make_app(LOG_LEVEL="CRITICAL")
    client = app.test_client()
    before = titles(indexed := client.get(SEARCH).text)
    # A worker that has it open may go on with it; another one cannot open it.
    damage(instance)
    app = make_app(LOG_LEVEL="CRITICAL")
    client = app.test_client()
    page = client.get(SEARCH).text
    assert "index is being rebuilt" in notices(page)[0]
    assert sorted(titles(page)) == sorted(before)
    assert boxes(page) == boxes(indexed)
    indexes(app).wait()
    page = client.get(SEARCH).text
    assert notices(page) == []
    assert titles(page) == before
    with app.app_context():
        assert in_step() == []


# Whoosh leaves a file that it cannot read to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_running_worker_answers_whatever_happens_to_the_files(
    client: FlaskClient, instance: Path, library: Indexes, damage: Callable[[Path], None]
) -> None:
    before = sorted(titles(client.get(SEARCH).text))
    damage(instance)
    assert sorted(titles(client.get(SEARCH).text)) == before
    library.sync()
    assert sorted(titles(client.get(SEARCH).text)) == before


def test_a_post_makes_the_index_follow_though_its_answer_is_never_taken(
    db: Database, client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    publish("bakery", sync=False, title={"el": "Φούρνος της γειτονιάς"})
    assert waiting_since(db, "public") is not None
    # Refused, and still a moment to sync. A browser that hangs up leaves the answer unclosed.
    answer = client.post("/el/accessibility", data={})
    library.wait()
    assert waiting_since(db, "public") is None
    assert titles(client.get("/el/practices?q=φούρνος").text) == ["Φούρνος της γειτονιάς"]
    assert answer.status_code == 400
    answer.close()


def test_a_search_makes_up_for_a_sync_that_was_missed(
    client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    publish("bakery", sync=False, title={"el": "Φούρνος της γειτονιάς"})
    assert titles(client.get("/el/practices?q=φούρνος").text) == []
    library.wait()
    assert titles(client.get("/el/practices?q=φούρνος").text) == ["Φούρνος της γειτονιάς"]


def test_the_worker_makes_up_for_a_sync_that_was_missed(
    db: Database, app: Flask, library: Indexes, publish: Publish
) -> None:
    publish("bakery", sync=False)
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    assert waiting_since(db, "public") is None


def test_a_failing_sync_does_not_concern_who_waits_for_a_page(
    make_app: Callable[..., Flask], instance: Path, library: Indexes, publish: Publish
) -> None:
    app = make_app(LOG_LEVEL="CRITICAL")
    publish("bakery", sync=False)
    shutil.rmtree(instance / "index")
    (instance / "index").write_text("in the way")
    with app.test_client().post("/el/accessibility", data={}) as answer:
        assert answer.status_code == 400
    indexes(app).wait()


def test_readyz_tells_of_an_index_that_stays_behind(
    db: Database, client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    def check() -> str | list[str]:
        found: str | list[str] = client.get("/readyz").json["checks"]["index"]
        return found

    assert check() == "ok"
    publish("bakery", sync=False)
    assert check() == "ok"  # it is on its way
    with transaction(db):
        db.execute("UPDATE change SET at = '2026-01-01T00:00:00Z'")
    assert any("public: the index is at change" in line for line in check())
    library.wait()  # it is being mended since it was found
    assert check() == "ok"


def test_readyz_tells_of_damage_and_has_it_mended(
    client: FlaskClient, instance: Path, library: Indexes
) -> None:
    shorter_segments(instance)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "missing or damaged" in answer.json["checks"]["index"][0]
    indexes(client.application).wait()
    assert client.get("/readyz").json["checks"]["index"] == "ok"


def test_nobody_else_may_look_into_the_index(instance: Path, library: Indexes) -> None:
    for folder in (instance / "index", instance / "index" / "public", instance / "index" / "desk"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_is_withdrawn_is_gone_from_counts_and_hits(
    client: FlaskClient, library: Indexes, archive: Callable[[str], None]
) -> None:
    archive("orchard")
    library.sync()
    page = client.get("/el/practices").text
    assert len(titles(page)) == len(LIBRARY) - 1
    assert "tilos" not in boxes(page)["municipality"]
    assert titles(client.get("/el/practices?q=περιβόλι").text) == []


def test_a_changed_label_is_searched_at_once(
    db: Database, client: FlaskClient, library: Indexes
) -> None:
    with transaction(db):
        db.execute("UPDATE term SET label_el = 'Κατοικία' WHERE code = 'housing'")
        store.note_change(db, None)
    library.sync()
    assert len(titles(client.get("/el/practices?q=κατοικία").text)) == 2
    assert "Κατοικία" in client.get("/el/practices").text


def test_mending_is_not_tried_again_and_again(library: Indexes, instance: Path) -> None:
    library.mend_soon()
    library.wait()
    shutil.rmtree(instance / "index")
    library.mend_soon()
    library.wait()
    assert not (instance / "index").exists()
