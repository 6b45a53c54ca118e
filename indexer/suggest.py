"""Help while typing: titles that hold what is typed so far, and words that it may become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.document import Document
from indexer.language import form, stop_words, tokens
from indexer.model import Suggestion
from indexer.searcher import Searcher
from indexer.surface import surface
from indexer.titles import matched
from indexer.vocabulary import Vocabulary

Forms = tuple[str, ...]

MOST_TITLES = 5
MOST_TERMS = 5
MOST_LOOKED_AT = 40  # words, of which those that are forms of one another count once
SHORTEST = 2  # letters of a single word
MOST_TYPED = 100  # characters


def suggest(searcher: Searcher, typed: str, language: str) -> list[Suggestion]:
    """Practices whose title has every word typed, the last one unfinished, then words.

    Those titles come first that begin as typed, then those that have the words in a row. A word
    is taken as typed, in its other forms or, where that finds nothing, by its sound.
    """
    words = [token.term for token in tokens(typed[:MOST_TYPED])]
    if not words or (len(words) == 1 and len(words[0]) < SHORTEST):
        return []
    found = _titles(searcher, words, language)
    return found + _terms(searcher, words[0]) if len(words) == 1 else found


def _titles(searcher: Searcher, words: Sequence[str], language: str) -> list[Suggestion]:
    for terms, prefix in _readings(searcher.vocabulary, words):
        merits = _merits(searcher, terms, prefix, language)
        docs = np.flatnonzero(merits)
        if len(docs):
            best = np.lexsort((searcher.standing[docs], -merits[docs]))[:MOST_TITLES]
            return [_practice(searcher.document(doc), language) for doc in docs[best].tolist()]
    return []


def _readings(known: Vocabulary, words: Sequence[str]) -> Iterator[tuple[list[Forms], str]]:
    """The words before the last with their forms, and what the last one may be: the beginning of
    a word; a form of one; what sounds like the beginning of some."""
    *whole, last = words
    before = [(word, *known.forms(word)) for word in whole]
    yield before, last
    yield [*before, tuple(known.forms(last))], ""
    heard = [tuple(known.sounding(word)) if word not in known else (word,) for word in whole]
    heard = [forms + other for forms, other in zip(before, heard, strict=True)]
    if whole:
        yield heard, last
    yield [*heard, tuple(known.sounding_prefixed(last))], ""


def _merits(
    searcher: Searcher, terms: Sequence[Forms], prefix: str, language: str
) -> NDArray[np.int8]:
    """Of each document how well its title has the words, see titles.matched."""
    merits = []
    for segment in searcher.segments:
        titles = segment.titles[language]
        places = [titles.having(forms) for forms in terms]
        if prefix:
            places.append(titles.beginning(prefix))
        every = all(len(each) for each in places)
        merits.append(matched(segment.size, places) if every else np.zeros(segment.size, np.int8))
    return np.concatenate(merits) * searcher.corpus.live if merits else np.zeros(0, np.int8)


def _practice(document: Document, language: str) -> Suggestion:
    texts = document["texts"]
    title = texts.get(f"title_{language}") or next(
        text for part, text in texts.items() if part.startswith("title")
    )
    return Suggestion(title, "practice", document["slug"])


def _terms(searcher: Searcher, typed: str) -> list[Suggestion]:
    """The most frequent of the words, one of each set of forms."""
    known = searcher.vocabulary
    return _shown(searcher, known.frequent(typed, MOST_LOOKED_AT)) or _shown(
        searcher,
        sorted(known.sounding_prefixed(typed), key=lambda term: (-known.roughly(term), term)),
    )


def _shown(searcher: Searcher, words: Iterable[str]) -> list[Suggestion]:
    found: dict[str, str] = {}
    for term in words:
        key = form(term)
        if len(term) > SHORTEST and term not in stop_words() and key not in found:
            found[key] = surface(searcher, term)
            if len(found) == MOST_TERMS:
                break
    return [Suggestion(shown, "term", shown) for shown in found.values()]
