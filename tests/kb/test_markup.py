"""Markdown becomes safe HTML, and plain text."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.markup import ATTRIBUTES, LONGEST, SCHEMES, TAGS, plain, render
from kb.practices.template import DRAFT_CHARACTERS
from tests.hostile_strings import naughty, scripts

ROOT = Path(__file__).parents[2]


class Reader(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attributes:
            if name not in ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set()):
                self.found.append(f"{tag} {name}")
            scheme = re.match(r"[\s\x00-\x20]*([^:/?#]+):", value or "")
            if name == "href" and scheme and scheme[1].lower() not in SCHEMES:
                self.found.append(value or "")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("plain", "<p>plain</p>"),
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>"),
        ("# A title", "<h3>A title</h3>"),
        ("###### Deep", "<h5>Deep</h5>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        (
            "[site](https://example.gr)",
            '<p><a href="https://example.gr" rel="noopener nofollow">site</a></p>',
        ),
        ("![pixel](https://tracker.example/p.gif)", None),
    ],
)
def test_what_markdown_becomes(markdown: str, html: str | None) -> None:
    rendered = str(render(markdown)).strip()
    if html is None:
        assert "<img" not in rendered
    else:
        assert rendered == html


def test_no_hostile_string_leaves_anything_that_runs() -> None:
    left = {text: Reader(render(text)).found for text in [*scripts(), *naughty()]}
    assert {text: found for text, found in left.items() if found} == {}


@given(st.text())
def test_rendering_never_fails_and_never_leaves_anything_that_runs(text: str) -> None:
    assert Reader(render(text)).found == []
    plain(text)


@pytest.mark.parametrize("pattern", ["<", ">", "[", "*", "`", "> ", "- ", "&"])
def test_a_long_run_of_one_mark_is_bounded(pattern: str) -> None:
    assert render(pattern * LONGEST)


def test_nothing_that_the_template_keeps_is_cut() -> None:
    assert LONGEST >= DRAFT_CHARACTERS


def test_plain_text_is_what_a_reader_sees() -> None:
    markdown = "# Βήματα\n\n- **Πρώτο:** κλήση\n- δεύτερο\n\nΔείτε [τον οδηγό](https://x.gr)."
    assert plain(markdown) == "Βήματα\n\nΠρώτο: κλήση\n\nδεύτερο\n\nΔείτε τον οδηγό."


def test_markup_is_made_in_one_place_only() -> None:
    """No template marks text as safe, and no other module makes Markup or imports bleach."""
    files = subprocess.run(
        ["git", "ls-files", "kb", "templates", "indexer"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    risky = {
        ".html": re.compile(r"\|\s*safe\b|autoescape false"),
        ".py": re.compile(r"\bMarkup\(|import bleach|import nh3"),
    }
    found = [
        name
        for name in files
        if (pattern := risky.get(Path(name).suffix))
        and (ROOT / name).exists()
        and pattern.search((ROOT / name).read_text("utf-8"))
    ]
    assert found == ["kb/markup.py"]
