"""How a person works a page: with a pointer, or with the keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

# More stops than any page of ours has.
MOST_STOPS = 400
_HAS_FOCUS = "element => element === document.activeElement"


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """What is done within leads to another page: goes on once that is there, with its scripts.

    A click returns before; what is then read, counted or typed may still meet the old page, or half
    of the new one.
    """
    page.wait_for_load_state()
    with page.expect_event("load"):
        yield


def follow(page: Page, found: str | Locator) -> None:
    """Press a link or a button that leads to another page, and wait for that page."""
    Pointer(page).follow(found)


class Pointer:
    """Fills, chooses, ticks and presses as with a mouse or a finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, field: str, text: str) -> None:
        self.page.fill(field, text)

    def choose(self, field: str, value: str) -> None:
        self.page.select_option(field, value)

    def tick(self, box: str | Locator) -> None:
        self._one(box).check()

    def press(self, button: str | Locator) -> None:
        self._one(button).click()

    def follow(self, button: str | Locator) -> None:
        """Press it, and wait for the page that it leads to."""
        with next_page(self.page):
            self.press(button)

    def _one(self, found: str | Locator) -> Locator:
        return self.page.locator(found).first if isinstance(found, str) else found


class Keyboard(Pointer):
    """The same with Tab, arrows, space and Enter; a thing that Tab does not come to is a fault."""

    def fill(self, field: str, text: str) -> None:
        self._come_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, field: str, value: str) -> None:
        box = self._come_to(field)
        self.page.keyboard.press("Home")
        for _ in range(box.locator("option").count()):
            if box.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert box.input_value() == value

    def tick(self, box: str | Locator) -> None:
        target = self._one(box)
        if target.get_attribute("type") == "radio":
            self._turn_to(target)
        else:
            self._come_to(target)
        if not target.is_checked():  # an arrow has chosen a radio already
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def _turn_to(self, radio: Locator) -> None:
        """Tab comes to a group of radios once; the arrows go round in it."""
        group = self.page.locator(f"[name={radio.get_attribute('name')}]")
        self._come_to(group.first)
        for _ in range(group.count()):
            if radio.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows do not come to {radio}")

    def press(self, button: str | Locator) -> None:
        self._come_to(button)
        self.page.keyboard.press("Enter")

    def _come_to(self, found: str | Locator) -> Locator:
        """Tab until the focus is on it; round the page once, at most."""
        target = self._one(found)
        element = target.element_handle()  # looked up once, not at each stop
        for _ in range(MOST_STOPS):
            if element.evaluate(_HAS_FOCUS):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not come to {found}")
