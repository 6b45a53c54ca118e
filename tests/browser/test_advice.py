"""Help while writing, in a real browser: under the title, beside texts, before submission."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from kb.db import get_db
from kb.practices import actions
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import next_page
from tests.browser.members import enter, person
from tests.browser.site import Site
from tests.browser.writing import address, expect_saved, leave_field
from tests.kb.practices.cases import changed

TITLE = "Μαθήματα ελληνικών για μητέρες"
PHONE = "210 123 4567"
TALKATIVE = changed(
    title={"el": "Το ΚΕΜ της γειτονιάς", "en": "Greek classes for mothers"},
    how_it_works={"el": f"# Βήματα\n\nΗ κα Ελένη Παπαδοπούλου, {PHONE}. [Εδώ](https://example.gr)"},
    contact={"service": {"el": "Τμήμα"}, "mailbox": "maria1975@gmail.com", "visibility": "public"},
)


@pytest.fixture
def practice(site: Site) -> Practice:
    with site.app.app_context():
        return actions.create(get_db(), person(site, "Anna"), "key", TALKATIVE)


@pytest.mark.parametrize("language", ["el", "en"])
def test_a_title_that_is_typed_leads_to_similar_practices_by_keyboard(
    page: Page, site: Site, language: str
) -> None:
    enter(page, site, "Clara").goto(f"/{language}/my-practices/new")
    page.locator("#title_el").fill(TITLE)
    links = page.locator("[data-title=title_el] a")
    expect(links.first).to_be_visible()
    assert links.count() <= 3
    expect(page.locator("#title_el")).to_be_focused()
    check_accessibility(page)
    for _press in range(4):
        page.keyboard.press("Tab")
        if links.first.evaluate("link => link === document.activeElement"):
            break
    expect(links.first).to_be_focused()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    other = opened.value
    other.wait_for_url(re.compile(rf"/{language}/practices/[\w-]+$"))
    assert other.evaluate("opener") is None
    expect(page.locator("#title_el")).to_have_value(TITLE)
    page.locator("#title_en").fill("Football for children")
    expect(page.locator("[data-title=title_en] a").first).to_be_visible()
    expect(page.locator("[data-title=title_el]")).to_be_empty()


def test_only_what_was_typed_last_is_answered(page: Page, site: Site) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    enter(page, site, "Clara").goto("/el/my-practices/new")
    page.route("**/api/v1/similar**", hold)
    with page.expect_request("**/api/v1/similar**"):
        page.locator("#title_el").fill("Ποδόσφαιρο για παιδιά")
    with page.expect_response("**/api/v1/similar**"):
        page.locator("#title_el").fill(TITLE)
    expect(page.locator("[data-title=title_el] a").first).to_be_visible()
    shown = page.locator("[data-title=title_el]").inner_text()
    held[0].abort()
    page.locator("#summary_el").focus()
    assert page.locator("[data-title=title_el]").inner_text() == shown


def test_offline_no_hint_is_missed(page: Page, site: Site, practice: Practice) -> None:
    enter(page, site, "Anna").goto(address(practice, "card"))
    context: BrowserContext = page.context
    context.set_offline(True)
    with page.expect_event("requestfailed", lambda request: "similar" in request.url):
        page.locator("#title_el").fill(TITLE)
    expect(page.locator("[data-title=title_el]")).to_be_empty()
    context.set_offline(False)
    page.locator("#title_el").fill(f"{TITLE} και")
    expect(page.locator("[data-title=title_el] a").first).to_be_visible()
    leave_field(page)
    expect_saved(page)


def test_advice_stands_beside_a_text_once_it_is_left(
    page: Page, site: Site, practice: Practice
) -> None:
    enter(page, site, "Anna").goto(address(practice, "what"))
    beside = page.locator("[data-advice=challenge_el]")
    expect(page.locator("[data-advice=how_it_works_el]")).to_contain_text(PHONE)
    page.locator("#challenge_el").fill("Μας έλεγε ο κ. Νίκος Μάνος τι λείπει.")
    expect_saved(page)
    expect(beside).to_be_empty()
    page.keyboard.press("Tab")
    expect(beside).to_contain_text("κ. Νίκος Μάνος")
    check_accessibility(page)
    page.locator("#challenge_el").fill("Μας έλεγαν οι κάτοικοι τι λείπει.")
    page.keyboard.press("Tab")
    expect(beside).to_be_empty()


@pytest.mark.parametrize(
    ("language", "width", "javascript"), [("el", 320, True), ("en", 1280, True), ("en", 320, False)]
)
def test_the_list_before_submission_leads_to_each_field(
    open_browser: Callable[..., Any],
    site: Site,
    practice: Practice,
    language: str,
    width: int,
    javascript: bool,
) -> None:
    page = enter(open_browser(width=width, javascript=javascript), site, "Anna")
    submit = f"/{language}/my-practices/{practice.id}/submit"
    page.goto(submit)
    advice = page.locator("section[aria-labelledby=advice]")
    expect(advice).to_contain_text(PHONE)
    expect(page.locator("section[aria-labelledby=similar] a").first).to_be_visible()
    if javascript:
        check_accessibility(page)
    assert width_of(page) <= width
    anchors = [
        str(link.get_attribute("href")).partition("#")[2] for link in advice.locator("a").all()
    ]
    assert anchors[:2] == ["how_it_works_el", "contact_mailbox"]
    with next_page(page):
        advice.locator("a").first.press("Enter")
    expect(page.locator("#how_it_works_el")).to_be_in_viewport()
    page.goto(submit)
    expect(page.locator("main form button[type=submit]").last).to_be_enabled()
