"""Practices like one: beside the one that is read, and while a title is typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.practices import actions
from kb.search.syncing import Indexes
from tests.hostile_strings import naughty
from tests.kb.practices.cases import CARD
from tests.kb.search.conftest import Publish

SignIn = Callable[[str | None], FlaskClient]


def beside(client: FlaskClient, slug: str) -> list[str]:
    """The addresses of the practices beside one."""
    page = client.get(f"/en/practices/{slug}")
    assert page.status_code == 200
    related = page.text.partition('class="kb-related"')[2]
    return re.findall(r'kb-card__link" href="/en/practices/([\w-]+)"', related)


def alike(client: FlaskClient, title: str, **parameters: str) -> list[str]:
    answer = client.get(
        "/api/v1/similar", query_string={"title": title, "lang": "el", **parameters}
    )
    assert answer.status_code == 200
    return [each["slug"] for each in answer.json["practices"]]


def test_a_practice_stands_beside_those_like_it_and_not_itself(
    client: FlaskClient, library: Indexes, publish: Publish
) -> None:
    publish("more-flats", title={"el": "Στέγαση σε διαμερίσματα"}, areas=["housing"])
    found = beside(client, "flats")
    assert found[0] == "more-flats"
    assert "flats" not in found
    assert len(found) <= 3


def test_what_is_archived_stands_beside_nothing_even_before_the_index_follows(
    client: FlaskClient, library: Indexes, publish: Publish, archive: Callable[[str], None]
) -> None:
    publish("more-flats", title={"el": "Στέγαση σε διαμερίσματα"}, areas=["housing"])
    archive("more-flats")
    assert "more-flats" not in beside(client, "flats")


def test_without_an_index_the_practice_is_read_alone(
    make_app: Callable[..., Flask], instance: Path, library: Indexes
) -> None:
    shutil.rmtree(instance / "index")
    assert beside(make_app(LOG_LEVEL="CRITICAL").test_client(), "flats") == []


def test_a_member_who_types_a_title_hears_of_those_like_it(
    sign_in: SignIn, library: Indexes
) -> None:
    anna = sign_in("Anna")
    assert alike(anna, "Στέγαση οικογενειών")[0] == "flats"
    assert "flats" not in alike(anna, "Στέγαση οικογενειών", but="flats")
    assert alike(anna, "") == []


def test_what_fits_far_worse_than_the_best_is_not_named(
    sign_in: SignIn, library: Indexes, publish: Publish
) -> None:
    title = "Ποδόσφαιρο γειτονιάς στο γήπεδο"
    publish("football", title={"el": title})
    assert alike(sign_in("Anna"), f"{title} για οικογένειες") == ["football"]


def test_what_ones_own_municipality_works_on_is_named_to_its_members_alone(
    sign_in: SignIn, db: Database, member: Callable[[str], Member], library: Indexes
) -> None:
    begun = actions.create(
        db, member("Bruno"), "key", {**CARD, "title": {"el": "Διερμηνείς στα σχολεία του δήμου"}}
    )

    def named(person: str, **parameters: str) -> list[str]:
        answer = sign_in(person).get(
            "/api/v1/similar",
            query_string={"title": "Διερμηνείς για το σχολείο", "lang": "el", **parameters},
        )
        return [each["url"] for each in answer.json["practices"] if not each["is_public"]]

    assert named("Anna") == [f"/el/my-practices/{begun.id}"]
    assert named("Anna", but=str(begun.id)) == []
    assert named("Clara") == named("Mona") == []


def test_a_title_of_one_word_finds_nothing(sign_in: SignIn, library: Indexes) -> None:
    assert alike(sign_in("Anna"), "Στέγαση") == []


def test_before_submission_the_same_is_named_without_javascript(
    sign_in: SignIn, db: Database, member: Callable[[str], Member], library: Indexes
) -> None:
    anna = member("Anna")
    titled = {**CARD, "title": {"el": "Στέγαση οικογενειών"}}
    practice = actions.create(db, anna, "key", titled)
    page = sign_in("Anna").get(f"/en/my-practices/{practice.id}/submit").text
    named = page.partition('aria-labelledby="similar"')[2].partition("</section>")[0]
    assert 'href="/en/practices/flats"' in re.sub(r'"https?://[^/"]+', '"', named)
    assert f"my-practices/{practice.id}" not in named


def test_a_visitor_is_told_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/api/v1/similar?title=x")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_no_title_is_an_error(sign_in: SignIn, library: Indexes) -> None:
    anna = sign_in("Anna")
    for title in [*naughty()[::3], "α" * 5000]:
        alike(anna, title)


@pytest.mark.parametrize("lang", ["xx", ""])
def test_a_language_that_there_is_not_is_refused(
    sign_in: SignIn, library: Indexes, lang: str
) -> None:
    assert sign_in("Anna").get(f"/api/v1/similar?title=x&lang={lang}").status_code == 400
