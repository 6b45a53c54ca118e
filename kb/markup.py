"""Markdown as safe HTML, and as plain text: the one place where stored text becomes markup."""

from __future__ import annotations

import bleach
import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Longer text is cut before it is parsed: the time that cleaning takes grows faster than the text.
# The practice template keeps nothing longer.
LONGEST = 20_000
NESTING = 50

# Headings begin at the third level: a practice's page has the first two.
TAGS = frozenset(
    "p br strong em ul ol li blockquote a h3 h4 h5 code pre table thead tbody tr th td hr".split()
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

_parser = (
    MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": NESTING})
    .enable("table")
    .disable(["image", "html_block", "html_inline"])
)


def render(markdown: str) -> Markup:
    """Markdown as HTML in which nothing can run, load or pose as part of the page."""
    tokens = _parser.parse(markdown[:LONGEST])
    for token in tokens:
        if token.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 5)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    first = bleach.clean(
        html,
        tags=TAGS,
        attributes={tag: sorted(names) for tag, names in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
    )
    return Markup(
        nh3.clean(
            first,
            tags=set(TAGS),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            url_schemes=SCHEMES,
            link_rel="noopener nofollow",
        )
    )


def plain(markdown: str) -> str:
    """What a reader sees of the Markdown, without marks; paragraphs are parted by blank lines."""
    paragraphs = []
    for token in _parser.parse(markdown[:LONGEST]):
        if token.type == "inline":
            parts = [
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
            ]
            paragraphs.append("".join(parts).strip())
        elif token.type in ("fence", "code_block"):
            paragraphs.append(token.content.strip())
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
