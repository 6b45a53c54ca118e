"""Practices like one: those that share its telling words and its codes."""

from __future__ import annotations

from collections import Counter

import numpy as np

from indexer import weights
from indexer.corpus import Level
from indexer.language import form, stop_words, tokens
from indexer.model import Hit
from indexer.rank import inverse_frequency
from indexer.searcher import Searcher

MOST_WORDS = 16
# What sharing one code of a facet is worth, in the weight of one telling word.
SHARED_CODES = {"area": 1.0, "target_group": 0.4, "type": 0.3}


def similar(searcher: Searcher, key: int, limit: int) -> list[Hit]:
    """The documents most like the one with this id, best first; none for an unknown id."""
    doc = searcher.number_of(key)
    if doc is None:
        return []
    corpus = searcher.corpus
    document = searcher.document(doc)
    language = document["language"]
    scores = np.zeros(corpus.size)
    for forms in _telling_words(searcher, document["texts"], language):
        scores += corpus.score([Level(1.0, "form", forms)], language).scores
    weight = float(scores[doc]) / MOST_WORDS
    for facet, worth in SHARED_CODES.items():
        for code in document["facets"].get(facet, ()):
            having = searcher.facets.chosen({facet: [code]}).get(facet)
            if having is not None:
                scores += searcher.facets.unpack(having) * worth * weight
    found = corpus.live & (scores > 0)
    found[doc] = False
    return searcher.shown(scores, found, language, limit)


def _telling_words(
    searcher: Searcher, texts: dict[str, str], language: str
) -> list[tuple[str, ...]]:
    """The forms of the words of a document that tell it best from others."""
    counts: Counter[str] = Counter()
    for part, text in texts.items():
        if part.endswith(language):
            weight = weights.PARTS[part[:-3]].weight
            for token in tokens(text):
                if token.term not in stop_words():
                    counts[form(token.term)] += weight  # type: ignore[assignment]
    alive = searcher.corpus.alive
    valued = []
    for key, count in counts.most_common(5 * MOST_WORDS):
        forms = tuple(searcher.vocabulary.with_form(key))
        frequency = len(set(searcher.corpus.group(forms).docs.tolist())) if forms else 0
        if frequency > 1:
            valued.append((count * inverse_frequency(frequency, alive), forms))
    valued.sort(key=lambda item: (-item[0], item[1]))
    return [forms for _, forms in valued[:MOST_WORDS]]
