"""What is recorded of searches, and what moderators see of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.db import transaction
from kb.search import searches
from kb.search.record import LONGEST, Search, recorded_form, recorder
from kb.search.syncing import Indexes

SignIn = Callable[[str | None], FlaskClient]
Look = Callable[..., None]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def look(app: Flask, client: FlaskClient, library: Indexes) -> Look:
    """Opens the search page as a person does, and waits until that has been taken down."""

    def open_page(
        query: str, agent: str = FIREFOX, by: FlaskClient = client, **headers: str
    ) -> None:
        page = by.get(f"/el/practices?{query}", headers={"User-Agent": agent, **headers})
        assert page.status_code == 200
        page.close()
        recorder(app).wait()

    return open_page


def recorded(db: Database) -> dict[str, tuple[int, int, int]]:
    """What is recorded: for each query whether found, how many, how often."""
    rows = db.execute("SELECT * FROM search_record")
    return {row["query"]: (row["found"], row["hits"], row["count"]) for row in rows}


def rows(db: Database, *found: tuple[str, int, str], language: str = "el") -> None:
    """Record searches of other days: words, hits, day."""
    sql = "INSERT INTO search_record VALUES (?, ?, ?, ?, ?, 1)"
    with transaction(db):
        for words, hits, day in found:
            db.execute(sql, (day, language, words, int(hits > 0), hits))


def test_a_search_is_recorded_as_it_is_compared(db: Database, look: Look) -> None:
    look("q=ΣΤΈΓΑΣΗ+++Οικογενειών")
    look("q=zzqqxx")
    found, hits, count = recorded(db)["στεγαση οικογενειων"]
    assert (found, hits > 0, count) == (1, True, 1)
    assert recorded(db)["zzqqxx"] == (0, 0, 1)
    columns = {row["name"] for row in db.execute("PRAGMA table_info(search_record)")}
    assert columns == {"day", "language", "query", "found", "hits", "count"}


def test_the_same_from_the_same_place_counts_once(
    db: Database, app: Flask, look: Look, client: FlaskClient
) -> None:
    look("q=flats")
    look("q=FLATS")
    look("q=flats", by=app.test_client())
    assert recorded(db)["flats"][2] == 1
    recorder(app).note(Search("el", "flats", 2), "192.0.2.7")
    recorder(app).wait()
    assert recorded(db)["flats"] == (1, 2, 2)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=",
        "q=***",
        "q=flats&page=2",
        "q=flats&area=housing",
        "q=flats&sort=title",
        "area=health",
    ],
)
def test_what_nobody_typed_is_not_recorded(db: Database, look: Look, query: str) -> None:
    look(query)
    assert recorded(db) == {}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
    ],
)
def test_programs_are_not_recorded(db: Database, look: Look, agent: str) -> None:
    look("q=flats", agent=agent)
    assert recorded(db) == {}


def test_neither_looking_ahead_nor_a_moderator_is_recorded(
    db: Database, look: Look, sign_in: SignIn
) -> None:
    look("q=flats", **{"Sec-Purpose": "prefetch;prerender"})
    look("q=flats", by=sign_in("Mona"))
    assert recorded(db) == {}
    look("q=flats", by=sign_in("Anna"))
    assert set(recorded(db)) == {"flats"}


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.gr",
        "2101234567",
        "+30 210 123 4567",
        "６９７１２３４５６７",
        "(2310) 567-890",
        "ΑΦΜ 123456789",
        "01018012345",
        "ΑΒ 123456",
        "γεννημένος 12/03/1985",
        "1.2.90",
        "https://example.gr/x",
        "α" * (LONGEST + 1),
        "***",
    ],
)
def test_what_may_be_personal_is_not_recorded(text: str) -> None:
    assert recorded_form(text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ν. 4375/2016", "ν. 4375/2016"),
        ("year:2019..2021 Ένταξη", "year:2019..2021 ενταξη"),
        ("2019-2021", "2019-2021"),
        ("Covid-19", "covid-19"),
        ("ΔΗΜΟΣ ΤΗΛΟΥ", "δημος τηλου"),
    ],
)
def test_laws_and_years_are_recorded(text: str, form: str) -> None:
    assert recorded_form(text) == form


def test_a_record_that_cannot_be_written_hinders_nobody(
    db: Database, look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    db.execute("DROP TABLE search_record")
    look("q=flats")
    assert "could not be recorded" in caplog.text


def test_the_record_is_bounded_and_forgets(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_A_DAY", 3)
    rows(db, ("old", 1, "2020-01-01"))
    with transaction(db):
        searches.insert(db, [Search("el", f"word {n}", 0) for n in range(9)])
        searches.prune(db)
    assert set(recorded(db)) == {"word 0", "word 1", "word 2"}


@pytest.fixture
def record(db: Database) -> None:
    """A few days of searches."""
    today = db.execute("SELECT date('now')").fetchone()[0]
    before = db.execute("SELECT date('now', '-60 days')").fetchone()[0]
    rows(db, ("στεγαση", 3, today), ("ποδηλατα", 0, today), ("=1+1", 0, today))
    rows(db, ("στεγαση", 2, before), ("κηποι", 0, before))
    rows(db, ("bicycles", 0, today), language="en")


def shown(client: FlaskClient, **period: Any) -> tuple[str, str]:
    """What stands under "sought and not found", and what under "sought most"."""
    page = client.get("/en/review/searches", query_string=period)
    assert page.status_code == 200
    in_vain, _, sought = page.text.partition('id="sought"')
    return in_vain.partition('id="in-vain"')[2], sought


@pytest.mark.usefixtures("record")
def test_a_moderator_sees_what_is_sought_and_not_found(sign_in: SignIn) -> None:
    in_vain, sought = shown(sign_in("Mona"))
    assert "ποδηλατα" in in_vain
    assert "bicycles" in in_vain
    assert "στεγαση" not in in_vain
    assert "κηποι" not in in_vain
    assert "στεγαση" in sought
    assert 'href="/el/practices?q=%CF%80%CE%BF%CE%B4%CE%B7%CE%BB%CE%B1%CF%84%CE%B1"' in in_vain


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("period", [{"days": "x"}, {"days": "-1"}, {"language": "xx"}])
def test_a_period_that_there_is_not_is_the_usual_one(
    sign_in: SignIn, period: dict[str, str]
) -> None:
    assert shown(sign_in("Mona"), **period) == shown(sign_in("Mona"))


@pytest.mark.usefixtures("record")
def test_a_period_and_a_language_narrow_the_record(sign_in: SignIn) -> None:
    in_vain, _ = shown(sign_in("Mona"), days=90, language="el")
    assert "κηποι" in in_vain
    assert "bicycles" not in in_vain


@pytest.mark.usefixtures("record")
def test_the_record_can_be_taken_away(sign_in: SignIn) -> None:
    table = sign_in("Mona").get("/en/review/searches.csv?days=90")
    lines = table.get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffWords;Searched in;Times;Practices found;Last time"
    assert lines[1].startswith("στεγαση;Greek;2;3;")
    assert any(line.startswith("'=1+1;") for line in lines)


@pytest.mark.parametrize("path", ["searches", "searches.csv"])
def test_the_record_is_for_moderators(sign_in: SignIn, path: str) -> None:
    assert sign_in("Anna").get(f"/en/review/{path}").status_code == 404
    assert sign_in(None).get(f"/en/review/{path}").status_code == 303
    assert "/en/review/searches" in sign_in("Mona").get("/en/practices").text
    assert "/en/review/searches" not in sign_in("Anna").get("/en/practices").text
