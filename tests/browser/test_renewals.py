"""The yearly question in a real browser: by its link, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from kb.practices import store
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow, next_page
from tests.browser.site import Site
from tests.browser.test_accounts import SEND, link_for
from tests.browser.test_moderation import on_desk
from tests.kb.moderation.conftest import CARD
from tests.kb.renewals.conftest import Years

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
    follow(page, "a[href$=ended]")
    yield "ended?"
    page.fill("#note", "ό" * 501)
    follow(page, "form[action$=ended] button")
    yield "long note"
    page.fill("#note", NOTE)
    follow(page, "form[action$=ended] button")
    yield "ended"
    page.goto(paths[1])
    follow(page, "button[formaction$=edit]")
    yield "needs changes"
    follow(page, "form[action$=confirm] button")
    yield "confirmed"
    page.goto(f"/{language}/still-true/a-guess")
    yield "gone"
    page.goto(link_for(site, "Anna"))
    follow(page, SEND)
    page.goto(f"/{language}/my-practices")
    yield "mine"
    page.goto(f"/{language}/my-practices/{practices[2].id}")
    yield "own"
    follow(page, "a[href$=ended]")
    yield "own end"
    page.context.clear_cookies()
    page.goto(link_for(site, "Mona"))
    follow(page, SEND)
    page.goto(f"/{language}/review/to-confirm")
    yield "desk"
    page.locator("summary").first.click()
    follow(page, "details[open] button")
    yield "no note"


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    page = open_browser(width=width)
    for name in walk(page, site, language):
        check_accessibility(page)
        assert width_of(page) <= width, name


@pytest.mark.parametrize("language", ["el", "en"])
def test_one_click_confirms_without_javascript(
    open_browser: Callable[..., Page], site: Site, language: str
) -> None:
    page = open_browser(javascript=False)
    practices, links = prepare(site, 1)
    page.goto(links[0])
    expect(page.locator("html")).to_have_attribute("lang", "el")
    if language == "en":
        follow(page, ".kb-header__language")
        expect(page.locator("html")).to_have_attribute("lang", "en")
    assert now(site, practices[0]).confirmed_on is None
    follow(page, "form[action$=confirm] button")
    assert now(site, practices[0]).confirmed_on
    expect(page.locator("form[action$=confirm]")).to_have_count(0)
    # The same page, loaded again, says the same and asks nothing.
    page.goto(links[0])
    expect(page.locator("form[action$=confirm]")).to_have_count(0)


def test_question_is_answered_by_keyboard(page: Page, site: Site) -> None:
    practices, links = prepare(site, 1)
    page.goto(links[0])
    page.locator("a[href$=ended]").focus()
    with next_page(page):
        page.keyboard.press("Enter")
    page.locator("#note").focus()
    page.keyboard.type(NOTE)
    page.keyboard.press("Tab")
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/still-true/[^/]+$"))
    assert now(site, practices[0]).status == "archived"


def test_secret_address_goes_to_no_other_page(page: Page, site: Site) -> None:
    _, links = prepare(site, 1)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.headers.get("referer", "")))
    page.goto(links[0])
    follow(page, ".kb-card__link")
    expect(page).to_have_url(re.compile("/practices/"))
    assert not any("still-true" in address for address in sent)
