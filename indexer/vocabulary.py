"""The words of one generation: which there are, and which are like a given one.

Only words of live documents count: what was withdrawn is not known, not suggested and not what
a slip is corrected to, though its segment still holds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.corpus import Corpus
from indexer.document import ACRONYM, EXTRA
from indexer.language import form, is_greek, stem, stop_words
from indexer.lexicon import edits
from indexer.sound import greeklish_sounds, sound

MOST_PREFIXED = 50
MOST_NEAR = 4
SHORTEST_FUZZY = 4  # letters
LONG = 8  # from this length on, a slip of two letters is looked for as well
_FUZZY_READINGS = 8


class Vocabulary:
    """Every live term of a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._lexicons = [segment.lexicon for segment in corpus.segments]
        self._alive: dict[str, bool] = {}

    def __contains__(self, term: str) -> bool:
        return self._is_alive(term) and any(term in lexicon for lexicon in self._lexicons)

    def frequency(self, term: str) -> int:
        """How often a term occurs in live documents."""
        return self._corpus.occurrences(term)

    def roughly(self, term: str) -> int:
        """In about how many documents a term is; quick, since no posting is read."""
        return sum(lexicon.frequency(term) for lexicon in self._lexicons)

    def is_acronym(self, term: str) -> bool:
        """Whether documents write this word in capitals more often than not."""
        written = ACRONYM + term
        return written in self and 2 * self.frequency(written) > self.frequency(term)

    def forms(self, term: str) -> list[str]:
        """The inflected forms of a word, acronyms that happen to look like one left out."""
        return self.with_form(form(term), but=term)

    def with_form(self, key: str, but: str = "") -> list[str]:
        found = {term for lexicon in self._lexicons for term in lexicon.with_form(key)}
        return self._words(found, but)

    def stems(self, term: str) -> list[str]:
        """The words that share a stem with this one."""
        key = stem(term)
        found = {t for lexicon in self._lexicons for t in lexicon.with_stem(key)}
        return self._words(found, term)

    def _words(self, terms: Iterable[str], but: str) -> list[str]:
        return [
            term
            for term in sorted(terms)
            if self._is_alive(term) and (term == but or not self.is_acronym(term))
        ]

    def prefixed(self, prefix: str, most: int = MOST_PREFIXED) -> list[str]:
        """Words that begin so, the shortest first."""
        found = {term for lexicon in self._lexicons for term in lexicon.with_prefix(prefix)}
        listed = []
        for term in sorted(found, key=lambda t: (len(t), t)):
            if term[0] not in EXTRA and self._is_alive(term):
                listed.append(term)
                if len(listed) == most:
                    break
        return listed

    def frequent(self, prefix: str, most: int) -> Iterator[str]:
        """Words that begin so, those that about most documents have first."""
        found = {
            t for lexicon in self._lexicons for t in lexicon.frequent_with_prefix(prefix, most)
        }
        for term in sorted(found, key=lambda term: (-self.roughly(term), term))[:most]:
            if term[0] not in EXTRA and self._is_alive(term):
                yield term

    def sounding(self, term: str) -> list[str]:
        """Words that sound like this one; of Latin letters, in every Greek reading."""
        found = dict.fromkeys(
            other
            for key in _sounds(term)
            for lexicon in self._lexicons
            for other in lexicon.with_sound(key)
        )
        return [other for other in found if self._is_alive(other)]

    def spelling(self, term: str) -> str | None:
        """How documents write a word that none has but that sounds like one of theirs.

        None where the two are forms of one word: then it need not be a slip.
        """
        alike = [
            other
            for other in self.sounding(term)
            if is_greek(other) == is_greek(term) and form(other) != form(term)
        ]
        return min(alike, key=lambda other: self._closeness(term, other), default=None)

    def sounding_prefixed(self, prefix: str) -> list[str]:
        """Words whose beginning sounds like this one."""
        return sorted(
            {
                term
                for key in _sounds(prefix)[:_FUZZY_READINGS]
                for lexicon in self._lexicons
                for term in lexicon.with_sound_prefix(key, MOST_PREFIXED)
                if self._is_alive(term)
            }
        )

    def nearest(self, term: str) -> list[str]:
        """The words the fewest letters away by sound, the closest in spelling first."""
        if len(term) < SHORTEST_FUZZY:
            return []
        keys = [key for key in _sounds(term)[: _FUZZY_READINGS + 1] if len(key) >= SHORTEST_FUZZY]
        for distance in (1, 2) if len(term) >= LONG else (1,):
            found = {
                other
                for key in keys
                for lexicon in self._lexicons
                for other in lexicon.near_sound(key, distance)
                if other not in stop_words() and self._is_alive(other)
            }
            if found:
                return sorted(found, key=lambda other: self._closeness(term, other))[:MOST_NEAR]
        return []

    def _closeness(self, typed: str, other: str) -> tuple[int, bool, int, str]:
        apart = edits(typed, other, 4) if is_greek(typed) == is_greek(other) else 4
        return apart, typed[:1] != other[:1], -self.frequency(other), other

    def _is_alive(self, term: str) -> bool:
        """Whether a term that some segment has is in a live document."""
        if self.roughly(term) > self._corpus.size - self._corpus.alive:
            return True  # in more documents than were withdrawn in all
        found = self._alive.get(term)
        if found is None:
            found = self._alive[term] = self.frequency(term) > 0
        return found


def _sounds(term: str) -> list[str]:
    sounds = [sound(term)] if is_greek(term) else [sound(term), *greeklish_sounds(term)]
    return list(dict.fromkeys(sounds))
