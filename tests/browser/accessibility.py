"""What every page is held to: nothing that axe finds, nothing wider than the window."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = Path(__file__).with_name("looks.js").read_text("utf-8")


def check_accessibility(page: Page) -> None:
    """Fail with what axe finds against WCAG 2.2 AA on the page as it now is."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE_SCRIPT}\n{LOOKS}\nnull")
    assert page.evaluate("standards => faults(standards)", STANDARDS) == [], page.url


def width_of(page: Page) -> int:
    """How wide the page's content is, in CSS pixels, however narrow the window."""
    page.wait_for_load_state()
    return int(
        page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
    )
