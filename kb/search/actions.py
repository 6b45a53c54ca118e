"""What people do here: search, and be helped while they type."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from indexer import Hit, IndexUnavailable, Query, Results
from kb import i18n
from kb.search import fallback, store
from kb.search.model import Answer, Asked, Card, Found, Fragments, Suggested, Wider, pages_of
from kb.search.names import all_named
from kb.search.syncing import indexes
from kb.search.words import language_of
from kb.vocabularies.model import Text

# Suggested areas, and as many municipalities.
MOST_NAMES = 3
# Where no more than so many practices are found, wider searches are offered.
FEW = 3
# Each of these offers costs a search.
MOST_OFFERS = 5


def search(
    db: Database, asked: Asked, *, limit: int, offset: int = 0, counted: bool = True
) -> Answer:
    """Answer from the index, or from the store itself while there is no index to ask.

    ``counted`` says whether the numbers beside the filters are wanted.

    A sync that was begun may never have ended: its process was killed, the disk was full. The
    worker makes up for that within seconds; where none runs, the next search does. Asking costs
    a few microseconds.
    """
    query = Query(
        text=asked.text,
        language=i18n.current(),
        filters={name: list(codes) for name, codes in asked.filters.items()},
        sort=asked.order,
        offset=offset,
        limit=limit,
        **({} if counted else {"facets": ()}),
    )
    if store.waiting_since(db, indexes().public.name) is not None:
        indexes().mend_soon()
    try:
        return _answer(db, indexes().public.search(db.conn, query), by_index=True)
    except IndexUnavailable:
        indexes().mend_soon()
        return _answer(db, fallback.search(db, query), by_index=False)


def search_page(db: Database, asked: Asked, per_page: int) -> Answer:
    """One page of the answer; the last one, where a page beyond it is asked for."""
    answer = search(db, asked, limit=per_page, offset=(asked.page - 1) * per_page)
    last = pages_of(answer.total, per_page)
    if asked.page <= last:
        return answer
    return search(db, asked, limit=per_page, offset=(last - 1) * per_page)


def widen(db: Database, asked: Asked, answer: Answer) -> list[Wider]:
    """Where little is found: the search without its filters, and without each of its words.

    Only what finds more is offered, the most found first.
    """
    if answer.total > FEW or not answer.by_index:
        return []
    offers = [("", replace(asked, filters={}, page=1))] if asked.filters else []
    words = list(answer.drop) or [word for word in asked.text.split() if word.isalnum()]
    if len(words) > 1 or answer.drop:
        offers += [(word, asked.with_word(word)) for word in words[:MOST_OFFERS]]
    counted = (Wider(word, wider, _count(db, wider)) for word, wider in offers if wider.has_aim)
    return sorted((each for each in counted if each.total > answer.total), key=_most_first)


def _most_first(each: Wider) -> int:
    return -each.total


def _count(db: Database, asked: Asked) -> int:
    return search(db, asked, limit=0, counted=False).total


def suggest(db: Database, typed: str) -> list[Suggested]:
    """What ``typed`` may become: areas and municipalities, titles of practices, words."""
    mine = i18n.current()
    found = [
        _named(each.kind, code, each.shown[code])
        for each in all_named(db)
        for code in each.names.matching(typed)[:MOST_NAMES]
    ]
    try:
        suggestions = indexes().public.suggest(db.conn, typed, mine)
    except IndexUnavailable:
        indexes().mend_soon()
        return found
    titles = store.titles(db, [each.value for each in suggestions if each.kind == "practice"])
    for each in suggestions:
        if each.kind != "practice":
            found.append(Suggested(each.kind, each.value, each.text, language_of(each.text)))
        elif each.value in titles:
            found.append(_named("practice", each.value, titles[each.value]))
    return found


def _named(kind: str, value: str, text: Text) -> Suggested:
    shown = i18n.text(text)
    return Suggested(kind, value, shown.value, shown.lang)


def _answer(db: Database, results: Results, by_index: bool) -> Answer:
    """The results with each hit as the store has it; a hit that may not be shown is left out."""
    cards = store.cards(db, [hit.id for hit in results.hits])
    found = [_found(hit, cards[hit.id]) for hit in results.hits if hit.id in cards]
    return Answer(
        total=results.total - (len(results.hits) - len(found)),
        found=found,
        counts=results.facets,
        notes=results.notes,
        corrections=results.corrections,
        missing=results.missing,
        drop=results.drop,
        by_index=by_index,
    )


def _found(hit: Hit, card: Card) -> Found:
    def whole(text: str) -> Fragments:
        return [(text, False)]

    # What the index holds of a practice that has changed since is not shown any more.
    return Found(
        card=card,
        score=hit.score,
        title=whole(i18n.text(card.title).value) if card.changed else hit.title,
        summary=whole(i18n.text(card.summary).value) if card.changed else hit.summary,
        passage=[] if card.changed else hit.passage,
        passage_language=hit.language_matched,
    )
