"""Markdown as the paragraphs of a Word document, and such paragraphs as Markdown again.

What Word has no paragraph for (tables, code, quotations) stays in its own signs, in paragraphs of
a style of that name: no word is lost on the way, and what comes back reads the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from inspector.word import Paragraph, Run

# The style of paragraphs that hold Markdown's own signs.
SIGNS = "markdown"
# Above the headings of a text stand those of the document: section, field and language.
HEADINGS_ABOVE = 3
DEEPEST = 3
INDENT = "    "
SCHEMES = ("http://", "https://", "mailto:")
# Where a person typed the sign of a list instead of making one.
TYPED_BULLET = re.compile(r"^\s*(?:[-*•·●▪‣◦–]|\uf0b7)[ \t\u00a0]+(?=\S)")
TYPED_NUMBER = re.compile(r"^\s*\d{1,3}[.)][ \t\u00a0]+(?=\S)")
SPECIAL = re.compile(r"([\\`*_\[\]<>&#|~])")
BLOCK_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")

_parser = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .disable(["image", "html_block", "html_inline"])
)


def paragraphs_of(markdown: str) -> list[Paragraph]:
    """The text as paragraphs that can be edited in Word."""
    try:
        found = list(_structured(_parser.parse(markdown)))
    except _NotForWord:
        return _signs(markdown)
    return found if _reads_the_same(markdown, markdown_of(found)) else _signs(markdown)


def markdown_of(paragraphs: Iterable[Paragraph]) -> str:
    """The paragraphs as Markdown, with no more signs than they need."""
    blocks: list[str] = []
    numbers: list[int] = []
    before = ""
    for paragraph in map(_with_list_made, paragraphs):
        if paragraph.style == SIGNS:
            text, kind = paragraph.text, SIGNS
        else:
            runs = _tidy(paragraph.runs)
            if not "".join(run.text for run in runs).strip():
                before = SIGNS if before == SIGNS else ""
                continue
            text, kind = _inline(runs), "item" if paragraph.item else ""
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


class _NotForWord(Exception):
    """Markdown that has no like in Word."""


def _reads_the_same(one: str, other: str) -> bool:
    return _as_read(one) == _as_read(other)


def _as_read(markdown: str) -> str:
    """What the page shows, whether or not empty lines stood between the items of a list."""
    html = " ".join(str(_parser.render(markdown)).split())
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
                raise _NotForWord
            fresh_item = end == "open"
        elif kind == "heading":
            level = int(token.tag[1]) + HEADINGS_ABOVE if end == "open" else 0
        elif token.type == "inline":
            if lists and not fresh_item:
                raise _NotForWord
            fresh_item = False
            runs = list(_runs(token.children or []))
            item = lists[-1] if lists else ""
            yield Paragraph(runs, level=level, item=item, depth=max(0, len(lists) - 1))
        elif kind != "paragraph":
            raise _NotForWord


def _enter_or_leave(lists: list[str], token: Token) -> None:
    if token.nesting < 0:
        lists.pop()
        return
    if token.attrs.get("start", 1) != 1 or len(lists) == DEEPEST:
        raise _NotForWord
    lists.append(token.type.partition("_")[0].replace("ordered", "number"))


def _runs(tokens: Iterable[Token]) -> Iterator[Run]:
    look = Run("")
    for token in tokens:
        if token.type == "text":
            yield replace(look, text=token.content)
        elif token.type == "softbreak":
            yield replace(look, text=" ")
        elif token.type == "hardbreak":
            yield replace(look, text="\n")
        elif token.type in ("strong_open", "strong_close"):
            look = replace(look, bold=token.nesting > 0)
        elif token.type in ("em_open", "em_close"):
            look = replace(look, italic=token.nesting > 0)
        elif token.type == "link_open" and not token.attrs.get("title"):
            look = replace(look, link=str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            look = replace(look, link="")
        else:
            raise _NotForWord


def _with_list_made(paragraph: Paragraph) -> Paragraph:
    """Where the sign of a list was typed by hand, a list item."""
    if paragraph.item or paragraph.level or paragraph.style == SIGNS:
        return paragraph
    for pattern, item in ((TYPED_BULLET, "bullet"), (TYPED_NUMBER, "number")):
        if found := pattern.match(paragraph.text):
            runs = list(without_first(paragraph.runs, found.end()))
            return replace(paragraph, runs=runs, item=item, depth=0)
    return paragraph


def without_first(runs: Iterable[Run], count: int) -> Iterator[Run]:
    """The runs without so many of their letters."""
    for run in runs:
        yield replace(run, text=run.text[count:])
        count = max(0, count - len(run.text))


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """Runs of one look put together; none but safe links; no space at the edges of a look."""
    safe = (replace(run, link=_address(run.link)) for run in runs if run.text)
    pieces = [piece for run in safe for piece in _without_edges(run)]
    if pieces:
        pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return _joined(piece for piece in pieces if piece.text)


def _address(link: str) -> str:
    """Where a link leads, as Markdown writes addresses; nothing where none should lead."""
    try:
        return _parser.normalizeLink(link) if link.lower().startswith(SCHEMES) else ""
    except ValueError:
        return ""


def _joined(runs: Iterable[Run]) -> list[Run]:
    return [
        replace(look, text="".join(run.text for run in group))
        for look, group in groupby(runs, key=lambda run: replace(run, text=""))
    ]


def _without_edges(run: Run) -> Iterator[Run]:
    """Space at the edge of bold words is not bold: Markdown could not say it."""
    bare = run.text.strip()
    if not (run.bold or run.italic):
        yield run
        return
    space = replace(run, bold=False, italic=False)
    begin = run.text.index(bare)
    yield replace(space, text=run.text[:begin])
    yield replace(run, text=bare)
    yield replace(space, text=run.text[begin + len(bare) :])


def _inline(runs: list[Run]) -> str:
    """The runs as Markdown: of several ways to write them, the first that reads the same."""
    for candidate in _ever_plainer(runs):
        wanted = _seen(candidate)
        for escaped in (False, True):
            for sign in ("*", "_"):
                text = _written(candidate, escaped, sign)
                if _read_back(text) == wanted:
                    return text
    return SPECIAL.sub(r"\\\1", "".join(run.text for run in _seen(runs)))


def _ever_plainer(runs: list[Run]) -> Iterator[list[Run]]:
    """The runs as they are; then with a little less of what cannot be written."""
    yield runs
    yield _joined(_with_bare_punctuation(runs))
    yield _joined(replace(run, italic=False) for run in runs)
    yield _joined(replace(run, italic=False, bold=False) for run in runs)
    yield _joined(Run(run.text) for run in runs)


def _seen(runs: Iterable[Run]) -> list[Run]:
    """What a reader sees of the runs, spaces as a browser shows them."""
    spaced = (replace(run, text=re.sub(r"[ \t\r\f\v]+", " ", run.text)) for run in runs)
    return _joined(replace(run, text=re.sub(r" ?\n ?", "\n", run.text)) for run in spaced)


def _read_back(text: str) -> list[Run] | None:
    tokens = _parser.parse(text)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    try:
        return _seen(_joined(run for run in _runs(tokens[1].children or []) if run.text))
    except _NotForWord:
        return None


def _with_bare_punctuation(runs: Iterable[Run]) -> Iterator[Run]:
    """Stops and commas at the edge of bold words not bold: within words Markdown needs it."""
    for run in runs:
        found = re.fullmatch(r"(\W*)(.*?)(\W*)", run.text, re.DOTALL)
        if (run.bold or run.italic) and found and found[2]:
            bare = replace(run, bold=False, italic=False)
            for text, look in ((found[1], bare), (found[2], run), (found[3], bare)):
                if text:
                    yield replace(look, text=text)
        else:
            yield run


def _written(runs: Sequence[Run], escaped: bool, sign: str) -> str:
    text = "".join(
        _linked(link, list(group), escaped, sign)
        for link, group in groupby(runs, key=lambda run: run.link)
    )
    return BLOCK_START.sub(_escaped_start, text) if escaped else text


def _escaped_start(found: re.Match[str]) -> str:
    if found[2].isdecimal():
        return f"{found[1]}{found[2]}\\"
    return f"{found[1]}\\{found[2]}"


def _linked(link: str, runs: Sequence[Run], escaped: bool, sign: str) -> str:
    if not link:
        return _emphasised(runs, escaped, sign)
    shown = "".join(run.text for run in runs)
    look = any(run.bold or run.italic for run in runs)
    if link in (shown, f"mailto:{shown}") and not (look or escaped):
        return f"<{shown}>"
    address = "<" + SPECIAL.sub(r"\\\1", link) + ">" if escaped else link
    return f"[{_emphasised(runs, escaped, sign)}]({address})"


def _emphasised(runs: Sequence[Run], escaped: bool, sign: str) -> str:
    pieces = []
    for bold, group in groupby(runs, key=lambda run: run.bold):
        inner = "".join(
            f"{sign}{_plain(run.text, escaped)}{sign}" if run.italic else _plain(run.text, escaped)
            for run in group
        )
        pieces.append(f"**{inner}**" if bold else inner)
    return "".join(pieces)


def _plain(text: str, escaped: bool) -> str:
    return (SPECIAL.sub(r"\\\1", text) if escaped else text).replace("\n", "\\\n")
