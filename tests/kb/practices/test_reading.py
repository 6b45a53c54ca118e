"""A practice as a visitor reads it: whom to ask and what there is on the page."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import transaction
from kb.municipalities import store as municipalities
from kb.practices import records
from tests.kb.practices.cases import CARD, changed

MAILBOX = "integration@athens.example"


def page_of(db: Database, client: FlaskClient, content: dict[str, Any]) -> str:
    line = json.dumps({**content, "slug": "one"}).encode()
    assert records.import_lines(db, [line], publish=True).added == 1
    return client.get("/en/practices/one").text


def key_facts(page: str) -> str:
    return page.split('class="kb-facts__list"')[1].split("</dl>")[0]


def test_the_key_facts_say_whom_to_ask(db: Database, client: FlaskClient) -> None:
    facts = key_facts(page_of(db, client, CARD))
    assert "Τμήμα ένταξης" in facts
    assert 'href="mailto:entaxi@example.gr"' in facts


def test_a_contact_for_members_keeps_its_mailbox_from_visitors(
    db: Database, client: FlaskClient
) -> None:
    page = page_of(db, client, changed(contact={**CARD["contact"], "visibility": "network"}))
    assert "Τμήμα ένταξης" in key_facts(page)
    assert "entaxi@example.gr" not in page


@pytest.mark.parametrize("mailbox", [MAILBOX, None])
def test_without_a_contact_the_municipality_is_asked(
    db: Database, client: FlaskClient, mailbox: str | None
) -> None:
    with transaction(db):
        municipalities.update_settings(db, "athens", mailbox, approves_first=False)
    facts = key_facts(page_of(db, client, changed(contact=None)))
    assert (f'href="mailto:{MAILBOX}"' in facts) == bool(mailbox)
    assert ("Contact" in facts) == bool(mailbox)


def test_the_page_lists_the_sections_that_it_has(db: Database, client: FlaskClient) -> None:
    page = page_of(db, client, changed(contact=None, results={"el": "Πολλά."}))
    listed = page.split('aria-labelledby="contents"')[1].split("</nav>")[0]
    links = re.findall(r'href="#(\w+)"', listed)
    assert links == ["what", "results"]
    assert all(f'<h2 class="govuk-heading-l" id="{link}">' in page for link in links)


def test_a_link_in_the_other_language_says_so(db: Database, client: FlaskClient) -> None:
    links = [
        {"title": "Κέντρο Ένταξης", "url": "https://a.example/"},
        {"title": "Integration centre", "url": "https://b.example/"},
    ]
    page = page_of(db, client, changed(links=links))
    marked = dict(re.findall(r'href="https://(\w)\.example/"[^>]*?( lang="\w+")?>', page))
    assert marked == {"a": ' lang="el"', "b": ""}
