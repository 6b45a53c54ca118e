"""A practice in Word and many from a sheet, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from kb.db import get_db
from kb.office import columns
from kb.practices import actions, store
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.members import enter, person
from tests.browser.site import Site
from tests.kb.office.cases import FULL
from tests.kb.office.documents import changed_text, edited
from tests.kb.office.test_table import filled
from tests.kb.practices.cases import changed, write_all, written_with

STRAY = "<w:body><w:p><w:r><w:t>Αδέσποτη πρόταση</w:t></w:r></w:p>"


@pytest.fixture
def practice(site: Site) -> Practice:
    with site.app.app_context():
        practice = actions.create(get_db(), person(site, "Anna"), "word", FULL)
        return written_with(get_db(), practice, person(site, "Bruno"))


def content_of(site: Site, practice: Practice) -> dict[str, Any]:
    with site.app.app_context():
        return dict(actions.working_copy(get_db(), practice).content)


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    return Path(started.value.path()).read_bytes()


def send(page: Page, content: bytes, name: str = "Η πρακτική μου.docx") -> None:
    kind = "application/octet-stream"
    page.set_input_files("#file", [FilePayload(name=name, mimeType=kind, buffer=content)])
    follow(page, "form[enctype] button")


@pytest.mark.parametrize(
    ("language", "javascript", "words"),
    [
        ("en", True, ("Write in Word", "Download the draft", "Save this in the draft")),
        ("el", False, None),
    ],
)
def test_a_practice_goes_to_word_and_comes_back(
    open_browser: Callable[..., Page],
    site: Site,
    practice: Practice,
    language: str,
    javascript: bool,
    words: tuple[str, str, str] | None,
) -> None:
    page = open_browser(javascript=javascript)
    enter(page, site, "Anna")
    page.goto(f"/{language}/my-practices/{practice.id}/write")
    follow(page, "a[href$='/word/upload']")
    if javascript:
        check_accessibility(page)
    with page.expect_download() as started:
        page.locator("main a[download]").click()
    made = Path(started.value.path()).read_bytes()
    made = changed_text(made, "με ένα τηλεφώνημα", "με ένα μήνυμα")
    send(page, edited(made, lambda xml: xml.replace("<w:body>", STRAY)))
    expect(page.locator("#left-over ~ ul")).to_contain_text("Αδέσποτη πρόταση")
    expect(page.locator(".kb-compare")).to_have_count(1)
    assert content_of(site, practice) == FULL
    if javascript:
        check_accessibility(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert width_of(page) <= 320
    follow(page, ".kb-actions button")
    changed_summary = {"el": "Διερμηνείς σε κάθε συνάντηση γονέων, με ένα μήνυμα."}
    assert content_of(site, practice) == {**FULL, "summary": changed_summary}


def test_what_a_colleague_saved_meanwhile_is_shown_beside_the_document(
    open_browser: Callable[..., Page], site: Site, practice: Practice
) -> None:
    page = open_browser()
    enter(page, site, "Anna")
    page.goto(f"/en/my-practices/{practice.id}/word/upload")
    made = changed_text(download(page, "Download the draft"), "για τα σχολεία", "για όλους")
    with site.app.app_context():
        newer = {**FULL, "title": {"el": "Ο τίτλος του Bruno"}}
        write_all(get_db(), practice, person(site, "Bruno"), newer, 1)
    send(page, made)
    expect(page.locator(".kb-compare")).to_contain_text("Ο τίτλος του Bruno")
    check_accessibility(page)
    page.get_by_label("Take what the document says").check()
    follow(page, page.get_by_role("button", name="Save this in the draft"))
    assert content_of(site, practice)["title"] == {"el": "Τράπεζα διερμηνέων για όλους"}


@pytest.mark.parametrize("javascript", [True, False])
def test_many_practices_are_looked_through_and_imported(
    open_browser: Callable[..., Page], site: Site, javascript: bool
) -> None:
    titles = [{"el": f"Εισαγωγή {number}"} for number in range(60)]
    rows = [columns.row_of(changed(title=title)) for title in titles]
    rows[7]["areas"] = "hausing"
    with site.app.app_context():
        before = store.count(get_db())
    page = open_browser(javascript=javascript)
    enter(page, site, "Mona")
    page.goto("/en/my-practices")
    follow(page, page.get_by_role("link", name="Import practices"))
    send(page, b"hello", "practices.xlsx")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    if javascript:
        check_accessibility(page)
    send(page, filled(*rows), "practices.xlsx")
    expect(page.locator("table").first).to_contain_text("hausing")
    if javascript:
        check_accessibility(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert width_of(page) <= 320
    follow(page, page.get_by_role("button", name="Import 59 practices"))
    look_again = page.get_by_role("link", name="Look again")
    while not javascript and look_again.count():
        follow(page, look_again)
    expect(page.locator("main")).to_contain_text("Added: 59.")
    if javascript:
        check_accessibility(page)
    with site.app.app_context():
        assert store.count(get_db()) == before + 59
