"""The queue, the review and the decisions, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from kb.accounts import store as accounts
from kb.db import get_db
from kb.moderation.model import REASON_LENGTH
from kb.practices.model import Practice
from tests.browser.conftest import Site, check_accessibility
from tests.browser.test_accounts import SEND, link_for
from tests.browser.test_every_page import WIDEST
from tests.moderation.conftest import CARD, UPDATED, Desk
from tests.people import address_of

READY = "Thank you for sharing your practice."


def on_desk(site: Site) -> Desk:
    """The desk of the running site; within its application context."""
    db = get_db()

    def member(name: str):  # type: ignore[no-untyped-def]
        account = accounts.find_account(db, address_of(name))
        assert account
        return account.member

    return Desk(db, member)


def moderator(page: Page, site: Site) -> Page:
    """The browser with Mona signed in."""
    page.goto(link_for(site, "Mona"))
    page.click(SEND)
    return page


def prepare(site: Site) -> dict[str, Practice]:
    """One practice of each kind that looks different."""
    long = {**CARD, "title": {"el": "Μεγαλόπνοοσυνεργασίας" * 5}}
    with site.app.app_context():
        desk = on_desk(site)
        return {
            "new": desk.submitted(key="new"),
            "update": desk.updated(key="update"),
            "sent back": desk.decide(desk.submitted(key="back"), "request_changes"),
            "public": desk.published(key="public"),
            "archived": desk.decide(desk.published(key="archived"), "archive"),
            "own": desk.submitted(by="Mona", key="own"),
            "long": desk.updated(key="long", content={**long, "end": UPDATED["end"]}),
        }


def walk(page: Page, site: Site, language: str) -> Iterator[str]:
    """Every page of moderation, and each that a mistake leads to."""
    practices = prepare(site)
    moderator(page, site)
    for path in ("review", "review?status=published", "review?status=x", "review/log"):
        page.goto(f"/{language}/{path}")
        yield path
    for name, practice in practices.items():
        page.goto(f"/{language}/review/{practice.id}")
        yield name
    page.goto(f"/{language}/review/{practices['new'].id}")
    page.locator("form[action$=request-changes] button").first.click()
    yield "no reason"
    page.fill("#reason", "ό" * (REASON_LENGTH + 1))
    page.locator("form[action$=request-changes] button").first.click()
    yield "long reason"
    page.fill("#reason", "Δεν ταιριάζει.")
    with site.app.app_context():
        on_desk(site).decide(practices["new"], "publish", by="Ada")
    page.locator("form[action$=request-changes] button").first.click()
    yield "too late"
    page.goto(f"/{language}/review/{practices['update'].id}")
    with site.app.app_context():
        desk = on_desk(site)
        back = desk.decide(practices["update"], "request_changes", by="Ada")
        desk.edited(back, "Anna", {**UPDATED, "end": "2025"})
    page.locator("form[action$=publish] button").click()
    yield "newer revision"


@pytest.mark.parametrize("language", ["el", "en"])
def test_no_page_of_moderation_has_a_fault_that_axe_finds(
    page: Page, site: Site, language: str
) -> None:
    for _step in walk(page, site, language):
        check_accessibility(page)


def test_no_page_of_moderation_is_wider_than_a_telephone(
    open_browser: Callable[..., Page], site: Site
) -> None:
    page = open_browser(width=320, javascript=False)
    assert [step for step in walk(page, site, "el") if page.evaluate(WIDEST) > 320] == []


def test_ready_text_can_be_edited_before_it_is_sent(page: Page, site: Site) -> None:
    with site.app.app_context():
        practice = on_desk(site).submitted(by="Bruno")
    moderator(page, site).goto(f"/el/review/{practice.id}")
    page.fill("#reason", "Which street?")
    page.select_option("#ready", "unclear-context")
    box = page.locator("#reason")
    assert box.input_value().startswith(READY)
    assert box.input_value().endswith("\n\nWhich street?")
    page.select_option("#ready", "no-results")
    assert READY not in box.input_value()
    box.fill(box.input_value().replace("Thank you", "Thanks"))
    page.locator("form[action$=request-changes] button").first.click()
    expect(page.locator(".kb-notice")).to_contain_text(practice.reference or "")
    with site.app.app_context():
        (sent,) = on_desk(site).mails("request_changes")
    assert sent["body"].count("Thanks for your contribution.") == 1
    assert "Thank you for your contribution." not in sent["body"]


def test_ready_text_is_sent_without_javascript(
    open_browser: Callable[..., Page], site: Site
) -> None:
    with site.app.app_context():
        practice = on_desk(site).submitted(by="Bruno")
    page = moderator(open_browser(javascript=False), site)
    page.goto(f"/en/review/{practice.id}")
    page.select_option("#ready", "unclear-context")
    page.get_by_role("button", name="Decline").click()
    expect(page.locator(".kb-notice")).to_contain_text("was declined")
    with site.app.app_context():
        (sent,) = on_desk(site).mails("decline")
    assert READY in sent["body"]
