"""Practices like one that is read, or like one of which only the title is typed yet."""

from __future__ import annotations

from sqlite_utils import Database

from indexer import Hit, IndexUnavailable, Query
from kb import i18n
from kb.search import store
from kb.search.model import Card
from kb.search.syncing import indexes

MOST_ALIKE = 3
# What fits a title half as well as the best is not worth a look.
WORTH = 0.5
# Some are asked for besides: the index may still hold what is not public any more.
SPARE = 3
# Titles are short; whoever pastes a page here gets an answer about its beginning.
TITLE_LENGTH = 150


def like_practice(db: Database, practice_id: int) -> list[Card]:
    """Public practices like this one, the most alike first; none while there is no index."""
    try:
        hits = indexes().public.similar(db.conn, practice_id, MOST_ALIKE + SPARE)
    except IndexUnavailable:
        indexes().mend_soon()
        return []
    return _public(db, hits)


def like_title(db: Database, title: str, but: str = "") -> list[Card]:
    """Public practices that a title may name as well, but not that of address or number ``but``."""
    query = Query(title[:TITLE_LENGTH], i18n.current(), limit=MOST_ALIKE + SPARE, facets=())
    if not any(character.isalnum() for character in query.text):
        return []
    try:
        hits = indexes().public.search(db.conn, query).hits
    except IndexUnavailable:
        indexes().mend_soon()
        return []
    others = [hit for hit in hits if but not in (hit.slug, str(hit.id))]
    return _public(db, [hit for hit in others if hit.score >= WORTH * others[0].score])


def _public(db: Database, hits: list[Hit]) -> list[Card]:
    cards = store.cards(db, [hit.id for hit in hits])
    return [cards[hit.id] for hit in hits if hit.id in cards][:MOST_ALIKE]
