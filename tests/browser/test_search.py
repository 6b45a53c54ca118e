"""Searching and browsing as a visitor does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from kb.search.record import Search, recorder
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow, next_page
from tests.browser.members import enter
from tests.browser.site import Site

STATES = [
    "",
    "?q=ΣΤΕΓΑΣΗ",
    "?q=zzzyx&area=housing",
    "?area=nope&sort=nope&q=***",
    "?area=housing&area=health&municipality=athens&year=2019&funding=un&sort=title",
    "?page=2",
]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_visitor_finds_by_capitals_without_accents_and_narrows(
    open_browser: Callable[..., Page], javascript: bool
) -> None:
    page = open_browser(javascript=javascript)
    page.goto("/el/practices")
    page.locator("#q").fill("ΣΤΕΓΑΣΗ ΠΡΟΣΦΥΓΩΝ")
    with next_page(page):
        page.locator("#q").press("Enter")
    expect(page.locator(".kb-card mark").first).to_be_visible()
    before = page.locator(".kb-results__count").inner_text()
    with next_page(page):
        page.locator("input[name=area][value=housing]").click()
        if not javascript:
            page.locator(".kb-browse__filters button[type=submit]").click()
    expect(page.locator(".kb-chip")).to_have_count(1)
    assert "area=housing" in page.url
    # On a narrow screen the filters would stand between the button and what it found.
    assert page.url.endswith("#results") != javascript
    expect(page.locator(".kb-results__count")).not_to_have_text(before)
    follow(page, ".kb-chip")
    expect(page.locator(".kb-results__count")).to_have_text(before)
    expect(page.locator("#q")).to_have_value("ΣΤΕΓΑΣΗ ΠΡΟΣΦΥΓΩΝ")


def test_a_search_can_be_shared_and_gone_back_to(page: Page) -> None:
    page.goto("/en/practices?q=housing&sort=title")
    first = page.locator(".kb-card__link").first.inner_text()
    follow(page, ".kb-card__link")
    expect(page.locator("h1")).to_have_text(first)
    page.go_back()
    expect(page.locator(".kb-card__link").first).to_have_text(first)


def test_another_order_is_taken_at_once(page: Page) -> None:
    page.goto("/en/practices?q=housing")
    with next_page(page):
        page.locator("#sort").select_option("title")
    assert "sort=title" in page.url
    titles = page.locator(".kb-card__link").all_inner_texts()
    letters = [title for title in titles if re.match("[A-Za-z]", title)]
    assert letters == sorted(letters, key=str.casefold)


@pytest.mark.parametrize(("lang", "width"), [("el", 320), ("en", 1280)])
def test_the_page_is_accessible_in_each_state(
    open_browser: Callable[..., Page], lang: str, width: int
) -> None:
    page = open_browser(width=width)
    for state in STATES:
        page.goto(f"/{lang}/practices{state}")
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        check_accessibility(page)
        assert width_of(page) <= width, state


# What is typed, the area and the municipality that it may become, in each language.
TYPED = {
    "el": [("στεγ", "Στέγαση", "area=housing"), ("ΑΘΗ", "Αθήνα", "municipality=athens")],
    "en": [("hous", "Housing", "area=housing"), ("athina", "Athens", "municipality=athens")],
}


# Faster than any fingers: nothing else happens between two letters.
TYPE_FAST = """(box, text) => {
  for (const letter of text) {
    box.value += letter;
    box.dispatchEvent(new InputEvent("input", {bubbles: true}));
  }
}"""


def suggest(page: Page, typed: str) -> Locator:
    """Type into the box, fast; returns the suggestions, once they are there."""
    page.locator("#q").fill(typed)
    options = page.locator("[role=option]")
    expect(options.first).to_be_visible()
    return options


def choose(page: Page, text: str) -> None:
    """Go down to a suggestion with the arrow keys."""
    for _ in range(page.locator("[role=option]").count()):
        page.keyboard.press("ArrowDown")
        chosen = page.locator("[role=option][aria-selected=true]")
        expect(chosen).to_have_count(1)
        expect(page.locator("#q")).to_have_attribute(
            "aria-activedescendant", chosen.get_attribute("id") or ""
        )
        if chosen.inner_text() == text:
            return
    raise AssertionError(f"{text} is not suggested")


@pytest.mark.parametrize("start", ["/", "/practices"])
@pytest.mark.parametrize("lang", ["el", "en"])
def test_suggestions_are_chosen_by_keyboard(page: Page, lang: str, start: str) -> None:
    for typed, text, leads_to in TYPED[lang]:
        page.goto(f"/{lang}{start}")
        box = page.locator("#q")
        expect(box).to_have_role("combobox")
        expect(box).to_have_attribute("aria-expanded", "false")
        suggest(page, typed)
        expect(box).to_have_attribute("aria-expanded", "true")
        choose(page, text)
        expect(box).to_have_value(typed)
        with next_page(page):
            page.keyboard.press("Enter")
        assert page.url.endswith(f"/{lang}/practices?{leads_to}")
        expect(page.locator(".kb-chip")).to_have_text(re.compile(text))


@pytest.mark.parametrize("lang", ["el", "en"])
def test_a_suggested_title_leads_to_its_practice(page: Page, lang: str) -> None:
    page.goto(f"/{lang}/practices")
    title = page.locator(".kb-card__link").first.inner_text()
    page.goto(f"/{lang}/")
    suggest(page, title[:30])
    choose(page, title)
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


@pytest.mark.parametrize(
    ("lang", "typed", "word", "by_keyboard"),
    [("en", "interpr", "interpreting", False), ("el", "ΔΙΕΡΜ", "διερμηνείς", True)],
)
def test_a_suggested_word_is_searched_for_with_the_filters_that_are_set(
    page: Page, lang: str, typed: str, word: str, by_keyboard: bool
) -> None:
    page.goto(f"/{lang}/practices?area=health")
    suggest(page, typed)
    with next_page(page):
        if by_keyboard:
            choose(page, word)
            page.keyboard.press("Enter")
        else:
            page.get_by_role("option", name=word, exact=True).click()
    assert f"/{lang}/practices?q={quote(word)}&area=health" in page.url
    expect(page.locator("#q")).to_have_value(word)


def test_escape_closes_the_suggestions_then_empties_the_box(page: Page) -> None:
    page.goto("/en/")
    options = suggest(page, "hous")
    page.keyboard.press("ArrowUp")  # to the last one
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".kb-suggest")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("hous")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    page.keyboard.type("hous")
    expect(page.get_by_role("option", name="Housing", exact=True)).to_be_visible()
    expect(options.first).to_be_visible()
    with next_page(page):
        page.keyboard.press("Enter")  # none is chosen: what was typed is searched for
    assert "/en/practices?q=hous" in page.url


def test_the_number_of_suggestions_is_told(page: Page) -> None:
    page.goto("/en/")
    count = suggest(page, "hous").count()
    status = page.locator(".kb-search [role=status]")
    expect(status).to_contain_text(f"Suggestions: {count}.")
    page.locator("#q").fill("zzzyxq")
    expect(status).to_have_text("No suggestions")
    expect(page.get_by_role("listbox", name="Suggestions")).to_have_count(0)


def test_what_cannot_be_suggested_is_searched_for_all_the_same(page: Page) -> None:
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/api/v1/suggest*", refuse)
    page.goto("/en/")
    page.locator("#q").focus()
    with page.expect_request("**/api/v1/suggest*"):
        page.locator("#q").evaluate(TYPE_FAST, "housing")
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator(".kb-card").first).to_be_visible()
    assert len(asked) == 1  # not one for each letter


def test_without_javascript_the_box_is_a_plain_one(open_browser: Callable[..., Page]) -> None:
    page = open_browser(javascript=False)
    page.goto("/en/")
    expect(page.get_by_role("searchbox")).to_have_count(1)
    expect(page.get_by_role("combobox")).to_have_count(0)


@pytest.mark.parametrize(("lang", "width"), [("el", 320), ("en", 1280)])
def test_open_suggestions_are_accessible(
    open_browser: Callable[..., Page], lang: str, width: int
) -> None:
    page = open_browser(width=width)
    for start in ("/", "/practices?q=x"):
        page.goto(f"/{lang}{start}")
        options = suggest(page, TYPED[lang][0][0])
        page.keyboard.press("ArrowDown")
        check_accessibility(page)
        assert width_of(page) <= width
        for box in (option.bounding_box() for option in options.all()):
            assert box
            assert box["height"] >= 24
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_the_chosen_suggestion_is_told_apart_in_forced_colours(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(forced_colors="active")
    page.goto("/en/")
    options = suggest(page, "hous")
    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_have_css("outline-style", "solid")
    expect(options.nth(1)).to_have_css("outline-style", "none")


def tab_to(page: Page, target: Locator) -> None:
    """Go forward by keyboard until the target has the focus."""
    for _ in range(80):
        if target.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not lead there")


@pytest.mark.parametrize(("lang", "area"), [("el", "Στέγαση"), ("en", "Housing")])
def test_filters_are_chosen_and_taken_back_by_keyboard(page: Page, lang: str, area: str) -> None:
    page.goto(f"/{lang}/practices")
    before = page.locator(".kb-results__count").inner_text()
    page.locator("#q").focus()
    tab_to(page, page.locator("input[name=area][value=housing]"))
    with next_page(page):
        page.keyboard.press("Space")
    assert "area=housing" in page.url
    box = page.locator("input[name=area][value=housing]")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    chip = page.locator(".kb-chip")
    expect(chip).to_contain_text(area)
    tab_to(page, chip)
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator(".kb-results__count")).to_have_text(before)


@pytest.mark.parametrize(
    ("lang", "typed", "meant", "javascript"),
    [
        ("el", "διαμερσματα", "διαμερίσματα", True),
        ("el", "στεγασι", "στέγαση", False),
        ("en", "housng refugees", "housing refugees", True),
    ],
)
def test_what_was_meant_is_chosen_by_keyboard(
    open_browser: Callable[..., Page], lang: str, typed: str, meant: str, javascript: bool
) -> None:
    page = open_browser(javascript=javascript)
    page.goto(f"/{lang}/practices")
    page.locator("#q").focus()
    page.keyboard.type(typed)
    with next_page(page):
        page.keyboard.press("Enter")
    link = page.locator(".kb-notice a")
    expect(link).to_have_text(re.compile(meant, re.IGNORECASE))
    if javascript:  # which axe needs
        check_accessibility(page)
    page.locator("#q").focus()
    tab_to(page, link)
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page.locator("#q")).to_have_value(re.compile(meant, re.IGNORECASE))
    expect(page.locator(".kb-notice a")).to_have_count(0)
    expect(page.locator(".kb-card mark").first).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("el", 320), ("en", 1280)])
def test_the_record_of_searches_is_accessible_and_used_by_keyboard(
    open_browser: Callable[..., Page], site: Site, lang: str, width: int
) -> None:
    page = open_browser(width=width, accept_downloads=True)
    enter(page, site, "Mona")
    page.goto(f"/{lang}/review/searches")
    check_accessibility(page)  # with nothing in it
    sought(site)
    page.goto(f"/{lang}/practices?q=zzzyx")
    link = page.locator("a[href$='/review/searches']")
    page.locator("#q").focus()
    tab_to(page, link)
    with next_page(page):
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/{lang}/review/searches")
    check_accessibility(page)
    assert width_of(page) <= width
    expect(page.locator("#in-vain ~ table").first).to_contain_text("κοινωνικη κουζινα")
    tab_to(page, page.locator("#language"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with next_page(page):
        page.keyboard.press("Enter")
    assert "language=en" in page.url
    expect(page.locator("main")).not_to_contain_text("κοινωνικη κουζινα")
    expect(page.locator("main")).to_contain_text("bicycle workshop")
    tab_to(page, page.locator("a[href*='searches.csv']"))
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    assert "bicycle workshop" in Path(started.value.path()).read_text("utf-8-sig")


def sought(site: Site) -> None:
    """Let visitors have searched, one of them for something that has no end."""
    searches = [
        Search("el", "κοινωνικη κουζινα", 0),
        Search("el", "στεγαση", 31),
        Search("el", "α" * 100, 0),
        Search("en", "bicycle workshop", 0),
    ]
    for number, search in enumerate(searches):
        recorder(site.app).note(search, f"192.0.2.{number}")
    recorder(site.app).wait()


def test_a_wider_search_is_offered_where_nothing_is_found(
    open_browser: Callable[..., Page],
) -> None:
    page = open_browser(javascript=False, width=320)
    page.goto("/en/practices?q=bakery&area=housing")
    expect(page.locator(".kb-card")).to_have_count(0)
    follow(page, page.get_by_role("link", name="Search without the filters"))
    expect(page.locator(".kb-card").first).to_be_visible()
