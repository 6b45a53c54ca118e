"""What people do here: search, and be helped while they type."""

from __future__ import annotations

from sqlite_utils import Database

from indexer import Hit, IndexUnavailable, Query, Results
from indexer.language import is_greek
from indexer.suggest import matching
from kb import i18n
from kb.municipalities import store as municipalities
from kb.search import fallback, store
from kb.search.model import Answer, Asked, Card, Found, Fragments, Suggested, pages_of
from kb.search.syncing import indexes
from kb.vocabularies.store import all_vocabularies

# Suggested areas, and as many municipalities.
MOST_NAMES = 3


def search(
    db: Database, asked: Asked, *, limit: int, offset: int = 0, counted: bool = True
) -> Answer:
    """Answer from the index, or from the store itself while there is no index to ask.

    ``counted`` says whether the numbers beside the filters are wanted.
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


def suggest(db: Database, typed: str) -> list[Suggested]:
    """What ``typed`` may become: areas and municipalities, titles of practices, words."""
    mine = i18n.current()
    found = [
        Suggested(kind, code, names[code][0], mine)
        for kind, names in (("area", _areas(db)), ("municipality", _places(db)))
        for code in matching(typed, names)[:MOST_NAMES]
    ]
    try:
        suggestions = indexes().public.suggest(db.conn, _telling(typed), mine)
    except IndexUnavailable:
        indexes().mend_soon()
        return found
    titles = store.titles(db, [each.value for each in suggestions if each.kind == "practice"])
    for each in suggestions:
        if each.kind != "practice":
            found.append(Suggested(each.kind, each.value, each.text, language_of(each.text)))
        elif each.value in titles:
            title = i18n.text(titles[each.value])
            found.append(Suggested("practice", each.value, title.value, title.lang))
    return found


def _telling(typed: str) -> str:
    """Without a last word of which only one letter stands yet, where there are others before it."""
    words, _, last = typed.strip().rpartition(" ")
    return words if words and len(last) == 1 else typed


def language_of(words: str) -> str:
    """The language that a few words are written in, as their letters tell."""
    return "el" if is_greek(words) else "en"


def _areas(db: Database) -> dict[str, list[str]]:
    """The names of each area, the reader's own first."""
    terms = all_vocabularies(db)["areas"].terms
    return {c: [i18n.text(t.label).value, *t.label.values()] for c, t in terms.items()}


def _places(db: Database) -> dict[str, list[str]]:
    """Every name of each municipality, the reader's own first."""
    aliases = store.aliases(db)
    return {
        each.code: [i18n.text(each.name).value, *each.name.values(), *aliases.get(each.code, ())]
        for each in municipalities.list_municipalities(db)
    }


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
