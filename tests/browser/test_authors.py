"""Writing together and a municipality's own approval, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from playwright.sync_api import Page, expect

from kb.accounts import membership
from kb.db import get_db, transaction
from kb.practices import actions, approval, authorship
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.members import enter, person
from tests.browser.site import Site
from tests.browser.test_accounts import SEND
from tests.browser.test_moderation import on_desk
from tests.browser.writing import expect_saved, leave_field, saved
from tests.kb.moderation.conftest import CARD as WHOLE
from tests.kb.moderation.conftest import UPDATED
from tests.kb.practices.cases import CARD, CONFIRMED

REASON = "Λείπει ο αριθμός των σχολείων."
TYPED = "Τα λόγια του Μπρούνο, που δεν πρέπει να χαθούν."


def take_off(site: Site, practice: Practice) -> None:
    """Anna takes Bruno off the authors."""
    with site.app.app_context():
        anna, bruno = person(site, "Anna"), person(site, "Bruno")
        authorship.remove(get_db(), practice, anna, bruno.id)


def approve_first(site: Site) -> None:
    """Athens approves first, and Bruno is its coordinator."""
    with site.app.app_context(), transaction(get_db()) as db:
        db.execute("UPDATE municipality SET approves_first = 1 WHERE code = 'athens'")
        db.execute("UPDATE member SET is_coordinator = 1 WHERE name = 'Bruno'")


def submit(page: Page, practice: Practice, language: str) -> None:
    page.goto(f"/{language}/my-practices/{practice.id}/submit")
    for name in CONFIRMED:
        page.check(f"[name={name}]")
    follow(page, "form[action$='/submit'] button")
    expect(page).to_have_url(re.compile("/submitted$"))


def walk_authors(page: Page, site: Site, practice: Practice, language: str) -> Iterator[str]:
    """Every page on which somebody writes along, leads or no longer does."""
    own = f"/{language}/my-practices/{practice.id}"
    enter(page, site, "Anna")
    for path in ("", "/authors"):
        page.goto(own + path)
        yield f"Anna's {path}"
    follow(page, "form[action$=remove] button")
    yield "removed"
    follow(page, "form:has(#member) button")
    yield "nobody chosen"
    enter(page, site, "Bruno").goto(own)
    yield "taken off"
    with site.app.app_context():
        authorship.add(get_db(), practice, person(site, "Anna"), person(site, "Bruno").id)
    page.goto(f"{own}/submit")
    for name in CONFIRMED:
        page.check(f"[name={name}]")
    take_off(site, practice)
    follow(page, "form[action$='/submit'] button")
    yield "submitting, taken off"
    with site.app.app_context():
        membership.deactivate(get_db(), None, person(site, "Anna").id)
    page.goto(own)
    yield "nobody leads"


def walk_approval(page: Page, site: Site, language: str) -> Iterator[str]:
    """Every page of the two stages, and each that a mistake leads to."""
    with site.app.app_context():
        desk = on_desk(site)
        public = desk.published(key="update")
        approve_first(site)
        update = desk.edited(public, "Anna", UPDATED)
        new = desk.submitted(key="new", content={**WHOLE, "title": {"el": "Μεγαλόπνοος" * 9}})
    enter(page, site, "Bruno")
    for path in ("", f"/{update.id}", f"/{update.id}/approval", f"/{new.id}/withdraw"):
        page.goto(f"/{language}/my-practices{path}")
        yield path
    page.goto(f"/{language}/my-practices/{new.id}/approval")
    follow(page, "form[action$=request-changes] button")
    yield "no reason"
    page.fill("#reason", REASON)
    with site.app.app_context():
        approval.approve(get_db(), new, person(site, "Bruno"), new.newest_revision_id or 0)
    follow(page, "form[action$=request-changes] button")
    yield "too late"
    page.goto(f"/{language}/my-practices/{update.id}/approval")
    with site.app.app_context():
        desk = on_desk(site)
        actions.withdraw(desk.db, update, desk.member("Anna"))
        desk.edited(desk.now(update), "Anna", {**UPDATED, "end": "2025"})
    follow(page, "form[action$=approve] button")
    yield "newer text"
    enter(page, site, "Anna")
    for path in (f"/{update.id}", f"/{update.id}/submitted"):
        page.goto(f"/{language}/my-practices{path}")
        yield f"Anna's {path}"
    enter(page, site, "Ada")
    athens = "municipality-settings/athens"
    replies = "vocabularies/decision_reasons"
    for path in (
        *("members", "members/2", "municipality-settings", athens, f"{athens}/details"),
        *("vocabularies", replies, f"{replies}/new", f"{replies}/terms/unclear-context"),
    ):
        page.goto(f"/{language}/{path}")
        yield path
    page.goto(f"/{language}/{athens}")
    page.fill("#mailbox", "no address")
    page.click(SEND)
    yield "no mailbox"


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_of_authors_or_approval_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, practice: Practice, language: str, width: int
) -> None:
    page = open_browser(width=width)
    walks = walk_approval(page, site, language), walk_authors(page, site, practice, language)
    for step in chain(*walks):
        check_accessibility(page)
        assert width_of(page) <= width, step


def test_who_is_taken_off_while_typing_is_told_and_keeps_every_word(
    page: Page, site: Site, practice: Practice
) -> None:
    enter(page, site, "Bruno").goto(f"/en/my-practices/{practice.id}/write/what")
    take_off(site, practice)
    page.fill("#goals_el", TYPED)
    leave_field(page)
    line = page.locator("[data-saving]")
    expect(line).to_contain_text("Anna took you off the authors of this practice")
    expect(line).to_contain_text("Ask Anna, who is responsible for it, to add you")
    check_accessibility(page)
    # The page that the button leads to has it all, too.
    follow(page, "button[value=next]")
    expect(page.locator(".kb-notice--warning")).to_contain_text("Anna took you off")
    expect(page.locator("#goals_el")).to_have_value(TYPED)
    check_accessibility(page)
    assert "goals" not in saved(site, practice.id)
    with site.app.app_context():
        anna, bruno = person(site, "Anna"), person(site, "Bruno")
        authorship.add(get_db(), practice, anna, bruno.id)
    # Added again, this browser still has the text and offers it.
    page.goto(f"/en/my-practices/{practice.id}/write/what")
    page.click("[data-kept=restore]")
    expect(page.locator("#goals_el")).to_have_value(TYPED)
    expect_saved(page)
    assert saved(site, practice.id)["goals"] == {"el": TYPED}


def test_who_is_taken_off_keeps_every_word_without_javascript(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    page = enter(open_browser(javascript=False), site, "Bruno")
    page.goto(f"/en/my-practices/{practice.id}/write/what")
    page.fill("#goals_el", TYPED)
    take_off(site, practice)
    follow(page, "button[value=next]")
    expect(page.locator(".kb-notice--warning")).to_contain_text("Anna took you off")
    expect(page.locator("#goals_el")).to_have_value(TYPED)


@pytest.mark.parametrize(("language", "javascript"), [("el", True), ("en", False)])
def test_from_writing_along_to_the_moderators_desk(
    open_browser: Callable[..., Page], site: Site, language: str, javascript: bool
) -> None:
    approve_first(site)
    with site.app.app_context():
        practice = actions.create(get_db(), person(site, "Anna"), "key", CARD)
        membership.change_rights(get_db(), None, person(site, "Clara").id, "contributor", "athens")
    clara, bruno, mona = (
        enter(open_browser(javascript=javascript), site, name)
        for name in ("Clara", "Bruno", "Mona")
    )
    own = f"/{language}/my-practices/{practice.id}"
    clara.goto(own)
    follow(clara, "form[action$='/join'] button")
    expect(clara.locator(".kb-notice--success")).to_be_visible()
    clara.goto(f"{own}/write/what")
    clara.fill("#goals_el", "Της Κλάρας")
    follow(clara, "button[value=next]")
    submit(clara, practice, language)
    assert mona.goto(f"/{language}/review/{practice.id}").status == 404  # type: ignore[union-attr]

    bruno.goto(f"/{language}/my-practices")
    follow(bruno, "a[href$='/approval']")
    expect(bruno.locator("main")).to_contain_text("Της Κλάρας")
    bruno.fill("#reason", REASON)
    follow(bruno, "form[action$='/request-changes'] button")
    expect(bruno.locator(".kb-notice--success")).to_be_visible()
    clara.goto(own)
    expect(clara.locator(".kb-reason").first).to_have_text(REASON)
    submit(clara, practice, language)
    clara.goto(own)
    follow(clara, f"a[href='{own}/withdraw']")
    follow(clara, SEND)
    expect(clara.locator(".kb-notice")).to_be_visible()
    submit(clara, practice, language)

    bruno.goto(f"{own}/approval")
    follow(bruno, "form[action$='/approve'] button")
    expect(bruno.locator(".kb-notice--success")).to_be_visible()
    assert mona.goto(f"/{language}/review/{practice.id}").status == 200  # type: ignore[union-attr]
    expect(mona.locator("main")).to_contain_text("Της Κλάρας")
    assert REASON not in mona.content()

    bruno.goto(f"{own}/authors")
    follow(bruno, "form[action$='/lead'] button")
    expect(bruno.locator(".kb-mine__item").first).to_contain_text("Clara")
