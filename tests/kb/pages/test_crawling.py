"""What search engines are told: every page for everybody, in its languages, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.practices import actions
from kb.practices import store as practices
from tests.kb.practices.cases import changed

HOST = "https://library.example.gr"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LINK = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
def client(make_app: Callable[..., Flask]) -> FlaskClient:
    """A visitor of a site behind https; its host is what messages and addresses name."""
    return make_app(BASE_URL=HOST).test_client()


def publish(db: Database, slug: str, status: str = "published", **fields: object) -> None:
    """A practice with a public revision, and one that follows it and is not public."""
    with transaction(db):
        number = practices.insert(db, submission_key=slug, municipality="athens", created_by=None)
        practices.give_address(db, number, slug)
        revision = practices.insert_revision(db, number, changed(**fields), None)
        practices.set_public_revision(db, number, revision)
        practices.set_status(db, number, status)


def entries(client: FlaskClient) -> dict[str, list[tuple[str | None, str | None]]]:
    """Each address of the sitemap with the languages that it names."""
    answer = client.get("/sitemap.xml", base_url="http://127.0.0.1:8000")
    assert answer.mimetype == "application/xml"
    return {
        entry.findtext(LOC, ""): [
            (link.get("hreflang"), link.get("href")) for link in entry.iter(LINK)
        ]
        for entry in ElementTree.fromstring(answer.data)
    }


def test_sitemap_has_each_public_page_in_both_languages(client: FlaskClient, db: Database) -> None:
    publish(db, "open", title={"el": "Στέγαση", "en": "Housing"})
    found = entries(client)
    for path in ("", "practices", "areas", "about", "municipalities/athens", "practices/open"):
        both = [(lang, f"{HOST}/{lang}/{path}") for lang in ("el", "en")]
        assert all(found[address] == both for _, address in both), path
    assert f"{HOST}/el/municipalities/tilos" not in found  # a page that says that there is nothing
    for address in found:
        assert client.get(address).status_code == 200


def test_sitemap_holds_nothing_that_is_not_public(
    client: FlaskClient, db: Database, member: Callable[[str], Member]
) -> None:
    before = set(entries(client))
    publish(db, "ended", "archived")
    actions.create(db, member("Anna"), "a draft", changed())
    assert set(entries(client)) == before


def test_practice_in_one_language_has_one_address(client: FlaskClient, db: Database) -> None:
    publish(db, "greek", title={"el": "Στέγαση"})
    assert entries(client)[f"{HOST}/el/practices/greek"] == []
    assert f"{HOST}/en/practices/greek" not in entries(client)
    page = client.get("/en/practices/greek", base_url=HOST).text
    assert f'<link rel="canonical" href="{HOST}/el/practices/greek">' in page
    assert 'rel="alternate"' not in page


def test_page_names_its_lasting_address_and_its_other_language(
    client: FlaskClient, db: Database
) -> None:
    publish(db, "open", title={"el": 'Σπίτι "για όλους"', "en": 'A "home" <for> all'})
    page = client.get("/en/practices/open?from=mail", base_url="http://127.0.0.1:8000").text
    assert f'<link rel="canonical" href="{HOST}/en/practices/open">' in page
    others = re.findall(r'<link rel="alternate" hreflang="(..)" href="([^"]+)">', page)
    assert others == [(lang, f"{HOST}/{lang}/practices/open") for lang in ("el", "en")]
    assert 'property="og:title" content="A &#34;home&#34; &lt;for&gt; all"' in page
    assert f'property="og:url" content="{HOST}/en/practices/open"' in page


@pytest.mark.parametrize("path", ["sign-in", "links/a-secret", "nowhere"])
def test_page_that_is_not_to_be_found_names_no_address(client: FlaskClient, path: str) -> None:
    page = client.get(f"/en/{path}", base_url=HOST).text
    assert 'rel="canonical"' not in page
    assert "og:" not in page


def test_robots_are_led_to_the_sitemap(client: FlaskClient) -> None:
    answer = client.get("/robots.txt", base_url="http://127.0.0.1:8000")
    assert f"Sitemap: {HOST}/sitemap.xml" in answer.text
    assert "Disallow: /*?" in answer.text
