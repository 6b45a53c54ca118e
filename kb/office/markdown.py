"""Markdown as the paragraphs of a Word document, and such paragraphs as Markdown again.

What Word has no paragraph for (tables, code, quotations) stays in its own signs, in paragraphs of
a style of that name: no word is lost on the way, and what comes back reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from inspector.word import Paragraph, Run
from kb.office.inline import (
    NotForWord,
    has_too_many_signs,
    parser,
    runs_of,
    tidy,
    without_first,
    written,
)

# The style of paragraphs that hold Markdown's own signs.
SIGNS = "markdown"
# Above the headings of a text stand those of the document: section, field and language.
HEADINGS_ABOVE = 3
DEEPEST = 3
INDENT = "    "
# Where a person typed the sign of a list instead of making one.
TYPED_BULLET = re.compile(r"^\s*(?:[-*•·●▪‣◦–]|\uf0b7)[ \t\u00a0]+(?=\S)")
TYPED_NUMBER = re.compile(r"^\s*(\d{1,3})[.)][ \t\u00a0]+(?=\S)")


def paragraphs_of(markdown: str) -> list[Paragraph]:
    """The text as paragraphs that can be edited in Word."""
    if has_too_many_signs(markdown):
        return _signs(markdown)
    try:
        found = list(_structured(parser.parse(markdown)))
    except NotForWord:
        return _signs(markdown)
    return found if _reads_the_same(markdown, markdown_of(found)) else _signs(markdown)


def markdown_of(paragraphs: Iterable[Paragraph]) -> str:
    """The paragraphs as Markdown, with no more signs than they need."""
    blocks: list[str] = []
    numbers: list[int] = []
    before = ""
    for paragraph in _with_lists_made(paragraphs):
        if paragraph.style == SIGNS:
            text, kind = paragraph.text, SIGNS
        else:
            runs = tidy(paragraph.runs)
            if not "".join(run.text for run in runs).strip():
                before = SIGNS if before == SIGNS else ""
                continue
            text, kind = written(runs), "item" if paragraph.item else ""
        if kind == "item":
            depth = min(paragraph.depth, len(numbers), DEEPEST - 1)
            del numbers[depth + 1 :]
            numbers += [0] * (depth + 1 - len(numbers))
            numbers[depth] += 1
            mark = "-" if paragraph.item == "bullet" else f"{numbers[depth]}."
            text = INDENT * depth + f"{mark} " + text.replace("\n", "\n" + INDENT * (depth + 1))
        else:
            numbers = []
            if paragraph.level:
                text = "#" * max(1, min(6, paragraph.level - HEADINGS_ABOVE)) + " " + text
        if blocks and kind and kind == before:
            blocks[-1] += "\n" + text
        else:
            blocks.append(text)
        before = kind
    return "\n\n".join(blocks).strip()


def _reads_the_same(one: str, other: str) -> bool:
    return _as_read(one) == _as_read(other)


def _as_read(markdown: str) -> str:
    """What the page shows, whether or not empty lines stood between the items of a list."""
    html = " ".join(str(parser.render(markdown)).split())
    html = re.sub(r"<li> ?<p>", "<li>", html)
    return re.sub(r"</p> ?(</li>|<ul>|<ol>)", r"\1", html).replace(" </li>", "</li>")


def _signs(markdown: str) -> list[Paragraph]:
    return [Paragraph([Run(line)], style=SIGNS) for line in markdown.split("\n")]


def _structured(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    """The paragraphs of texts, headings and lists whose items are one paragraph each."""
    lists: list[str] = []
    fresh_item = False
    level = 0
    for token in tokens:
        kind, _underscore, end = token.type.rpartition("_")
        if kind in ("bullet_list", "ordered_list"):
            _enter_or_leave(lists, token)
        elif kind == "list_item":
            if fresh_item:  # one without a word
                raise NotForWord
            fresh_item = end == "open"
        elif kind == "heading":
            level = int(token.tag[1]) + HEADINGS_ABOVE if end == "open" else 0
        elif token.type == "inline":
            if lists and not fresh_item:
                raise NotForWord
            fresh_item = False
            runs = list(runs_of(token.children or []))
            item = lists[-1] if lists else ""
            yield Paragraph(runs, level=level, item=item, depth=max(0, len(lists) - 1))
        elif kind != "paragraph":
            raise NotForWord


def _enter_or_leave(lists: list[str], token: Token) -> None:
    if token.nesting < 0:
        lists.pop()
        return
    if token.attrs.get("start", 1) != 1 or len(lists) == DEEPEST:
        raise NotForWord
    lists.append(token.type.partition("_")[0].replace("ordered", "number"))


def _with_lists_made(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Where the signs of a list were typed by hand, list items; numbers only as they count."""
    expected = 1
    for paragraph in paragraphs:
        typed = not (paragraph.item or paragraph.level or paragraph.style == SIGNS)
        bullet = TYPED_BULLET.match(paragraph.text) if typed else None
        number = TYPED_NUMBER.match(paragraph.text) if typed else None
        counts = number is not None and int(number[1]) == expected
        expected = expected + 1 if counts else 1
        found = bullet or (number if counts else None)
        if found:
            runs = list(without_first(paragraph.runs, found.end()))
            paragraph = replace(paragraph, runs=runs, item="bullet" if bullet else "number")
        yield paragraph
