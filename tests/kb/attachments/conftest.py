"""A practice of Anna's with files, and a way to send more."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

import inspector
from inspector.__main__ import inspect as within
from kb.access import Member
from kb.attachments import actions
from kb.attachments.model import Row
from kb.practices import actions as practices
from kb.practices.model import Practice
from tests.kb.practices.cases import CARD

Find = Callable[[str], Member]
Send = Callable[..., TestResponse]
Put = Callable[..., Row]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked through by the same code without a process of its own: sooner by half."""

    def inspect(path: Path, name: str, into: Path) -> inspector.Finding:
        kind = inspector.by_name(name)
        return within(path, kind.code if kind else "", into)

    monkeypatch.setattr(inspector, "inspect", inspect)


@pytest.fixture
def practice(db: Database, member: Find) -> Practice:
    """Anna's draft."""
    return practices.create(db, member("Anna"), "key", CARD)


@pytest.fixture
def send(sign_in: Callable[[str | None], FlaskClient], practice: Practice) -> Send:
    """Posts files to the page of Anna's practice: ``send({"a.pdf": content}, **fields)``."""
    client = sign_in("Anna")

    def post(files: dict[str, bytes], lang: str = "en", accept: str = "", **fields: Any) -> Any:
        sent = [(BytesIO(content), name) for name, content in files.items()]
        return client.post(
            f"/{lang}/my-practices/{practice.id}/files",
            data={"files": sent, **fields},
            headers={"Accept": accept} if accept else {},
        )

    return post


@pytest.fixture
def put(db: Database, member: Find) -> Put:
    """Adds a file as Anna does: ``put(practice, "a.pdf", content, licence=…, kind=…)``."""

    def add(practice: Practice, name: str, content: bytes, **said: Any) -> Row:
        anna = member("Anna")
        with actions.examined(BytesIO(content), name) as found:
            assert isinstance(found, actions.Examined), found
            done = actions.save(db, practice, anna, [found], {})
        assert not done.refused
        row = done.added[0]
        description = actions.Description({**row, **said}, actions.mark(row))
        actions.save(db, practice, anna, [], {row["file"]: description})
        return {**row, **said}

    return add


@pytest.fixture
def rows(db: Database, practice: Practice) -> Callable[[], list[Row]]:
    """The files that the draft names at present."""

    def read() -> list[Row]:
        return list(practices.working_copy(db, practice).content.get("attachments", []))

    return read
