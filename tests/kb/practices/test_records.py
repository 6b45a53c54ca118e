"""Reading practices in and writing them out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from kb.access import Member
from kb.cli import DEMO
from kb.practices import authorship, records, store
from tests.kb.practices.cases import CARD, changed, write_all


def lines(*contents: Any) -> list[bytes]:
    return [
        each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()
        for each in contents
    ]


def exported(db: Database) -> list[dict[str, Any]]:
    return [json.loads(line) for line in records.export_lines(db)]


def test_the_demo_library_is_whole_and_comes_out_as_it_went_in(db: Database) -> None:
    with DEMO.open("rb") as demo:
        report = records.import_lines(db, demo, publish=True)
    assert (report.added, report.bad) == (74, [])
    once = exported(db)
    originals = {
        row["slug"]: {code: value for code, value in row.items() if value}
        for row in map(json.loads, DEMO.read_text("utf-8").splitlines())
    }
    for row in once:
        original = originals[row["slug"]]
        for code in set(row) | set(original):
            if code not in ("cost_band", "setup_time"):  # these come in by notation
                assert row[code] == original[code]
    again = records.import_lines(db, lines(*once), publish=True)
    assert (again.written, again.unchanged, again.bad) == (0, 74, [])
    assert exported(db) == once


def test_every_bad_line_is_told_with_its_number_field_and_reason(db: Database) -> None:
    report = records.import_lines(
        db,
        lines(
            {**CARD, "slug": "good"},
            b"not json",
            changed(stage="flying", start="soon"),
            b"",
            b"[1]",
            changed(title={"el": "α" * 200}, slug="Bad Slug"),
            {**CARD, "slug": "good"},
            b'{"title": "\xff"}',
        ),
    )
    told = {(bad.line, bad.field) for bad in report.bad}
    assert told == {
        (2, "-"), (3, "stage"), (3, "start"), (5, "-"), (6, "title.el"), (6, "slug"),
        (7, "slug"), (8, "-"),
    }  # fmt: skip
    assert all(str(bad.reason) for bad in report.bad)
    assert report.added == 1


def test_all_or_nothing_writes_nothing_where_one_line_is_bad(db: Database) -> None:
    report = records.import_lines(db, lines(CARD, b"{"), all_or_nothing=True)
    assert (report.written, len(report.bad), store.count(db)) == (0, 1, 0)


def test_all_or_nothing_also_undoes_what_only_writing_shows_to_be_bad(db: Database) -> None:
    records.import_lines(db, lines({**CARD, "slug": "mine"}), publish=True)
    theirs = {**changed(municipality="tilos"), "slug": "mine"}
    report = records.import_lines(
        db, lines({**CARD, "slug": "new"}, theirs), publish=True, all_or_nothing=True
    )
    assert (report.written, [bad.line for bad in report.bad]) == (0, [2])
    assert [row["slug"] for row in exported(db)] == ["mine"]


def test_a_line_without_an_address_gets_one_and_is_known_again(db: Database) -> None:
    for expected in (1, 0):
        assert records.import_lines(db, lines(CARD), publish=True).added == expected
    assert [row["slug"] for row in exported(db)] == ["athens-trapeza-diermineon-gia-ta-scholeia"]


def test_a_changed_line_becomes_a_new_revision_of_the_same_practice(db: Database) -> None:
    records.import_lines(db, lines({**CARD, "slug": "one"}), publish=True)
    newer = {**changed(stage="regular"), "slug": "one"}
    assert records.import_lines(db, lines(newer), publish=True).changed == 1
    practice = store.get_by_slug(db, "one")
    assert [revision.number for revision in store.list_revisions(db, practice.id)] == [2, 1]
    assert exported(db)[0]["stage"] == "regular"


def test_without_publish_what_is_read_in_waits_for_review(db: Database) -> None:
    records.import_lines(db, lines({**CARD, "slug": "one"}))
    assert store.get_by_slug(db, "one").status == "submitted"
    assert exported(db) == []


def test_it_tells_how_far_it_is_and_others_can_write_for_half_of_it(db: Database) -> None:
    told: list[tuple[int, int, bool]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total, db.conn.in_transaction))

    contents = [changed(title={"el": f"Πρακτική {number}"}) for number in range(4)]
    assert records.import_lines(db, lines(*contents), progress=tell).added == 4
    assert told == [(1, 4, False), (2, 4, False), (3, 4, True), (4, 4, True)]


def test_the_lines_of_one_municipality(db: Database) -> None:
    report = records.import_lines(
        db, lines(changed(municipality=None), changed(municipality="tilos")), municipality="athens"
    )
    assert report.added == 1
    assert [(bad.line, bad.field) for bad in report.bad] == [(2, "municipality")]


def test_a_contact_for_members_only_does_not_leave_the_library(db: Database) -> None:
    hidden = {"service": {"el": "Τμήμα"}, "mailbox": "canary@example.gr", "visibility": "network"}
    records.import_lines(db, lines(changed(contact=hidden)), publish=True)
    assert "contact" not in exported(db)[0]
    documents = db.execute("SELECT * FROM public_document").fetchall()
    assert not any("canary" in str(value) for row in documents for value in tuple(row))


def test_what_an_export_leaves_out_an_import_leaves_alone(db: Database) -> None:
    hidden = {"service": {"el": "Τμήμα"}, "mailbox": "canary@example.gr", "visibility": "network"}
    records.import_lines(db, lines({**changed(contact=hidden), "slug": "one"}), publish=True)
    (line,) = exported(db)
    assert records.import_lines(db, lines(line), publish=True).unchanged == 1
    assert records.import_lines(db, lines({**line, "stage": "regular"}), publish=True).changed == 1
    practice = store.get_by_slug(db, "one")
    content = store.get_revision(db, practice.public_revision_id).content
    assert (content["contact"], content["stage"]) == (hidden, "regular")


def test_an_import_does_not_overtake_whoever_is_writing(
    db: Database, member: Callable[[str], Member]
) -> None:
    records.import_lines(db, lines({**CARD, "slug": "one"}), publish=True)
    practice = store.get_by_slug(db, "one")
    anna = member("Anna")
    authorship.join(db, practice, anna)
    write_all(db, practice, anna, changed(stage="pilot"), 0)
    newer = {**changed(stage="regular"), "slug": "one"}
    report = records.import_lines(db, lines(newer), publish=True)
    assert (report.written, [bad.field for bad in report.bad]) == (0, ["slug"])
    assert records.import_lines(db, lines({**CARD, "slug": "one"}), publish=True).unchanged == 1


@pytest.mark.parametrize("broken", [b"\xff\xfe" * 10, b"PK\x03\x04", b"{" * 100_000])
def test_a_file_that_is_not_json_lines_is_a_sentence(
    app: Any, db: Database, tmp_path: Path, broken: bytes
) -> None:
    file = tmp_path / "practices.jsonl"
    file.write_bytes(broken)
    result = app.test_cli_runner().invoke(args=["practices", "import", str(file)])
    assert result.exit_code == 1
    assert "not JSON" in result.stderr
