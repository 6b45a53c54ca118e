"""Practices over HTTP: reading one, writing one, following what becomes of it."""

from kb.practices.views import authors, autosave, card, history, own, public, sections, submission
from kb.practices.views.authors import why_not_author
from kb.practices.views.pages import blueprint, by_id, by_slug, reading, to_write

__all__ = [
    "authors",
    "autosave",
    "blueprint",
    "by_id",
    "by_slug",
    "card",
    "history",
    "own",
    "public",
    "reading",
    "sections",
    "submission",
    "to_write",
    "why_not_author",
]
