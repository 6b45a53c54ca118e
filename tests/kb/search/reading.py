"""What tests read on the search page."""

from __future__ import annotations

import re
from html import unescape


def titles(html: str) -> list[str]:
    """The titles of the hits on the page, without their marks."""
    found = re.findall(r'class="kb-card__link"[^>]*>(.*?)</a>', html, re.S)
    return [unescape(re.sub("<.*?>", "", title)).strip() for title in found]


def notices(html: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'"kb-notice__text">(.*?)</p>', html, re.S)]


def boxes(html: str) -> dict[str, dict[str, int]]:
    """The values of each filter on the page, in order, with the numbers beside them."""
    found: dict[str, dict[str, int]] = {}
    pattern = r'name="(\w+)" type="checkbox" value="([^"]*)".*?kb-facet__count">\((\d+)\)'
    for name, value, count in re.findall(pattern, html, re.S):
        found.setdefault(name, {})[value] = int(count)
    return found
