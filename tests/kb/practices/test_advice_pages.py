"""Where advice is shown, what it quotes to whom, and that it keeps nobody from anything."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlite_utils import Database

from kb.access import Member
from kb.db import transaction
from kb.practices import actions
from kb.practices.model import Practice
from kb.search.syncing import indexes
from tests.kb.practices.cases import CONFIRMED, changed
from tests.kb.practices.page import posted

SignIn = Callable[[str | None], FlaskClient]

NAME, PHONE, MAIL = "κα Ελένη Παπαδοπούλου", "210 123 4567", "eleni.papadopoulou@example.gr"
TALKATIVE = changed(
    title={"el": "Το ΚΕΜ της γειτονιάς"},
    how_it_works={"el": f"Στην πόρτα είναι η {NAME}, {PHONE}. [Εδώ](https://example.gr/a)"},
    contact={"service": {"el": "Τμήμα ένταξης"}, "mailbox": MAIL, "visibility": "public"},
)


@pytest.fixture(autouse=True)
def in_step(app: Flask) -> Iterator[None]:
    """At the end nothing goes on in the background, where titles have an index made."""
    yield
    indexes(app).wait()


@pytest.fixture
def practice(db: Database, member: Callable[[str], Member]) -> Practice:
    return actions.create(db, member("Anna"), "key", TALKATIVE)


def address(practice: Practice, page: str, lang: str = "en") -> str:
    return f"/{lang}/my-practices/{practice.id}/{page}"


def advice_in(page: str, part: str = "advice") -> str:
    """The text of the page's advice."""
    part = page.partition(f'aria-labelledby="{part}"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


@pytest.mark.parametrize("page", ["submit", "preview"])
def test_before_submission_all_of_it_is_listed_with_persons_first(
    sign_in: SignIn, practice: Practice, page: str
) -> None:
    text = sign_in("Anna").get(address(practice, page)).text
    told = advice_in(text)
    assert "Before you submit, look at these (5)" in told
    order = [told.index(words) for words in (NAME, PHONE, MAIL, "ΚΕΜ", "Εδώ")]
    assert order == sorted(order)
    assert "Κέντρο Ένταξης Μεταναστών (ΚΕΜ)" in told
    for section, name in [("what", "how_it_works_el"), ("contact", "contact_mailbox")]:
        assert f'href="{address(practice, f"write/{section}")}#{name}"' in text


@pytest.mark.parametrize("page", ["submit", "preview"])
def test_where_nothing_is_found_nothing_is_said(
    sign_in: SignIn, db: Database, member: Callable[[str], Member], page: str
) -> None:
    practice = actions.create(db, member("Anna"), "other", changed())
    assert "kb-advice" not in sign_in("Anna").get(address(practice, page)).text


def test_advice_keeps_nobody_from_submitting(
    sign_in: SignIn, db: Database, practice: Practice
) -> None:
    anna = sign_in("Anna")
    page = anna.get(address(practice, "submit")).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    answer = anna.post(address(practice, "submit"), data={**CONFIRMED, "version": version[1]})
    assert answer.status_code == 303
    assert answer.location.endswith("/submitted")


@pytest.mark.parametrize(
    ("reviewer", "page"), [("Mona", "/en/review/{}"), ("Bruno", "/en/my-practices/{}/approval")]
)
def test_reviewers_see_what_was_found_where_and_not_the_words(
    sign_in: SignIn,
    db: Database,
    practice: Practice,
    member: Callable[[str], Member],
    reviewer: str,
    page: str,
) -> None:
    if reviewer == "Bruno":
        with transaction(db):
            db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
            db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")
    anna = member("Anna")
    actions.submit(db, practice, anna, actions.working_copy(db, practice).version)
    told = advice_in(sign_in(reviewer).get(page.format(practice.id)).text, "pointed-out")
    assert "What looks like a telephone number : How it works (Greek)" in told
    assert not any(words in told for words in (NAME, PHONE, MAIL, "ΚΕΜ"))


def test_beside_each_text_stands_what_is_said_of_it(sign_in: SignIn, practice: Practice) -> None:
    page = sign_in("Anna").get(address(practice, "write/what")).text
    beside = page.partition('data-advice="how_it_works_el">')[2].partition("</div>")[0]
    assert PHONE in beside
    assert MAIL not in page
    assert page.partition('data-advice="goals_el">')[2].startswith("</div>")


def test_a_save_by_itself_brings_what_is_said_of_that_page(
    sign_in: SignIn, practice: Practice
) -> None:
    anna = sign_in("Anna")
    form = posted(anna.get(address(practice, "write/what")).text)
    form["challenge_el"] = "Μιλήστε με τον κ. Νίκο Μάνο <b>."
    answer = anna.post(address(practice, "write/what/autosave"), data=form)
    assert answer.status_code == 200
    assert set(answer.json["advice"]) == {"challenge_el", "how_it_works_el"}
    assert "κ. Νίκο Μάνο" in answer.json["advice"]["challenge_el"]


def test_what_is_quoted_is_escaped(
    sign_in: SignIn, db: Database, member: Callable[[str], Member]
) -> None:
    link = "[<script>alert(1)</script>](https://a.gr/1) [<script>alert(1)</script>](https://a.gr/2)"
    content = changed(how_it_works={"el": link})
    practice = actions.create(db, member("Anna"), "script", content)
    for page in ("submit", "preview", "write/what"):
        assert "<script>alert" not in sign_in("Anna").get(address(practice, page)).text


def test_nothing_of_what_is_found_goes_into_the_log(
    make_app: Callable[..., Flask],
    tmp_path: Path,
    sign_in: SignIn,
    practice: Practice,
) -> None:
    log = tmp_path / "log.jsonl"
    app = make_app(LOG_LEVEL="INFO", LOG_FILE=str(log))
    browser = app.test_client()
    cookie = sign_in("Anna").get_cookie("kb_session")
    assert cookie
    browser.set_cookie("kb_session", cookie.value)
    for page in ("submit", "preview", "write/what"):
        assert browser.get(address(practice, page)).status_code == 200
    indexes(app).wait()
    written = log.read_text("utf-8")
    assert "practices.check" in written
    assert not any(words in written for words in (NAME, PHONE, MAIL, "Παπαδοπούλου"))
    assert not any(json.dumps(words)[1:-1] in written for words in (NAME, "Παπαδοπούλου"))


def test_each_confirmation_that_is_missing_is_named(sign_in: SignIn, practice: Practice) -> None:
    answer = sign_in("Anna").post(address(practice, "submit"), data={"version": "1"})
    assert answer.status_code == 400
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    told: list[Any] = re.findall(r'<a href="#(\w+)">([^<]+)</a>', summary)
    assert [name for name, _message in told] == list(CONFIRMED)
    assert len({message for _name, message in told}) == 3
