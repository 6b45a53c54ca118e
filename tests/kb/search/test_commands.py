"""``flask index …``."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from kb.search.syncing import Indexes
from tests.kb.practices.cases import CARD
from tests.kb.search.conftest import Publish

RUN_LINE = re.compile(r"\S+ Q0 \S+ \d+ \d+\.\d{6} cni")


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_run_writes_a_trec_run(runner: FlaskCliRunner, library: Indexes, tmp_path: Path) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text('q1\tστέγαση\n\nq2\tperivoli "\nq3\tπεριβόλι\n', "utf-8")
    answer = runner.invoke(args=["index", "run", str(queries), "--lang", "el", "--limit", "1"])
    assert answer.exit_code == 0, answer.output
    lines = answer.output.splitlines()
    assert all(RUN_LINE.fullmatch(line) for line in lines)
    assert lines[0].startswith("q1 Q0 flats 1 ")
    assert lines[-1].startswith("q3 Q0 orchard 1 ")


def test_a_line_without_a_tab_is_named(
    runner: FlaskCliRunner, library: Indexes, tmp_path: Path
) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_text("q1\tστέγαση\nno tab here\n", "utf-8")
    answer = runner.invoke(args=["index", "run", str(queries)])
    assert answer.exit_code == 1
    assert f"{queries}:2:" in answer.output


def test_a_file_in_another_encoding_is_named(
    runner: FlaskCliRunner, library: Indexes, tmp_path: Path
) -> None:
    queries = tmp_path / "queries.tsv"
    queries.write_bytes("q1\tστέγαση\n".encode("cp1253"))
    answer = runner.invoke(args=["index", "run", str(queries)])
    assert answer.exit_code == 1
    assert f"{queries} is not a text in UTF-8." in answer.output


def test_search_shows_hits_and_all_as_json(runner: FlaskCliRunner, library: Indexes) -> None:
    plain = runner.invoke(args=["index", "search", "ΣΤΕΓΑΣΗ"]).output
    assert plain.startswith("2 found")
    assert "flats" in plain
    answer = json.loads(runner.invoke(args=["index", "search", "στέγαση", "--json"]).output)
    assert answer["total"] == 2
    assert answer["hits"][0]["slug"] == "flats"


def test_search_brings_the_index_in_step_first(
    runner: FlaskCliRunner, library: Indexes, publish: Publish
) -> None:
    publish("bakery", sync=False, title={"el": "Φούρνος της γειτονιάς"})
    assert "bakery" in runner.invoke(args=["index", "search", "φούρνος"]).output


def test_check_tells_of_damage_and_sync_mends_it(
    runner: FlaskCliRunner, library: Indexes, instance: Path
) -> None:
    assert runner.invoke(args=["index", "check"]).exit_code == 0
    shutil.rmtree(instance / "index" / "public")
    broken = runner.invoke(args=["index", "check"])
    assert broken.exit_code == 1
    assert "public:" in broken.output
    assert "4 practices" in runner.invoke(args=["index", "sync"]).output
    assert runner.invoke(args=["index", "check"]).exit_code == 0


def test_rebuild_leaves_no_earlier_generation(
    runner: FlaskCliRunner, library: Indexes, instance: Path
) -> None:
    assert "rebuilt" in runner.invoke(args=["index", "rebuild"]).output
    assert len(list((instance / "index" / "public").glob("generation-*"))) == 1


def test_an_import_is_followed_by_the_index_also_where_lines_are_bad(
    runner: FlaskCliRunner, library: Indexes, tmp_path: Path
) -> None:
    file = tmp_path / "practices.jsonl"
    content = {**CARD, "title": {"el": "Φούρνος της γειτονιάς"}, "slug": "bakery"}
    file.write_text(f"{json.dumps(content)}\nnot JSON\n", "utf-8")
    answer = runner.invoke(args=["practices", "import", str(file), "--publish"])
    assert answer.exit_code == 1
    assert "Search index: 5 practices" in answer.output
    assert runner.invoke(args=["index", "check"]).exit_code == 0


def test_without_a_library_the_commands_say_what_to_run(app: Flask, instance: Path) -> None:
    (instance / "library.sqlite3").unlink()
    for args in (["sync"], ["rebuild"], ["check"], ["search", "x"]):
        answer = app.test_cli_runner().invoke(args=["index", *args])
        assert answer.exit_code == 1
        assert "flask kb init" in answer.output
