"""What a browser would send of a page's form, as it was shown."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class FormReader(HTMLParser):
    """The fields of the first form of that class, by name; ticked boxes as lists."""

    def __init__(self, page: str, of_class: str = "kb-writing") -> None:
        super().__init__()
        self.of_class, self.within = of_class, False
        self.fields: dict[str, Any] = {}
        self.area = self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attributes}
        if tag == "form" and self.of_class in of.get("class", "").split():
            self.within = True
        if not self.within:
            return
        if tag == "input" and of.get("type") in ("checkbox", "radio"):
            if "checked" in of:
                self.fields.setdefault(of["name"], []).append(of["value"])
        elif tag == "input":
            self.fields[of["name"]] = of.get("value", "")
        elif tag == "textarea":
            self.area = of["name"]
            self.fields[self.area] = ""
        elif tag == "select":
            self.select = of["name"]
            self.fields[self.select] = ""
        elif tag == "option" and "selected" in of:
            self.fields[self.select] = of["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.within = False
        if tag == "textarea" and self.area:
            # A browser drops the line break after the tag.
            self.fields[self.area] = self.fields[self.area].removeprefix("\n")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data


def posted(page: str) -> dict[str, Any]:
    """What a browser would send of the page on which a practice is written."""
    return FormReader(page).fields
