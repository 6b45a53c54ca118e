"""Help while typing: titles that hold what is typed so far, and words that it may become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from indexer.language import fold, is_greek, tokens
from indexer.model import Suggestion
from indexer.postings import PARTS, PLACE_SHIFT, Ints
from indexer.searcher import Searcher
from indexer.sound import greek_sound, greeklish_sounds
from indexer.surface import surface

MOST_TITLES = 5
MOST_TERMS = 5
SHORTEST = 2  # letters of the last word
MOST_TYPED = 100  # characters


def suggest(searcher: Searcher, typed: str, language: str) -> list[Suggestion]:
    """Practices whose title has every word typed, the last one unfinished, then words.

    Each word is taken as typed, in its other forms and, where it is unknown, by its sound.
    """
    words = [token.term for token in tokens(typed[:MOST_TYPED])]
    if not words or len(words[-1]) < SHORTEST:
        return []
    endings = _beginning(searcher, words[-1])
    if not endings:
        return []
    forms = [tuple(searcher.vocabulary.forms(word)) for word in words[:-1]]
    found = _titles(searcher, [*forms, endings], language)
    if len(words) == 1:
        found += _terms(searcher, endings)
    return found


def _beginning(searcher: Searcher, word: str) -> tuple[str, ...]:
    known = searcher.vocabulary
    return tuple(known.prefixed(word) or known.sounding_prefixed(word))


def _titles(
    searcher: Searcher, words: Sequence[tuple[str, ...]], language: str
) -> list[Suggestion]:
    docs: Ints | None = None
    for terms in words:
        group = searcher.corpus.group(terms)
        here = group.docs[group.places >> PLACE_SHIFT == PARTS.index(f"title_{language}")]
        docs = np.unique(here) if docs is None else np.intersect1d(docs, here)
    if docs is None or not len(docs):
        return []
    best = docs[np.argsort(searcher.standing[docs])][:MOST_TITLES]
    documents = (searcher.document(int(doc)) for doc in best)
    return [
        Suggestion(document["texts"][f"title_{language}"], "practice", document["slug"])
        for document in documents
    ]


def _terms(searcher: Searcher, endings: Sequence[str]) -> list[Suggestion]:
    """The most frequent of the words, one of each set of forms."""
    known = searcher.vocabulary
    frequent = sorted(endings, key=lambda term: (-known.roughly(term), term))
    found: dict[str, str] = {}
    for term in frequent:
        if len(found) == MOST_TERMS:
            break
        if len(term) > SHORTEST and not any(term in known.forms(other) for other in found):
            found[term] = surface(searcher, term)
    return [Suggestion(shown, "term", shown) for shown in found.values()]


def matching(typed: str, labels: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes of which a label has a word that begins as typed, or sounds so; best first.

    For names that the caller keeps (areas, municipalities with their aliases): the same folding
    and the same ear for Greeklish as everywhere in search.
    """
    words = [token.term for token in tokens(typed[:MOST_TYPED])]
    if not words:
        return []
    ranked = []
    for number, (code, names) in enumerate(labels.items()):
        value = min((_label_rank(words, name) for name in names), default=9)
        if value < 9:
            ranked.append((value, number, code))
    return [code for _, _, code in sorted(ranked)]


def _label_rank(words: Sequence[str], label: str) -> int:
    """0 where the label begins as typed, 1 where its words do, 2 where they sound so, else 9."""
    terms, sounds = _heard(label)
    if fold(label).startswith(" ".join(words)) or " ".join(terms).startswith(" ".join(words)):
        return 0
    if all(any(term.startswith(word) for term in terms) for word in words):
        return 1
    readings = [
        (greek_sound(word),) if is_greek(word) else greeklish_sounds(word) for word in words
    ]
    if all(any(s.startswith(r) for r in reading for s in sounds) for reading in readings):
        return 2
    return 9


@lru_cache(maxsize=4096)
def _heard(label: str) -> tuple[list[str], list[str]]:
    """A label's words, and how the Greek ones of them sound."""
    terms = [token.term for token in tokens(label)]
    return terms, [greek_sound(term) for term in terms if is_greek(term)]
