"""Messages in a real browser: their links, how often they come, what has not gone out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb import mail
from kb.accounts import store as accounts
from kb.db import get_db, transaction
from kb.moderation import conversation
from kb.moderation.actions import decide
from kb.moderation.model import Decision
from kb.practices import actions, store
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.site import Site
from tests.browser.test_accounts import SEND, link_for
from tests.kb.practices.cases import CARD
from tests.people import PASSWORD, address_of, give_password, mails_to


def sent_back(site: Site) -> int:
    """A practice of Anna's with a comment on its title, for which changes were requested."""
    with site.app.app_context():
        db = get_db()
        anna, mona = (
            account.member
            for name in ("Anna", "Mona")
            if (account := accounts.find_account(db, address_of(name)))
        )
        practice = actions.create(db, anna, "a key of ours", CARD)
        practice = actions.submit(db, practice, anna, 1)
        conversation.comment(db, practice, mona, "key of it", "title", "el", "Τι είναι η τράπεζα;")
        decision = Decision("request_changes", practice.newest_revision_id or 0, "Πόσοι;")
        decide(db, store.get(db, practice.id), mona, decision)
        return practice.id


def check(page: Page) -> None:
    check_accessibility(page)
    assert width_of(page) <= page.evaluate("window.innerWidth")


@pytest.mark.parametrize("javascript", [True, False])
def test_link_of_a_message_leads_through_signing_in_to_the_very_field(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    sent_back(site)
    with site.app.app_context():
        give_password(get_db(), "Anna")
        text = mails_to(get_db(), address_of("Anna"))[-1]
    (link,) = re.findall(r"http\S+/field", text)
    page = open_browser(javascript=javascript)
    page.goto(link)
    page.fill("#email", address_of("Anna"))
    page.fill("#password", PASSWORD)
    follow(page, SEND)
    assert page.url.endswith("#title_el")
    expect(page.locator("#title_el")).to_be_in_viewport()
    expect(page.locator("main")).to_contain_text("Τι είναι η τράπεζα;")


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_page_of_a_practice_tells_its_story(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    practice = sent_back(site)
    page = open_browser(width=width)
    page.goto(link_for(site, "Anna"))
    follow(page, SEND)
    page.goto(f"/{language}/my-practices/{practice}")
    expect(page.locator(".kb-timeline__item")).to_have_count(3)
    check(page)


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("width", [320, 1280])
def test_administrator_has_what_failed_tried_again(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    sent_back(site)
    with site.app.app_context(), transaction(get_db()):
        states = {1: (mail.MOST_ATTEMPTS, "SMTPRecipientsRefused"), 2: (3, "TimeoutError")}
        for number, (tries, error) in states.items():
            get_db().execute(
                "UPDATE outbox SET attempts = ?, error = ?, next_at = '2026-01-01T00:00:00Z'"
                " WHERE id = ?",
                (tries, error, number),
            )
        get_db().execute("UPDATE member SET daily = 1 WHERE name = 'Anna'")
    page = open_browser(width=width, javascript=width == 320)
    page.goto(link_for(site, "Ada").replace("/en/", f"/{language}/"))
    follow(page, SEND)
    follow(page, f"main a[href='/{language}/messages']")
    expect(page.locator(".govuk-summary-list__row")).to_have_count(4)
    if width == 320:
        check(page)
    follow(page, ".govuk-summary-list__actions button")
    expect(page.locator(".kb-notice--success")).to_be_visible()
    expect(page.locator(".govuk-tag--red")).to_have_count(0)


@pytest.mark.parametrize("language", ["el", "en"])
def test_member_chooses_one_message_a_day(page: Page, site: Site, language: str) -> None:
    page.goto(link_for(site, "Anna"))
    follow(page, SEND)
    page.goto(f"/{language}/account")
    page.check("input[name=delivery][value=daily]")
    check(page)
    follow(page, SEND)
    expect(page.locator("input[name=delivery][value=daily]")).to_be_checked()
