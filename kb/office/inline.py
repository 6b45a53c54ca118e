"""The inside of a paragraph: runs of one look as Markdown, and Markdown as such runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from inspector.word import Run

SCHEMES = ("http://", "https://", "mailto:")
SPECIAL = re.compile(r"([\\`*_\[\]<>&#|~])")
# More signs than any text has; trying how they may be written takes the longer the more there are.
MOST_SIGNS = 1500
BLOCK_START = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")

parser = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .disable(["image", "html_block", "html_inline"])
)


class NotForWord(Exception):
    """Markdown that has no like in Word."""


def runs_of(tokens: Iterable[Token]) -> Iterator[Run]:
    """The runs of a parsed paragraph. Raises NotForWord."""
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
            raise NotForWord


def has_too_many_signs(text: str) -> bool:
    """Whether the text is no text, and its marks are not worth looking at."""
    return len(SPECIAL.findall(text)) > MOST_SIGNS


def without_first(runs: Iterable[Run], count: int) -> Iterator[Run]:
    """The runs without so many of their letters."""
    for run in runs:
        yield replace(run, text=run.text[count:])
        count = max(0, count - len(run.text))


def tidy(runs: Iterable[Run]) -> list[Run]:
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
        return parser.normalizeLink(link) if link.lower().startswith(SCHEMES) else ""
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


def written(runs: list[Run]) -> str:
    """The runs as Markdown: of several ways to write them, the first that reads the same."""
    text = "".join(run.text for run in runs)
    if has_too_many_signs(text):
        return SPECIAL.sub(r"\\\1", text)
    for candidate in _ever_plainer(runs):
        wanted = _seen(candidate)
        for escaped in (False, True):
            for sign in ("*", "_"):
                text = _in_signs(candidate, escaped, sign)
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
    tokens = parser.parse(text)
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return None
    try:
        return _seen(_joined(run for run in runs_of(tokens[1].children or []) if run.text))
    except NotForWord:
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


def _in_signs(runs: Sequence[Run], escaped: bool, sign: str) -> str:
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
