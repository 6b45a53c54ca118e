"""A practice's whole way, on the real application: written, sent back, mended, published, found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from kb.search.syncing import indexes
from tests.browser.accessibility import check_accessibility
from tests.browser.hands import Keyboard, Pointer, follow, next_page
from tests.browser.site import Site
from tests.browser.test_accounts import SEND, link_for

CARD = {
    "title_el": "Λαχανόκηπος γειτονιάς με νέους κατοίκους",
    "summary_el": "Παλιοί και νέοι κάτοικοι καλλιεργούν μαζί έναν δημοτικό κήπο.",
    "start": "2023-04",
    "how_it_works_el": "Κάθε Σάββατο δύο γεωπόνοι του δήμου υποδέχονται όποιον έρθει.",
    "contact_service_el": "Τμήμα Κοινωνικής Πολιτικής",
    "contact_mailbox": "koinoniki@example.gr",
}
REASON = "Συμπληρώστε, παρακαλούμε, ποιος πληρώνει το νερό."
MENDED = "Κάθε Σάββατο δύο γεωπόνοι υποδέχονται όποιον έρθει· το νερό πληρώνει ο δήμος."
# As people type it: capitals, no accents.
SOUGHT = "ΛΑΧΑΝΟΚΗΠΟΣ"


def sign_in(person: Pointer, site: Site, name: str) -> None:
    person.page.goto(link_for(site, name).replace("/en/", "/el/"))
    person.follow(SEND)


def write_card(person: Pointer) -> None:
    person.page.goto("/el/my-practices/new")
    for name in ("title_el", "summary_el"):
        person.fill(f"[name={name}]", CARD[name])
    person.choose("[name=areas_main]", "reception")
    person.tick("[name=practice_type][value=programme]")
    person.tick("[name=target_groups][value=families]")
    person.tick("[name=stage][value=running]")
    for name in ("start", "how_it_works_el", "contact_service_el", "contact_mailbox"):
        person.fill(f"[name={name}]", CARD[name])


def submit(person: Pointer) -> None:
    page = person.page
    person.follow("button[name=then][value=submit]")
    expect(page).to_have_url(re.compile("/submit$"))
    for box in page.locator("main form input[type=checkbox]").all():
        person.tick(box)
    person.follow("form[action$='/submit'] button")
    expect(page).to_have_url(re.compile("/submitted$"))


def find(person: Pointer, site: Site, word: str) -> int:
    """How many practices the search finds, now that the index has followed."""
    indexes(site.app).wait()
    page = person.page
    page.goto("/el/")
    person.fill("main [name=q]", word)
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/el/practices\?"))
    return page.locator("main").get_by_role("link", name=CARD["title_el"]).count()


WAYS = [(Pointer, True), (Pointer, False), (Keyboard, True)]


@pytest.mark.parametrize(("hands", "javascript"), WAYS, ids=["script", "no script", "keyboard"])
def test_practice_is_written_sent_back_mended_published_and_found(
    open_browser: Callable[..., Page], site: Site, hands: type[Pointer], javascript: bool
) -> None:
    visitor, anna, mona = (hands(open_browser(javascript=javascript)) for _ in range(3))
    is_looked_at = javascript and hands is Pointer  # axe itself is a script; once is enough
    assert find(visitor, site, SOUGHT) == 0

    sign_in(anna, site, "Anna")
    write_card(anna)
    submit(anna)
    address = re.search(r"/my-practices/(\d+)/", anna.page.url)
    assert address
    assert find(visitor, site, SOUGHT) == 0

    sign_in(mona, site, "Mona")
    mona.page.goto("/el/review")
    mona.follow(mona.page.get_by_role("link", name=CARD["title_el"]))
    expect(mona.page).to_have_url(re.compile(f"/el/review/{address[1]}$"))
    if is_looked_at:
        check_accessibility(mona.page)
    mona.fill("[name=reason]", REASON)
    mona.follow("form[action$='/request-changes'] button:not([formaction])")
    expect(mona.page.locator(".kb-notice")).to_be_visible()

    anna.page.goto(f"/el/my-practices/{address[1]}")
    expect(anna.page.locator("main")).to_contain_text(REASON)
    if is_looked_at:
        check_accessibility(anna.page)
    anna.page.goto(f"/el/my-practices/{address[1]}/edit")
    anna.fill("[name=how_it_works_el]", MENDED)
    submit(anna)
    assert find(visitor, site, SOUGHT) == 0

    mona.page.goto(f"/el/review/{address[1]}")
    expect(mona.page.locator("main")).to_contain_text("το νερό πληρώνει ο δήμος")
    mona.follow("form[action$='/publish'] button")
    expect(mona.page.locator(".kb-notice")).to_be_visible()

    assert find(visitor, site, SOUGHT) == 1
    visitor.follow(visitor.page.get_by_role("link", name=CARD["title_el"]))
    expect(visitor.page.locator("h1")).to_have_text(CARD["title_el"])
    expect(visitor.page.locator("main")).to_contain_text("το νερό πληρώνει ο δήμος")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize(
    ("typed", "title"),
    [("ΚΕΝΤΡΟ ΕΝΤΑΞΗΣ ΜΕΤΑΝΑΣΤΩΝ", "Κέντρο Ένταξης Μεταναστών"), ("στεγαση", "τέγαση")],
)
def test_visitor_finds_a_practice_by_words_in_capitals_or_without_accents(
    open_browser: Callable[..., Page], javascript: bool, typed: str, title: str
) -> None:
    page = open_browser(javascript=javascript)
    page.goto("/el/")
    page.fill("main [name=q]", typed)
    with next_page(page):
        page.keyboard.press("Enter")
    follow(page, page.locator("main a[href*='/el/practices/']").filter(has_text=title).first)
    expect(page.locator("h1")).to_contain_text(title)


def test_newer_save_is_shown_beside_what_was_typed(
    open_browser: Callable[..., Page], site: Site
) -> None:
    """A card saved in a second tab is shown beside what was typed in the first."""
    anna = Pointer(open_browser())
    sign_in(anna, site, "Anna")
    write_card(anna)
    first = anna.page
    follow(first, "button[name=then][value=save]")
    second = first.context.new_page()
    second.goto(first.url)
    second.fill("[name=title_el]", "Τίτλος από τη δεύτερη καρτέλα")
    follow(second, "button[name=then][value=save]")
    first.fill("[name=title_el]", "Τίτλος από την πρώτη καρτέλα")
    first.click("button[name=then][value=save]")
    expect(first.locator("[name=title_el]")).to_have_value("Τίτλος από την πρώτη καρτέλα")
    expect(first.locator("main")).to_contain_text("Τίτλος από τη δεύτερη καρτέλα")
