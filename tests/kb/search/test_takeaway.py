"""Results as a table and as a feed."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from kb.search.syncing import Indexes
from kb.tables import harmless
from tests.kb.search.conftest import LIBRARY, Publish

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def table(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_table_holds_every_hit_with_labels(client: FlaskClient, library: Indexes) -> None:
    rows = table(client, "/en/practices.csv")
    assert len(rows) == len(LIBRARY)
    flats = next(row for row in rows if row["Address"].endswith("/en/practices/flats"))
    assert flats["Title"] == "Flats for families"
    assert flats["Municipality"] == "Thessaloniki"
    assert flats["Areas of integration"] == "Housing"
    assert flats["Start"] == "2019"
    orchard = next(row for row in rows if row["Address"].endswith("/orchard"))
    assert orchard["Other municipalities"] == "Athens"


def test_the_table_follows_words_and_filters(client: FlaskClient, library: Indexes) -> None:
    rows = table(client, "/el/practices.csv?q=στέγαση&municipality=athens")
    assert [list(row.values())[1] for row in rows] == ["Ιατρείο στη γειτονιά"]


def test_the_table_is_a_download(client: FlaskClient, library: Indexes) -> None:
    answer = client.get("/en/practices.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="practices-en.csv"'


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0", "\t=1", "\r=1", "＝1", " =1", "＠x"],
)
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "2019", "Στέγαση = σπίτι", "a@b.gr", "Έως 50 %"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_title_that_is_a_formula_stays_text(client: FlaskClient, publish: Publish) -> None:
    publish("formula", title={"el": '=HYPERLINK("http://x.gr";"κλικ")'})
    cells = [cell for row in table(client, "/el/practices.csv") for cell in row.values()]
    assert '\'=HYPERLINK("http://x.gr";"κλικ")' in cells


def test_the_feed_holds_every_hit(client: FlaskClient, library: Indexes) -> None:
    answer = client.get("/el/practices.atom?area=housing")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall("a:entry", ATOM)
    assert {entry.findtext("a:title", None, ATOM) for entry in entries} == {
        "Στέγαση οικογενειών σε διαμερίσματα",
        "Ιατρείο στη γειτονιά",
    }
    links = [link.get("href", "") for link in feed.findall(".//a:link", ATOM)]
    assert all(link.startswith("http://") for link in links)
    for required in ("a:id", "a:updated", "a:title"):
        assert all(entry.findtext(required, "", ATOM) for entry in [feed, *entries])


def test_the_feed_says_whose_hits_it_holds(client: FlaskClient, library: Indexes) -> None:
    text = client.get("/el/practices.atom?q=στέγαση&area=housing&area=health&area=no&page=9").data
    feed = ElementTree.fromstring(text)
    assert (feed.findtext("a:title", "", ATOM)).endswith(": στέγαση")
    own = feed.find("a:link[@rel='self']", ATOM)
    assert own is not None
    address = own.get("href", "").partition("/el/")[2]
    assert client.get(f"/el/{address}").data == text
    assert address.endswith("&area=housing&area=health")


def test_both_languages_feeds_name_a_practice_alike(client: FlaskClient, library: Indexes) -> None:
    def names(lang: str) -> set[str | None]:
        feed = ElementTree.fromstring(client.get(f"/{lang}/practices.atom").data)
        return {entry.findtext("a:id", None, ATOM) for entry in feed.findall("a:entry", ATOM)}

    assert names("el") == names("en")


def test_a_feed_of_nothing_is_a_feed(client: FlaskClient, library: Indexes) -> None:
    feed = ElementTree.fromstring(client.get("/el/practices.atom?q=zzzyx").data)
    assert feed.findall("a:entry", ATOM) == []
