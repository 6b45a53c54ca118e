"""The log of moderation: narrowed to what is looked for, and only ever added to."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kb.db import transaction
from tests.kb.moderation.conftest import Desk


def test_log_shows_the_newest_first_with_reasons(desk: Desk, mona: FlaskClient) -> None:
    desk.decide(desk.submitted(), "decline", "Εκτός θέματος.")
    page = mona.get("/en/review/log").text
    assert page.index("govuk-tag--red") < page.index("govuk-tag--blue")
    assert "Εκτός θέματος." in page


def test_log_can_be_narrowed_to_a_practice_and_a_decision(desk: Desk, mona: FlaskClient) -> None:
    first = desk.published(key="one")
    second = desk.decide(desk.submitted(key="two"), "decline")
    page = mona.get("/en/review/log", query_string={"reference": f" {second.reference.lower()} "})
    assert second.reference in page.text
    assert f"<span>{first.reference}</span>" not in page.text
    page = mona.get("/en/review/log?action=publish")
    assert f"<span>{first.reference}</span>" in page.text
    assert f"<span>{second.reference}</span>" not in page.text


def test_log_filter_that_makes_no_sense_is_left_aside_with_a_note(
    desk: Desk, mona: FlaskClient
) -> None:
    desk.submitted()
    answer = mona.get("/en/review/log?reference=CNI-1&action=burn&page=7")
    assert answer.status_code == 200
    assert "There is no practice with that reference" in answer.text
    assert "There is no such decision" in answer.text
    assert ">Submitted<" in answer.text


@pytest.mark.parametrize(
    "sql", ["UPDATE moderation_log SET reason = ''", "DELETE FROM moderation_log"]
)
def test_log_is_only_ever_added_to(desk: Desk, sql: str) -> None:
    desk.submitted()
    with pytest.raises(Exception, match="only ever added"), transaction(desk.db):
        desk.db.execute(sql)
