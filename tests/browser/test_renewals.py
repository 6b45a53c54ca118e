"""The yearly question in a real browser: by its link, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from kb.practices import store
from kb.practices.model import Practice
from tests.browser.conftest import Site, check_accessibility, width_of
from tests.browser.test_accounts import SEND, link_for
from tests.browser.test_moderation import on_desk
from tests.kb.renewals.conftest import Years
from tests.moderation.conftest import CARD

NOTE = "Έληξε με τη χρηματοδότηση."


def prepare(site: Site, count: int = 4) -> tuple[list[Practice], list[str]]:
    """Practices that are due, and the links of the letter about them."""
    with site.app.app_context():
        desk = on_desk(site)
        years = Years(desk.db, desk)
        years.give_mailbox("entaxi@athens.example.gr")
        long = {**CARD, "title": {"el": "Μεγαλόπνοοσυνεργασίας" * 5}}
        practices = [
            years.published(key=f"key {number}", **(long if number == 1 else {}))
            for number in range(count)
        ]
        years.ask()
        return practices, years.paths()


def now(site: Site, practice: Practice) -> Practice:
    with site.app.app_context():
        desk = on_desk(site)
        return store.get(desk.db, practice.id)


def walk(page: Page, site: Site, language: str) -> Iterator[str]:
    """Every page of confirming, and each that a mistake leads to."""
    practices, links = prepare(site)
    paths = [re.sub("^/el", f"/{language}", link) for link in links]
    page.goto(paths[0])
    yield "question"
    page.locator("a[href$=ended]").click()
    yield "ended?"
    page.fill("#note", "ό" * 501)
    page.locator("form[action$=ended] button").click()
    yield "long note"
    page.fill("#note", NOTE)
    page.locator("form[action$=ended] button").click()
    yield "ended"
    page.goto(paths[1])
    page.locator("button[formaction$=edit]").click()
    yield "needs changes"
    page.locator("form[action$=confirm] button").click()
    yield "confirmed"
    page.goto(f"/{language}/still-true/a-guess")
    yield "gone"
    page.goto(link_for(site, "Anna"))
    page.click(SEND)
    page.goto(f"/{language}/my-practices")
    yield "mine"
    page.goto(f"/{language}/my-practices/{practices[2].id}")
    yield "own"
    page.locator("a[href$=ended]").click()
    yield "own end"
    page.context.clear_cookies()
    page.goto(link_for(site, "Mona"))
    page.click(SEND)
    page.goto(f"/{language}/review/to-confirm")
    yield "desk"
    page.locator("summary").first.click()
    page.locator("details[open] button").click()
    yield "no note"


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    page = open_browser(width=width)
    for name in walk(page, site, language):
        page.wait_for_load_state()
        if width == 320:
            assert width_of(page) <= width, name
        else:
            check_accessibility(page)


@pytest.mark.parametrize("language", ["el", "en"])
def test_one_click_confirms_without_javascript(
    open_browser: Callable[..., Page], site: Site, language: str
) -> None:
    page = open_browser(javascript=False)
    practices, links = prepare(site, 1)
    page.goto(links[0])
    expect(page.locator("html")).to_have_attribute("lang", "el")
    if language == "en":
        page.locator(".kb-header__language").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    assert now(site, practices[0]).confirmed_on is None
    page.locator("form[action$=confirm] button").first.click()
    assert now(site, practices[0]).confirmed_on
    expect(page.locator("form[action$=confirm]")).to_have_count(0)
    # The same page, loaded again, says the same and asks nothing.
    page.goto(links[0])
    expect(page.locator("form[action$=confirm]")).to_have_count(0)


def test_question_is_answered_by_keyboard(page: Page, site: Site) -> None:
    practices, links = prepare(site, 1)
    page.goto(links[0])
    page.locator("a[href$=ended]").focus()
    page.keyboard.press("Enter")
    page.locator("#note").focus()
    page.keyboard.type(NOTE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/still-true/[^/]+$"))
    assert now(site, practices[0]).status == "archived"


def test_secret_address_goes_to_no_other_page(page: Page, site: Site) -> None:
    _, links = prepare(site, 1)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.headers.get("referer", "")))
    page.goto(links[0])
    page.locator(".kb-card__link").click()
    page.wait_for_url(re.compile("/practices/"))
    assert not any("still-true" in address for address in sent)
