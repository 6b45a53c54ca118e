"""The queue, the review and the decisions, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from kb.accounts import store as accounts
from kb.db import get_db, transaction
from kb.moderation import checklist
from kb.moderation.actions import plan, publish_due
from kb.moderation.conversation import answer, comment, resolve
from kb.moderation.desk import take_up
from kb.moderation.model import REASON_LENGTH, Decision, days_ago
from kb.practices import store
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.members import enter
from tests.browser.site import Site
from tests.kb.moderation.conftest import CARD, UPDATED, Desk
from tests.people import address_of

LATER = {"el": "Αργότερα, σε ορισμένη ημέρα και ώρα", "en": "Later, at a set time"}
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
    return enter(page, site, "Mona")


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
            "discussed": discussed(desk),
            "planned": planned(desk),
        }


def discussed(desk: Desk) -> Practice:
    """One that Mona has, with comments of each kind, an answer and a checklist."""
    practice, mona = desk.updated(key="discussed"), desk.member("Mona")
    take_up(desk.db, practice, mona)
    said = [("how_it_works", "el", "Ποιες ώρες;"), ("title", "", "Πού;"), ("results", "", "Πόσοι;")]
    for number, (field, language, text) in enumerate(said):
        comment(desk.db, practice, mona, f"a key of {number}", field, language, text)
    said = "Κάθε Τρίτη, 9–13."
    answer(desk.db, practice, desk.member("Anna"), "a key of Anna", 1, said, is_own=True)
    resolve(desk.db, practice, mona, 2)
    revision = store.get_revision(desk.db, practice.newest_revision_id)
    checklist.save(desk.db, revision, mona.id, {"inclusion": ("partly", "Οι γλώσσες λείπουν.")}, {})
    return practice


def planned(desk: Desk) -> Practice:
    """One that is approved for tomorrow."""
    practice = desk.submitted(key="planned")
    decision = Decision("publish", practice.newest_revision_id or 0, evidence="e2")
    plan(desk.db, practice, desk.member("Mona"), decision, days_ago(-1))
    return practice


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
    one = practices["discussed"].id
    for path in ("revisions/1", "compare", "comments/1", "comments/2"):
        page.goto(f"/{language}/review/{one}/{path}")
        yield path
    follow(page, page.locator("form button.govuk-button"))
    yield "no answer"
    page.goto(f"/{language}/review/{one}")
    page.locator("#comments-lessons summary").click()
    follow(page, page.locator("#comments-lessons button"))
    yield "no comment"
    page.goto(f"/{language}/review/{one}")
    page.locator("#checklist ~ details summary").click()
    page.fill("#note_efficiency", "Γιατί;")
    follow(page, "form[action$=checklist] button")
    yield "no answer to a criterion"
    page.goto(f"/{language}/review/{practices['new'].id}")
    page.get_by_label(LATER[language], exact=True).check()
    follow(page, "form[action$=publish] button")
    yield "no time"
    page.goto(f"/{language}/review")
    page.locator("input[name=practice]").first.check()
    follow(page, "button[value=take-up]")
    yield "several at once"
    page.goto(f"/{language}/review/{practices['new'].id}")
    follow(page, "form[action$=request-changes] button")
    yield "no reason"
    page.fill("#reason", "ό" * (REASON_LENGTH + 1))
    follow(page, "form[action$=request-changes] button")
    yield "long reason"
    page.fill("#reason", "Δεν ταιριάζει.")
    with site.app.app_context():
        on_desk(site).decide(practices["new"], "publish", by="Ada")
    follow(page, "form[action$=request-changes] button")
    yield "too late"
    page.goto(f"/{language}/review/{practices['update'].id}")
    with site.app.app_context():
        desk = on_desk(site)
        back = desk.decide(practices["update"], "request_changes", by="Ada")
        desk.edited(back, "Anna", {**UPDATED, "end": "2025"})
    follow(page, "form[action$=publish] button")
    yield "newer revision"


@pytest.mark.parametrize(("language", "width"), [("el", 320), ("en", 1280)])
def test_no_page_of_moderation_has_a_fault_or_is_too_wide(
    open_browser: Callable[..., Page], site: Site, language: str, width: int
) -> None:
    page = open_browser(width=width)
    for step in walk(page, site, language):
        check_accessibility(page)
        assert width_of(page) <= width, step


def test_ready_text_can_be_edited_before_it_is_sent(page: Page, site: Site) -> None:
    with site.app.app_context():
        practice = on_desk(site).submitted(by="Bruno")
    moderator(page, site).goto(f"/el/review/{practice.id}")
    page.fill("#reason", "Which street?")
    page.select_option("#ready", "unclear-context")
    box = page.locator("#reason")
    expect(box).to_have_value(re.compile(rf"^{READY}.*\n\nWhich street\?$", re.DOTALL))
    page.select_option("#ready", "no-results")
    expect(box).not_to_have_value(re.compile(READY))
    box.fill(box.input_value().replace("Thank you", "Thanks"))
    follow(page, "form[action$=request-changes] button")
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
    follow(page, page.get_by_role("button", name="Decline"))
    expect(page.locator(".kb-notice")).to_contain_text("was declined")
    with site.app.app_context():
        (sent,) = on_desk(site).mails("decline")
    assert READY in sent["body"]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_review_from_taking_up_to_publishing_at_a_time(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    with site.app.app_context():
        practice = on_desk(site).submitted(by="Bruno")
    mona = moderator(open_browser(javascript=javascript), site)
    bruno = enter(open_browser(javascript=javascript, width=320), site, "Bruno")
    address, own = f"/en/review/{practice.id}", f"/en/my-practices/{practice.id}"

    mona.goto(address)
    follow(mona, mona.get_by_role("button", name="Take it up"))
    expect(mona.locator(".kb-holding")).to_contain_text("You have it")
    for field, text in (("how_it_works", "Which days?"), ("results", "How many people?")):
        mona.locator(f"#comments-{field} summary").click()
        mona.fill(f"#text-{field}", text)
        follow(mona, mona.locator(f"#comments-{field} form button").last)
        expect(mona.locator(f"#comments-{field} .kb-quote")).to_have_text(text)
        if javascript:  # what was done is told where it was done
            expect(mona.locator(f".kb-notice + #comments-{field}")).to_be_attached()
            expect(mona.locator(".kb-notice")).to_be_focused()
    mona.select_option("#ready", "no-results")
    follow(mona, mona.get_by_role("button", name="Request changes"))

    bruno.goto(f"{own}/write/what")
    follow(bruno, bruno.get_by_role("link", name="Read and answer"))
    if javascript:  # axe itself is a script
        check_accessibility(bruno)
    bruno.fill("#text", "On Tuesdays.")
    follow(bruno, bruno.get_by_role("button", name="Send the answer"))
    expect(bruno.locator(".kb-quote").last).to_have_text("On Tuesdays.")
    bruno.goto(own)
    if javascript:
        check_accessibility(bruno)
    assert width_of(bruno) <= 320
    expect(bruno.locator("main")).to_contain_text("How many people?")

    with site.app.app_context():
        desk = on_desk(site)
        desk.edited(desk.now(practice), "Bruno", UPDATED)
    mona.goto(address)
    expect(mona.locator("#changes ~ .kb-change")).to_have_count(2)
    follow(mona, mona.get_by_role("button", name="Resolve comment 1"))
    mona.select_option("#evidence", "e2")
    mona.get_by_label(LATER["en"], exact=True).check()
    tomorrow = datetime.now(ZoneInfo("Europe/Athens")) + timedelta(days=1)
    mona.fill("#at", tomorrow.strftime("%Y-%m-%dT09:00"))
    follow(mona, "form[action$=publish] button")
    expect(mona.locator(".kb-queue")).to_contain_text("Will be published on")

    visitor = open_browser()
    public = f"/en/practices/{practice.slug}"
    assert visitor.goto(public).status == 404  # type: ignore[union-attr]
    with site.app.app_context():
        with transaction(get_db()) as db:
            db.execute("UPDATE planned_publication SET due = ?", (days_ago(1),))
        assert publish_due(get_db()) == 1
    visitor.goto(public)
    expect(visitor.locator("main")).to_contain_text("Completed")
    expect(visitor.locator("main")).to_contain_text("2 – Correlation")
    assert "Which days?" not in visitor.content()

    mona.goto("/en/review")
    follow(mona, mona.get_by_role("button", name=f"Undo the decision on {practice.reference}"))
    expect(mona.locator(".kb-notice")).to_contain_text("is as it was before")
    assert visitor.goto(public).status == 404  # type: ignore[union-attr]
