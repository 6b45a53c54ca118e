"""Office files: what an import of 500 practices and a practice in Word cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import inspector
from benchmarks.server import ROOT
from benchmarks.web import Row, timed
from kb import create_app
from kb.db import get_db
from kb.office import actions, columns
from kb.office.document import Subject
from kb.office.workbook import EXAMPLE
from kb.office.xlsx import Sheet, workbook

PRACTICES = 500


def contents() -> list[dict[str, Any]]:
    """The practices of the demo library again and again, each under a title of its own."""
    demo = [json.loads(line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()]
    found = []
    for number in range(PRACTICES):
        record = {code: value for code, value in demo[number % len(demo)].items() if code != "slug"}
        titles = {language: f"{text[:90]} {number}" for language, text in record["title"].items()}
        found.append({**record, "title": titles})
    return found


def sheet() -> bytes:
    """The same as a spreadsheet."""
    rows = [columns.row_of(content) for content in contents()]
    names = [heading.name for heading in columns.headings()]
    body = [[row.get(name, "") for name in names] for row in rows]
    return workbook([Sheet("practices", [names, *body], [20] * len(names))])


def run() -> list[Row]:
    """One import by the command, from its start to its end; one journey through Word."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        environment = os.environ | {"KB_INSTANCE": str(instance)}

        def flask(*command: str) -> None:
            subprocess.run(
                [sys.executable, "-m", "flask", *command],
                cwd=ROOT, env=environment, check=True, capture_output=True,
            )  # fmt: skip

        flask("kb", "init")
        app = create_app({"INSTANCE": instance})
        with app.test_request_context("/el/import"):
            app.preprocess_request()
            file = Path(folder) / "practices.xlsx"
            file.write_bytes(sheet())
            peak = inspector.read(file, "xlsx")["peak"] / 1024
            taken = timed(lambda: flask("practices", "import", "--all-or-nothing", str(file)))
            what = f"{PRACTICES} practices from a spreadsheet, by command, with the index"
            rows = [
                (what, f"{taken / 1000:.1f} s", "≤ 30 s"),
                ("most memory of the process that reads it", f"{peak:.0f} MB", "≤ 640 MB"),
            ]
            return rows + _journey()


def _journey() -> list[Row]:
    content = contents()[0]
    subject = Subject(content, content["municipality"], 1, content["title"]["el"])
    made = b""

    def make() -> None:
        nonlocal made
        made = actions.made(get_db(), subject)

    def come_back() -> None:
        reading = actions.read(get_db(), BytesIO(made), subject)
        assert not actions.compare(get_db(), reading, subject).taken

    return [
        ("a full practice as a Word document", f"{timed(make):.0f} ms", "≤ 1,000 ms"),
        ("the same read back and compared", f"{timed(come_back):.0f} ms", "≤ 2,000 ms"),
    ]
