"""What whoever types a title is told: practices that may be the same as the one they write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for
from sqlite_utils import Database

from indexer.language import fold
from kb import i18n, web
from kb.access import Member
from kb.practices import actions
from kb.practices import store as practices
from kb.practices.model import Content, Practice
from kb.search import alike, display
from kb.search.facets import labels
from kb.search.model import Card

# A title of one word says too little to compare it with others.
FEWEST_WORDS = 2
WORD = re.compile(r"[^\W\d_]{4,60}")
# Words that begin alike are taken for forms of one: σχολείο, σχολεία, σχολείων.
STEM = 5
# So much of the shorter one of two titles has to stand in the other.
SHARED = 0.6


@dataclass(frozen=True)
class Hint:
    """A practice that a title may name, too. One without a slug is not public yet."""

    slug: str | None
    url: str
    title: i18n.Text
    place: str
    year: str


def hints(db: Database, title: str, member: Member, but: str = "") -> list[Hint]:
    """Those like a title: what the member's municipality has begun, and then what is public.

    ``but`` is the address or the number of the practice whose title it is, where it has one.
    """
    if len(re.findall(r"\w{2,}", title[: alike.TITLE_LENGTH])) < FEWEST_WORDS:
        return []
    names = labels(db)
    public = [
        _published(card, display.place(card, names)) for card in alike.like_title(db, title, but)
    ]
    begun = [
        Hint(
            None,
            url_for("practices.follow", lang=i18n.current(), practice_id=other.id),
            i18n.text(content["title"]),
            names["municipality"].get(other.municipality, other.municipality),
            "",
        )
        for other, content in _begun(db, member, but)
        if _is_alike(title, content.get("title", {}).values())
    ]
    return [*begun, *public][: alike.MOST_ALIKE]


def _published(card: Card, place: str) -> Hint:
    url = web.absolute_url("practices.show", lang=i18n.current(), slug=card.slug)
    return Hint(card.slug, url, i18n.text(card.title), place, card.year)


def _begun(db: Database, member: Member, but: str) -> Iterator[tuple[Practice, Content]]:
    """What the municipality works on, and nobody outside it sees."""
    if not member.municipality:
        return
    for other in practices.list_of_municipality(db, member.municipality):
        is_hidden = not other.is_public and other.status != "archived"
        if is_hidden and but not in (other.slug, str(other.id)):
            yield other, actions.working_copy(db, other).content


def _is_alike(title: str, others: Iterable[str]) -> bool:
    mine = _stems(title)
    return any(_share(mine, _stems(other)) >= SHARED for other in others)


def _share(mine: set[str], theirs: set[str]) -> float:
    shorter = min(len(mine), len(theirs))
    both = len(mine & theirs)
    return both / shorter if both >= FEWEST_WORDS else 0.0


def _stems(title: str) -> set[str]:
    return {fold(word)[:STEM] for word in WORD.findall(title[: alike.TITLE_LENGTH])}
