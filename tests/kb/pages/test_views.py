"""The pages around the library, as a visitor meets them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

PAGES = (
    "",
    "areas",
    "municipalities",
    "municipalities/athens",
    "about",
    "accessibility",
    "privacy",
)


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_an_empty_library(
    client: FlaskClient, language: str, path: str
) -> None:
    assert client.get(f"/{language}/{path}").status_code == 200


def test_search_comes_first_on_the_home_page(client: FlaskClient) -> None:
    page = client.get("/en/").text
    assert page.index('role="search"') < page.index('id="areas"') < page.index('id="network"')


def test_an_unknown_municipality_is_not_found_and_the_page_helps(client: FlaskClient) -> None:
    answer = client.get("/en/municipalities/atlantis")
    assert answer.status_code == 404
    assert 'role="search"' in answer.text


def test_the_language_switch_leads_to_the_same_page(client: FlaskClient) -> None:
    page = client.get("/en/municipalities/athens").text
    assert 'href="/el/municipalities/athens" lang="el" hreflang="el"' in page


def test_the_map_is_credited(client: FlaskClient) -> None:
    assert "geodata.gov.gr, CC BY 3.0" in client.get("/en/municipalities").text


def test_the_feedback_form_knows_the_page_but_not_what_was_sought(client: FlaskClient) -> None:
    before = {"Referer": "http://localhost/en/practices?q=rent"}
    page = client.get("/en/accessibility", headers=before).text
    assert 'name="page" value="/en/practices"' in page
    elsewhere = client.get("/en/accessibility", headers={"Referer": "http://elsewhere.gr/a"})
    assert 'name="page" value=""' in elsewhere.text
    for broken in ("http://[", "http://[::1", "//", "\x00"):
        answer = client.get("/en/accessibility", headers={"Referer": broken})
        assert 'name="page" value=""' in answer.text
