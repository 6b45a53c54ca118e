"""A typed word into the index's own terms: the same word, its forms, and what else it may mean."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.build import ACRONYM
from indexer.language import stem
from indexer.query import Phrase, Word
from indexer.rank import Level, Run, Term
from indexer.segment import Segment

# Each kind of match with its weight: how far a document found in this way can reach beside one
# that has the very word.
WEIGHTS = {
    # The very word, as typed but for case and accents.
    "exact": 1.0,
    # Another form of the word: nearly always the same meaning.
    "stem": 0.9,
    # A word that begins so: right for an unfinished word, a guess otherwise.
    "prefix": 0.6,
}
MOST_PREFIXED = 50


class Expander:
    """Expansions against the vocabulary of one generation."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._lexicons = [segment.lexicon for segment in segments]

    def levels(self, item: Word | Phrase) -> list[Level]:
        """The levels of one word or phrase, the surest first."""
        if isinstance(item, Phrase):
            return self._phrase(item)
        if item.prefix:
            return [Level(1.0, "prefix", tuple(self._prefixed(item.term)))]
        if item.capital and self._is_acronym(item.term):
            return [Level(WEIGHTS["exact"], "exact", (item.term,))]
        known = [Level(WEIGHTS["exact"], "exact", (item.term,))]
        forms = tuple(t for t in self._forms(item.term) if t != item.term)
        if forms:
            known.append(Level(WEIGHTS["stem"], "stem", forms))
        if len(item.term) >= 3 and (item.last or not (forms or self._known(item.term))):
            longer = tuple(
                t for t in self._prefixed(item.term) if t not in forms and t != item.term
            )
            known.append(Level(WEIGHTS["prefix"], "prefix", longer))
        return known

    def _phrase(self, phrase: Phrase) -> list[Level]:
        slots = tuple((word,) for word in phrase.words)
        exact: Term = Run(slots) if len(slots) > 1 else phrase.words[0]
        return [Level(WEIGHTS["exact"], "exact", (exact,))]

    def _known(self, term: str) -> bool:
        return any(term in lexicon for lexicon in self._lexicons)

    def _is_acronym(self, term: str) -> bool:
        return any(term in lexicon.acronyms for lexicon in self._lexicons)

    def _forms(self, term: str) -> list[str]:
        key = stem(term)
        return sorted({t for lexicon in self._lexicons for t in lexicon.with_stem(key)})

    def _prefixed(self, prefix: str) -> list[str]:
        found = {
            t for lexicon in self._lexicons for t in lexicon.with_prefix(prefix, MOST_PREFIXED)
        }
        return sorted((t for t in found if t[0] != ACRONYM), key=lambda t: (len(t), t))[
            :MOST_PREFIXED
        ]
