"""The municipalities are data: administrators say what they are called, and add new ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.accounts import network
from kb.accounts.details_form import typed
from kb.db import FILENAME, connect
from kb.moderation import actions as moderation
from kb.moderation.model import Decision
from kb.municipalities import store
from kb.municipalities.model import LATITUDES, LONGITUDES, CodeTaken, Municipality
from kb.office.slots import slots_of
from kb.pages import outline
from kb.practices import actions
from kb.practices import store as practices
from kb.practices.model import Practice
from kb.practices.template import BY_CODE
from kb.practices.wording import Labels
from kb.search.syncing import indexes
from kb.vocabularies.store import all_vocabularies
from tests.hostile_strings import naughty, scripts
from tests.kb.accounts.cases import VOLOS
from tests.kb.practices.cases import CARD, FORM
from tests.people import link_to

Find = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]

ATHENS = "/en/municipality-settings/athens/details"
NEW = "/en/members/add-municipality"


@pytest.fixture
def ada(sign_in: SignIn) -> FlaskClient:
    return sign_in("Ada")


@pytest.fixture
def public(app: Flask, db: Database, member: Find) -> Practice:
    """A practice of Athens that everybody may read."""
    practice = actions.create(db, member("Anna"), "a key", CARD)
    actions.submit(db, practice, member("Anna"), 1)
    practice = practices.get(db, practice.id)
    newest = practice.newest_revision_id or 0
    moderation.decide(db, practice, member("Mona"), Decision("publish", newest))
    indexes(app).sync()
    return practices.get(db, practice.id)


def form(db: Database, code: str = "athens", **changes: str) -> dict[str, str]:
    """What a browser sends where nothing but the changes was typed."""
    told = typed(store.details(db, code))
    told["is_member"] = "yes" if told["is_member"] else ""
    return {name: text for name, text in (told | changes).items() if name != "is_member" or text}


def everything(db: Database) -> list[list[tuple[Any, ...]]]:
    tables = ("municipality", "municipality_alias", "change")
    return [[tuple(row) for row in db.execute(f"SELECT * FROM {name}")] for name in tables]


def found(client: FlaskClient, text: str, **filters: str) -> int:
    query = {"q": text, "lang": "en", **filters}
    return int(client.get("/api/v1/search", query_string=query).json["total"])


@pytest.mark.parametrize("name", [None, "Anna", "Mona"])
def test_details_are_for_administrators(sign_in: SignIn, db: Database, name: str | None) -> None:
    client, before = sign_in(name), everything(db)
    for path in (ATHENS, NEW):
        assert client.get(path).status_code == (404 if name else 303)
        answer = client.post(path, data={**VOLOS, "opened": form(db)["opened"]})
        assert answer.status_code == (404 if name else 303)
    assert everything(db) == before


def test_page_sent_back_as_it_came_changes_nothing(ada: FlaskClient, db: Database) -> None:
    page, before = ada.get(ATHENS).text, everything(db)
    for text in ("Αθηναίων", "Municipality of Athens", "37.9838", "637798", "2018-01", "Athinai"):
        assert text in page
    assert "Code in addresses: athens" in page
    for place in store.list_municipalities(db)[:-1]:
        path = f"/en/municipality-settings/{place.code}/details"
        assert ada.post(path, data=form(db, place.code)).status_code == 303
    assert everything(db) == before


def test_new_name_stands_on_every_page_and_new_spelling_finds_its_practices(
    app: Flask, ada: FlaskClient, db: Database, public: Practice, client: FlaskClient
) -> None:
    assert found(client, "Αστυόπολις") == found(client, "Neoathens") == 0
    new = form(db, name_en="Neoathens", official_name_en="City of Neoathens")
    answer = ada.post(ATHENS, data={**new, "aliases": "Αστυόπολις"}, follow_redirects=True)
    assert "The details of City of Neoathens are saved." in answer.text
    indexes(app).sync()
    pages = ("practices", f"practices/{public.slug}", "municipalities", "municipalities/athens")
    for path in pages:
        page = client.get(f"/en/{path}").text
        assert "Neoathens" in page
        assert "Municipality of Athens" not in page
    assert found(client, "Αστυόπολις") == found(client, "Neoathens") == 1
    assert store.aliases(db, "athens") == ["Αστυόπολις"]


def test_new_municipality_is_invited_to_and_written_for_at_once(
    app: Flask, ada: FlaskClient, db: Database, client: FlaskClient
) -> None:
    assert ada.get(NEW).status_code == 200
    answer = ada.post(NEW, data=VOLOS, follow_redirects=True)
    assert "The details of Municipality of Volos are saved." in answer.text
    volos = store.get(db, "volos")
    assert (volos.lat, volos.lon, volos.population_2021) == (39.3622, 22.9422, 139670)
    assert (volos.region, volos.region_name["el"], volos.joined) == (
        "thessaly",
        "Θεσσαλίας",
        "2026-11",
    )
    assert store.aliases(db, "volos") == ["bolos", "Βόλο"]
    assert [each.code for each in store.list_municipalities(db)][-3:] == [
        *("tripoli", "volos", "other"),
    ]
    person = {"email": "zoe@example.gr", "name": "Zoe", "role": "contributor", "language": "en"}
    invited = ada.post("/en/members/invite", data=person | {"municipality": "volos"})
    assert invited.status_code == 303
    client.post(link_to(db, "zoe@example.gr"), data={"password": "three words without sense"})
    begun = client.post("/en/my-practices", data={**FORM, "submission_key": "key of Zoe"})
    assert begun.status_code == 303
    assert len(practices.list_of_municipality(db, "volos")) == 1
    assert 'value="volos"' in ada.get("/en/my-practices/new").text
    assert "Volos" in client.get("/en/municipalities").text


def test_former_members_practices_stay_public(
    app: Flask,
    ada: FlaskClient,
    db: Database,
    public: Practice,
    client: FlaskClient,
    sign_in: SignIn,
    member: Find,
) -> None:
    ada.post(ATHENS, data=form(db, is_member=""))
    assert not store.get(db, "athens").is_member
    indexes(app).sync()
    assert client.get(f"/en/practices/{public.slug}").status_code == 200
    assert found(client, "", municipality="athens") == 1
    page = client.get("/en/municipalities").text
    assert "17 municipalities are members" in page
    assert page.index("From outside the network") < page.index('href="/en/municipalities/athens"')
    own = client.get("/en/municipalities/athens").text
    assert "No longer a member of the network." in own
    assert "Cases from other cities" not in own
    assert "Member since" not in own
    assert 'value="athens"' not in ada.get("/en/members/invite").text
    assert "No longer a member" in ada.get("/en/municipality-settings").text
    # Its contributors write on, and keep their municipality when their rights are saved.
    begun = sign_in("Anna").post("/en/my-practices", data={**FORM, "submission_key": "one more"})
    assert begun.status_code == 303
    address = f"/en/members/{member('Anna').id}"
    assert '<option value="athens" selected>' in ada.get(address).text
    rights = {"role": "contributor", "municipality": "athens"}
    assert ada.post(address, data=rights).status_code == 303
    assert ada.post(ATHENS, data=form(db, is_member="yes")).status_code == 303
    assert store.get(db, "athens").is_member


def test_former_member_that_carried_a_practice_out_too_stays_in_its_document(
    ada: FlaskClient, db: Database
) -> None:
    ada.post(ATHENS, data=form(db, is_member=""))
    names = Labels(all_vocabularies(db), store.by_code(db))
    (slot,) = slots_of(BY_CODE["other_municipalities"], names)
    codes = {choice[0] for choice in slot.choices}
    assert "athens" in codes
    assert "other" not in codes


def test_later_save_does_not_overwrite_what_another_saved(ada: FlaskClient, db: Database) -> None:
    mine = form(db, name_en="Athens of mine", region="crete")
    assert ada.post(ATHENS, data=form(db, name_en="Athens of theirs")).status_code == 303
    answer = ada.post(ATHENS, data=mine)
    assert answer.status_code == 409
    assert store.get(db, "athens").name["en"] == "Athens of theirs"
    assert 'value="Athens of mine"' in answer.text
    for text in ("Somebody else has changed", "Athens of theirs", "Attica"):
        assert text in answer.text
    assert "Δήμος Αθηναίων</dd>" not in answer.text.replace("\n", "").replace(" </dd>", "</dd>")
    opened = store.details(db, "athens").mark
    assert f'value="{opened}"' in answer.text
    assert ada.post(ATHENS, data={**mine, "opened": opened}).status_code == 303
    assert store.get(db, "athens").name["en"] == "Athens of mine"


def test_same_change_twice_is_one(ada: FlaskClient, db: Database) -> None:
    mine = form(db, name_en="Athens of us")
    assert ada.post(ATHENS, data=mine).status_code == 303
    before = everything(db)
    assert ada.post(ATHENS, data=mine).status_code == 303
    assert everything(db) == before


@pytest.mark.parametrize(
    ("changes", "blamed"),
    [
        ({"name_el": " "}, "name_el"),
        ({"name_en": "…"}, "name_en"),
        ({"official_name_el": "α" * 101}, "official_name_el"),
        ({"genitive_el": ""}, "genitive_el"),
        ({"name_el": "θεσσαλονίκη"}, "name_el"),
        ({"name_en": "Other European cities"}, "name_en"),
        ({"aliases": "\n".join(map(str, range(31)))}, "aliases"),
        ({"aliases": "α" * 101}, "aliases"),
        ({"region": "atlantis"}, "region"),
        ({"region": ""}, "region"),
        ({"region": "outside-greece"}, "region"),
        ({"region_el": "Θράκης"}, "region_en"),
        ({"region_en": "Thrace"}, "region_el"),
        ({"region_el": "Θράκης", "region_en": "Θράκη"}, "region_en"),
        ({"region_el": "Κρήτη", "region_en": "Crete"}, "region_en"),
        ({"lat": "34.6"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "٣٧"}, "lat"),
        ({"lon": "1e1"}, "lon"),
        ({"lon": ""}, "lon"),
        ({"lat": ""}, "lat"),
        ({"population_2021": "-5"}, "population_2021"),
        ({"population_2021": "99999999"}, "population_2021"),
        ({"joined": "2018-13"}, "joined"),
        ({"joined": "2018-01-01"}, "joined"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(
    ada: FlaskClient, db: Database, changes: dict[str, str], blamed: str
) -> None:
    before = everything(db)
    answer = ada.post(ATHENS, data=form(db, **changes))
    assert answer.status_code == 400
    assert f'href="#{blamed}"' in answer.text
    assert everything(db) == before


@pytest.mark.parametrize("code", ["", "Volos", "βόλος", "a--b", "-a", "a/b", "athens", "other"])
def test_code_is_new_and_fits_an_address(ada: FlaskClient, db: Database, code: str) -> None:
    before = everything(db)
    answer = ada.post(NEW, data={**VOLOS, "code": code})
    assert answer.status_code == 400
    assert 'href="#code"' in answer.text
    assert everything(db) == before


def test_one_of_two_that_add_the_same_is_told(app: Flask, db: Database, member: Find) -> None:
    """The code is looked for where it is put in, not before."""
    ada, new, taken = member("Ada"), store.details(db, "athens"), []
    start = threading.Barrier(2)

    def add() -> None:
        own = connect(app.config["INSTANCE"] / FILENAME)
        start.wait()
        try:
            network.add(own, ada, "volos", new)
        except CodeTaken:
            taken.append(True)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken == [True]


def test_region_that_is_typed_is_one_to_choose_from_then_on(
    app: Flask, ada: FlaskClient, db: Database
) -> None:
    typed_region = {"region_el": "Ιονίων Νήσων", "region_en": "Ionian Islands"}
    assert ada.post(NEW, data={**VOLOS, **typed_region}).status_code == 303
    volos = store.get(db, "volos")
    assert (volos.region, volos.region_name) == (
        "ionian-islands",
        {"el": "Ιονίων Νήσων", "en": "Ionian Islands"},
    )
    assert '<option value="ionian-islands">' in ada.get(ATHENS).text
    # Where no other municipality lies in it, its names are mended where they were typed.
    path, mended = "/en/municipality-settings/volos/details", {"region_el": "Ιονίων Νησιών"}
    assert ada.post(path, data=form(db, "volos", **{**typed_region, **mended})).status_code == 303
    assert store.get(db, "volos").region_name["el"] == "Ιονίων Νησιών"


@pytest.mark.parametrize("strings", [naughty, scripts])
def test_hostile_texts_are_names_like_any_other(
    ada: FlaskClient, client: FlaskClient, db: Database, strings: Callable[[], list[str]]
) -> None:
    for text in hostile(strings()):
        named = dict.fromkeys(("name_en", "official_name_en", "aliases", "genitive_el"), text)
        assert ada.post(ATHENS, data=form(db, **named)).status_code in (303, 400)
    for path in ("municipalities", "municipalities/athens", "practices", "about"):
        page = client.get(f"/en/{path}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def hostile(strings: list[str]) -> Iterator[str]:
    """Some of each file."""
    yield from strings[:: max(1, len(strings) // 20)]


def test_map_shows_what_may_be_typed() -> None:
    for lat in LATITUDES:
        for lon in LONGITUDES:
            text = {"el": "", "en": ""}
            place = Municipality("x", True, text, text, "", text, None, lat, lon, None, None, None)
            (dot,) = outline.dots([place])
            assert 0 <= dot.x <= outline.WIDTH
            assert 0 <= dot.y <= outline.HEIGHT


@pytest.mark.parametrize("code", ["other", "atlantis"])
def test_what_is_no_municipality_has_no_details(ada: FlaskClient, db: Database, code: str) -> None:
    path, before = f"/en/municipality-settings/{code}/details", everything(db)
    assert ada.get(path).status_code == 404
    assert ada.post(path, data={**VOLOS, "opened": ""}).status_code == 404
    assert everything(db) == before
