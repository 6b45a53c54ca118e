"""Uploading a photo and a document in a real browser, with JavaScript and without."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from kb.db import get_db
from kb.practices import actions
from kb.practices.model import Practice
from tests.browser.accessibility import check_accessibility, width_of
from tests.browser.hands import follow
from tests.browser.members import enter, person
from tests.browser.site import Site
from tests.kb.attachments import documents as made
from tests.kb.practices.cases import CARD

PHOTO = FilePayload(name="Ομάδα.jpg", mimeType="image/jpeg", buffer=made.photo((1600, 1200)))
PAPER = FilePayload(name="Καλή πρακτική.pdf", mimeType="application/pdf", buffer=made.pdf())
MACROS = FilePayload(name="macros.docx", mimeType="application/octet-stream", buffer=made.docm())


@pytest.fixture
def practice(site: Site) -> Practice:
    with site.app.app_context():
        return actions.create(get_db(), person(site, "Anna"), "files", CARD)


def rows(site: Site, practice: Practice) -> list[Any]:
    with site.app.app_context():
        draft = actions.working_copy(get_db(), practice)
        return list(draft.content.get("attachments", []))


def open_files(page: Page, site: Site, practice: Practice, language: str = "en") -> None:
    enter(page, site, "Anna")
    page.goto(f"/{language}/my-practices/{practice.id}/files")


def describe(page: Page) -> None:
    """Say what the photo shows and what the document is, and save."""
    page.locator(".kb-file textarea").first.fill("Άνθρωποι γύρω από ένα τραπέζι")
    page.locator(".kb-file select[name^=kind]").last.select_option("protocol")
    follow(page, "button[value=save]")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_photo_and_a_paper_are_uploaded_described_and_read(
    open_browser: Callable[..., Page], site: Site, practice: Practice, javascript: bool
) -> None:
    page = open_browser(javascript=javascript)
    open_files(page, site, practice)
    page.set_input_files("#files", [PHOTO, PAPER])
    if not javascript:
        follow(page, page.get_by_role("button", name="Upload"))
    expect(page.locator(".kb-file")).to_have_count(2)
    describe(page)
    expect(page.locator(".kb-notice--success")).to_contain_text("Saved")
    photo, paper = rows(site, practice)
    assert (photo["alt"], paper["kind"]) == ({"el": "Άνθρωποι γύρω από ένα τραπέζι"}, "protocol")
    page.goto(f"/en/my-practices/{practice.id}/preview")
    image = page.locator("img[alt='Άνθρωποι γύρω από ένα τραπέζι']")
    image.scroll_into_view_if_needed()
    expect(image).not_to_have_js_property("naturalWidth", 0)
    assert "small=1" in image.evaluate("image => image.currentSrc")
    with page.expect_download() as download:
        page.get_by_role("link", name="Καλή πρακτική").click()
    assert download.value.suggested_filename == "Καλή πρακτική.pdf"


def test_a_refused_file_is_a_sentence_and_the_rest_is_kept(
    page: Page, site: Site, practice: Practice
) -> None:
    open_files(page, site, practice)
    page.set_input_files("#files", [MACROS, PAPER])
    expect(page.locator(".kb-file")).to_have_count(1)
    refused = page.locator(".kb-sending__item .govuk-error-message")
    expect(refused).to_contain_text("macros.docx: There are macros in this file.")


def test_dropped_files_are_taken_and_what_is_typed_stays(
    page: Page, site: Site, practice: Practice
) -> None:
    open_files(page, site, practice)
    page.set_input_files("#files", [PHOTO])
    typed = page.locator(".kb-file textarea").first
    typed.fill("Πληκτρολογημένο")
    drop = page.evaluate_handle(
        """text => {
            const all = new DataTransfer();
            all.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], "β.pdf"));
            return all;
        }""",
        b64encode(PAPER["buffer"]).decode(),
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": drop})
    expect(page.locator(".kb-file")).to_have_count(2)
    expect(typed).to_have_value("Πληκτρολογημένο")


def test_what_is_said_of_a_file_saves_itself(page: Page, site: Site, practice: Practice) -> None:
    open_files(page, site, practice)
    page.set_input_files("#files", [PHOTO])
    state = page.locator("[data-saved-state]")
    for text in ("Ένα τραπέζι", "Ένα μεγάλο τραπέζι"):
        page.locator(".kb-file textarea").first.fill(text)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Tab")
        expect(state).to_have_text("Saved.")
    page.set_input_files("#files", [PAPER])
    expect(page.locator(".kb-file")).to_have_count(2)
    assert [row.get("alt") for row in rows(site, practice)] == [{"el": "Ένα μεγάλο τραπέζι"}, None]


def test_a_connection_that_ends_says_so(page: Page, site: Site, practice: Practice) -> None:
    open_files(page, site, practice)
    page.context.set_offline(True)
    page.set_input_files("#files", [PAPER])
    expect(page.locator(".kb-sending__item")).to_contain_text("was not sent")
    page.context.set_offline(False)
    page.set_input_files("#files", [PAPER])
    expect(page.locator(".kb-file")).to_have_count(1)


@pytest.mark.parametrize("language", ["el", "en"])
def test_the_page_is_accessible_in_each_state(
    open_browser: Callable[..., Page], site: Site, practice: Practice, language: str
) -> None:
    page = open_browser(width=320)
    open_files(page, site, practice, language)
    check_accessibility(page)
    page.set_input_files("#files", [PHOTO, MACROS])
    expect(page.locator(".kb-sending__item .govuk-error-message")).to_have_count(1)
    expect(page.locator(".kb-file")).to_have_count(1)
    check_accessibility(page)
    follow(page, "button[value=save]")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    check_accessibility(page)
    assert width_of(page) == 320
    page.locator(".kb-file textarea").first.fill("Ένα τραπέζι")
    follow(page, "button[value=save]")
    page.goto(f"/{language}/my-practices/{practice.id}/preview")
    check_accessibility(page)
    assert width_of(page) == 320
