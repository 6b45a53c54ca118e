"""Many practices from one file: every row is looked at first, then all are written or none."""

from __future__ import annotations

import io
import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

from kb.access import Member, can
from kb.office import columns, imports
from kb.practices import store
from tests.kb.office.test_table import filled, rows_xml
from tests.kb.practices.cases import CARD, changed

SignIn = Callable[[str | None], FlaskClient]


def row(number: int = 1, **fields: Any) -> dict[str, str]:
    title = {"el": f"Πρακτική {number}"}
    return columns.row_of(changed(**{"title": title, **fields}))


@pytest.fixture
def mona(sign_in: SignIn) -> FlaskClient:
    return sign_in("Mona")


@pytest.fixture(autouse=True)
def request_to_write_in(app: Flask) -> Iterator[None]:
    """The rows of these tests are in Greek."""
    with app.test_request_context("/el/import"):
        app.preprocess_request()
        yield


def upload(client: FlaskClient, content: bytes, name: str = "πρακτικές.xlsx") -> TestResponse:
    return client.post("/en/import", data={"file": (io.BytesIO(content), name)})


def finished(client: FlaskClient, address: str) -> str:
    """The page once the import is over, with all that its thread does."""
    for thread in threading.enumerate():
        if thread.name == "import":
            thread.join(60)
    assert client.get(f"{address}/progress").json["state"] != "running"
    return client.get(address).text


def test_preview_tells_row_column_and_reason_and_writes_nothing(
    db: Database, mona: FlaskClient
) -> None:
    wrong = row(2) | {"areas": "housing; hausing", "start": "2019-13"}
    address = upload(mona, filled(row(1), wrong)).location
    page = mona.get(address).text
    assert "1 row can be imported" in page
    faults = page[page.index('id="faults"') : page.index('id="good"')]
    assert "Πρακτική 2" in faults
    assert re.search(r'scope="row"[^>]*>3<', faults)
    assert "areas" in faults
    assert "hausing" in faults
    assert "start" in faults
    assert "Πρακτική 1" in page[page.index('id="good"') :]
    assert store.count(db) == 0


def test_confirmed_rows_are_submitted_and_somebody_else_decides(
    db: Database, mona: FlaskClient, member: Callable[[str], Member]
) -> None:
    address = upload(mona, filled(row(1), row(2))).location
    assert mona.post(address).status_code == 303
    assert "Added: 2" in finished(mona, address)
    found = store.list_of_municipality(db, "athens")
    assert {each.status for each in found} == {"submitted"}
    assert store.list_log(db, found[0].id)[0].member_name == "Mona"
    assert not can(member("Mona"), "decide", found[0])
    assert can(member("Ada"), "decide", found[0])


def test_confirming_twice_imports_once(db: Database, mona: FlaskClient) -> None:
    address = upload(mona, filled(row(1))).location
    mona.post(address)
    mona.post(address)
    finished(mona, address)
    assert store.count(db) == 1
    mona.post(address)
    assert store.count(db) == 1


def test_same_file_again_changes_nothing(db: Database, mona: FlaskClient) -> None:
    for _time in range(2):
        address = upload(mona, filled(row(1))).location
        mona.post(address)
        page = finished(mona, address)
    assert "Unchanged: 1" in page
    assert store.count(db) == 1


def test_lines_of_json_are_taken_too(db: Database, mona: FlaskClient) -> None:
    lines = "\n".join([json.dumps(CARD, ensure_ascii=False), "", "not json"])
    address = upload(mona, lines.encode(), "practices.jsonl").location
    page = mona.get(address).text
    assert "1 row can be imported" in page
    assert re.search(r'scope="row"[^>]*>3<', page)
    mona.post(address)
    finished(mona, address)
    assert store.count(db) == 1


def test_formula_is_told_and_its_last_value_taken(mona: FlaskClient) -> None:
    cells = {"A": "Τίτλος", "B": "athens", "C": "health"}
    text = "".join(f'<c r="{c}2" t="str"><f>A1</f><v>{v}</v></c>' for c, v in cells.items())
    page = mona.get(upload(mona, rows_xml(f'<row r="2">{text}</row>')).location).text
    assert "A (title_el)" not in page[: page.index("Rows with faults")]
    assert "Τίτλος" in page


def test_nothing_is_written_where_one_row_became_impossible(
    db: Database, mona: FlaskClient
) -> None:
    first, second = row(1, slug=None), row(2) | {"slug": "athens-two"}
    address = upload(mona, filled({"slug": "", **first}, second)).location
    # Meanwhile another municipality's practice takes the address.
    other = upload(mona, filled(row(3) | {"slug": "athens-two", "municipality": "chania"})).location
    mona.post(other)
    finished(mona, other)
    mona.post(address)
    assert "Nothing was written" in finished(mona, address)
    assert store.count(db) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"hello", filled({"a": "b"})])
def test_file_that_cannot_be_read_gets_a_sentence(mona: FlaskClient, content: bytes) -> None:
    answer = upload(mona, content)
    assert answer.status_code == 400
    assert 'id="file-error"' in answer.text


def test_no_file_gets_a_sentence(mona: FlaskClient) -> None:
    assert "Choose a file." in mona.post("/en/import", data={}).text


def test_import_is_seen_by_who_began_it(mona: FlaskClient, sign_in: SignIn) -> None:
    address = upload(mona, filled(row(1))).location
    for name, status in (("Ada", 404), ("Anna", 404), (None, 303)):
        client = sign_in(name)
        for where in (address, f"{address}/progress"):
            assert client.get(where).status_code == status
        for where in (address, f"{address}/discard"):
            assert client.post(where).status_code == status
    assert mona.get(address).status_code == 200


def test_contributor_has_no_import(sign_in: SignIn) -> None:
    assert sign_in("Anna").get("/en/import").status_code == 404
    assert upload(sign_in("Anna"), filled(row(1))).status_code == 404


def test_what_is_kept_is_private_and_goes(
    instance: Path, mona: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = instance / imports.FOLDER
    address = upload(mona, filled(row(1))).location
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    mona.post(f"{address}/discard")
    assert list(folder.iterdir()) == []
    assert mona.get(address).status_code == 404
    upload(mona, filled(row(1)))
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    second = upload(mona, filled(row(1))).location
    token = second.rpartition("/")[2]
    assert {path.name.partition(".")[0] for path in folder.iterdir()} == {token}
    mona.post(second)
    finished(mona, second)
    assert [path.suffix for path in folder.iterdir()] == [".json"]


def test_import_that_was_cut_off_can_be_started_again(
    db: Database, instance: Path, mona: FlaskClient, member: Callable[[str], Member]
) -> None:
    address = upload(mona, filled(row(1))).location
    found = imports.find(address.rpartition("/")[2], member("Mona").id)
    assert imports.claim(found)
    found.state = "running"
    imports.tell(found, 0)
    imports.save(found)
    assert "is running" in mona.get(address).text
    for ending in ("done", "taken"):
        os.utime(instance / imports.FOLDER / f"{found.token}.{ending}", (0, 0))
    assert "was cut off" in mona.get(address).text
    mona.post(address)
    finished(mona, address)
    assert store.count(db) == 1


def test_command_reads_a_spreadsheet_and_tells_row_and_column(
    app: Flask, db: Database, tmp_path: Path
) -> None:
    file = tmp_path / "practices.xlsx"
    file.write_bytes(filled(row(1), row(2) | {"stage": "?"}))
    done = app.test_cli_runner().invoke(args=["practices", "import", str(file)])
    assert f"{file}:3: stage: There is no such choice: ?" in done.output
    assert "1 added" in done.output
    assert store.count(db) == 1
    file.write_bytes(b"hello")
    done = app.test_cli_runner().invoke(args=["practices", "import", str(file)])
    assert done.exit_code == 1
    assert "XLSX" in done.output
