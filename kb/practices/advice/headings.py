"""Headings within a text: they stand below the title of its part of the page, step by step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.practices.advice.model import Found

HEADING = re.compile(r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<words>\S[^\n]*)", re.MULTILINE)
# A line underlined with = or - is one as well: with = as large as one with a single #.
UNDERLINED = re.compile(
    r"^ {0,3}(?P<words>[^\s#>*\-=][^\n]{0,200})\n {0,3}(?:={3,})[ \t]*$", re.MULTILINE
)
BOLD = re.compile(
    r"(?:^|\n)(?:[ \t]*\n|^) {0,3}(?P<mark>\*\*|__)(?P<words>[^*_\n]{2,80})(?P=mark):?"
    r"[ \t]*(?=\n|$)"
)
FENCE = re.compile(r"^(?P<fence>```|~~~)[^\n]*\n.*?(?:^(?P=fence)|\Z)", re.MULTILINE | re.DOTALL)
# What the page keeps for itself: one # would be as large as the title of the part.
HIGHEST = 2


def too_high(text: str) -> Iterator[Found]:
    """Headings as large as the title of the part in which they stand."""
    for level, found in _headings(text):
        if level < HIGHEST:
            yield Found(found["words"].strip(), found.start("words"), _marked(HIGHEST, found))


def skipping(text: str) -> Iterator[Found]:
    """Headings that go down more than one step at once."""
    before = HIGHEST - 1
    for level, found in _headings(text):
        if level > before + 1:
            yield Found(found["words"].strip(), found.start("words"), _marked(before + 1, found))
        before = max(level, HIGHEST - 1)


def bold(text: str) -> Iterator[Found]:
    """Paragraphs that are nothing but a few bold words, and so pose as headings."""
    for found in BOLD.finditer(text):
        if not found["words"].rstrip().endswith((".", "!", "?", ";", "…")):
            yield Found(found["words"].strip(), found.start("words"), _marked(HIGHEST, found))


def _headings(text: str) -> list[tuple[int, re.Match[str]]]:
    text = FENCE.sub(lambda code: " " * len(code[0]), text)
    found = [(len(each["marks"]), each) for each in HEADING.finditer(text)]
    found += [(1, each) for each in UNDERLINED.finditer(text)]
    return sorted(found, key=lambda each: each[1].start())


def _marked(level: int, found: re.Match[str]) -> str:
    return f"{'#' * level} {found['words'].strip()}"
