"""/api/v1/search."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.search.syncing import Indexes
from tests.kb.search.conftest import LIBRARY
from tests.kb.search.reading import boxes, titles


def search(client: FlaskClient, query: str) -> TestResponse:
    return client.get(f"/api/v1/search?{query}")


@pytest.mark.parametrize("lang", ["el", "en"])
@pytest.mark.parametrize(
    "query", ["", "q=στέγαση", "area=housing&sort=title", "year=2020&municipality=athens", "q=zzz"]
)
def test_it_answers_as_the_page_does(
    client: FlaskClient, library: Indexes, lang: str, query: str
) -> None:
    page = client.get(f"/{lang}/practices?{query}").text
    answer = search(client, f"lang={lang}&{query}").json
    assert [hit["title"] for hit in answer["hits"]] == titles(page)
    assert {
        facet["name"]: {value["code"]: value["count"] for value in facet["values"]}
        for facet in answer["facets"]
    } == boxes(page)


def test_a_hit_tells_what_a_program_needs(client: FlaskClient, library: Indexes) -> None:
    answer = search(client, "lang=en&q=rents&area=housing&municipality=thessaloniki").json
    assert answer["total"] == answer["pages"] == answer["page"] == 1
    assert answer["filters"] == {"municipality": ["thessaloniki"], "area": ["housing"]}
    [hit] = answer["hits"]
    assert hit["url"].endswith("/en/practices/flats")
    assert hit["municipality"] == {"code": "thessaloniki", "label": "Thessaloniki"}
    assert hit["areas"] == [{"code": "housing", "label": "Housing"}]
    assert (hit["language"], hit["year"]) == ("en", 2019)
    assert ["Rents", True] in hit["highlights"]["summary"]
    housing = next(f for f in answer["facets"] if f["name"] == "area")["values"][0]
    assert housing == {"code": "housing", "label": "Housing", "count": 1, "chosen": True}


def test_pages_may_be_of_another_size(client: FlaskClient, library: Indexes) -> None:
    pages = [search(client, f"per_page=3&page={number}").json for number in (1, 2, 3)]
    assert [len(each["hits"]) for each in pages] == [3, 1, 0]
    assert {each["pages"] for each in pages} == {2}
    slugs = [hit["slug"] for each in pages for hit in each["hits"]]
    assert sorted(slugs) == sorted(LIBRARY)


def test_a_bad_filter_value_is_ignored_with_a_note(client: FlaskClient, library: Indexes) -> None:
    answer = search(client, "lang=en&area=nope").json
    assert answer["total"] == len(LIBRARY)
    assert "nope" in answer["notices"][0]


@pytest.mark.parametrize(
    "bad", ["page=0", "page=x", "per_page=101", "per_page=-1", "lang=de", "page=٢", "page=1e3"]
)
def test_a_bad_number_is_refused_as_a_problem(
    client: FlaskClient, library: Indexes, bad: str
) -> None:
    answer = search(client, bad)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 400
    assert answer.json["detail"].startswith(bad.partition("=")[0])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "nowhere", 404), ("PUT", "search", 405), ("GET", "search?lang=xx", 400)],
)
def test_a_program_is_refused_in_its_own_words(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(f"/api/v1/{path}", method=method)
    assert answer.status_code == answer.json["status"] == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["title"]
    assert ("Allow" in answer.headers) == (status == 405)


def test_the_language_follows_the_browser_where_none_is_asked_for(
    client: FlaskClient, library: Indexes
) -> None:
    answer = client.get("/api/v1/search", headers={"Accept-Language": "en"})
    assert answer.json["language"] == "en"
    assert "Accept-Language" in answer.headers["Vary"]
