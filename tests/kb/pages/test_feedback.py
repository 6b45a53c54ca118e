"""Feedback on accessibility: kept, passed on, and not a way to flood anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import get_db
from kb.pages import actions
from tests.people import mails_to

PAGE = "/en/accessibility"


def test_feedback_is_kept_and_told_to_the_administrators(client: FlaskClient, db: Database) -> None:
    sent = client.post(
        PAGE,
        data={"message": "The map has no words.", "email": "eleni@example.gr", "page": "/el/"},
    )
    assert sent.status_code == 303
    assert db.execute("SELECT message, email, page, language FROM feedback").fetchall()[0][:] == (
        *("The map has no words.", "eleni@example.gr", "/el/", "en"),
    )
    [mail] = mails_to(db, "ada@example.gr")
    assert "The map has no words." in mail
    assert mails_to(db, "mona@example.gr") == []


@pytest.mark.parametrize("page", ["https://elsewhere.gr/", "/a\n\nDear Ada, click here", "//a.gr"])
def test_only_a_page_of_ours_is_named(client: FlaskClient, db: Database, page: str) -> None:
    client.post(PAGE, data={"message": "Too small.", "page": page})
    [mail] = mails_to(db, "ada@example.gr")
    assert "Page: –\n" in mail
    assert "Dear Ada" not in mail


def test_a_mailbox_in_the_settings_is_written_to_instead(make_app: Callable[..., Flask]) -> None:
    app = make_app(CONTACT_EMAIL="library@example.gr")
    app.test_client().post(PAGE, data={"message": "Too small."})
    with app.app_context():
        assert len(mails_to(get_db(), "library@example.gr")) == 1
        assert mails_to(get_db(), "ada@example.gr") == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"message": ""}, "Describe the problem."),
        ({"message": "x" * 4001}, "too long"),
        ({"message": "Too small.", "email": "nobody"}, "like name@example.gr"),
        ({"message": "Too small.", "email": "a@b.gr\r\nBcc: c@d.gr"}, "like name@example.gr"),
    ],
)
def test_bad_feedback_comes_back_with_what_was_typed(
    client: FlaskClient, db: Database, fields: dict[str, str], said: str
) -> None:
    page = client.post(PAGE, data=fields)
    assert page.status_code == 400
    assert said in page.text
    assert "<title>Error:" in page.text
    assert fields["message"] in page.text
    assert db.execute("SELECT count(*) FROM feedback").fetchone()[0] == 0


def test_a_flood_of_feedback_is_refused_and_the_text_stays(
    client: FlaskClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_AN_HOUR", 1)
    assert client.post(PAGE, data={"message": "One."}).status_code == 303
    refused = client.post(PAGE, data={"message": "Two of many."})
    assert refused.status_code == 429
    assert "Two of many." in refused.text
    assert db.execute("SELECT count(*) FROM feedback").fetchone()[0] == 1
