"""Names that the caller keeps (areas, municipalities), found by how they begin or sound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from indexer.language import fold, is_greek, tokens
from indexer.sound import greek_sound, greeklish_sounds

MOST_TYPED = 100  # characters
_BEGINS, _HAS, _SOUNDS = range(3)


class Names:
    """The names of each of some codes, prepared so that one is found in no time.

    The folding and the ear for Greeklish are those of all search.
    """

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        self._codes = list(names)
        self._owners: list[int] = []  # of each name the number of its code
        self._folded: list[tuple[str, str]] = []
        words: list[tuple[str, int]] = []
        sounds: list[tuple[str, int]] = []
        for owner, its in enumerate(names.values()):
            for name in its:
                number = len(self._owners)
                terms = [token.term for token in tokens(name)]
                self._owners.append(owner)
                self._folded.append((fold(name), " ".join(terms)))
                words += [(term, number) for term in terms]
                sounds += [(greek_sound(term), number) for term in terms if is_greek(term)]
        self._words, self._sounds = _Beginnings(words), _Beginnings(sounds)

    def matching(self, typed: str) -> list[str]:
        """Codes of which a name has the words typed, each maybe unfinished, or sounds so.

        Those that begin as typed come first, then those with a word that does, then the others.
        """
        words = [token.term for token in tokens(typed[:MOST_TYPED])]
        if not words:
            return []
        ranks: dict[int, int] = {}
        for number in _every(self._sounds.any_of(_sounds_of(word)) for word in words):
            ranks[self._owners[number]] = _SOUNDS
        beginning = " ".join(words)
        for number in _every(self._words.any_of([word]) for word in words):
            begins = any(text.startswith(beginning) for text in self._folded[number])
            owner = self._owners[number]
            ranks[owner] = min(ranks.get(owner, _SOUNDS), _BEGINS if begins else _HAS)
        return [self._codes[owner] for owner in sorted(ranks, key=lambda o: (ranks[o], o))]


class _Beginnings:
    """Keys with numbers, found by how a key begins."""

    def __init__(self, entries: Iterable[tuple[str, int]]) -> None:
        self._entries = sorted(entries)

    def any_of(self, prefixes: Iterable[str]) -> set[int]:
        """The numbers whose key begins in one of these ways."""
        found: set[int] = set()
        for prefix in prefixes:
            begin = bisect_left(self._entries, (prefix, -1))
            end = bisect_left(self._entries, (prefix + "\U0010ffff", -1), begin)
            found.update(number for _, number in self._entries[begin:end])
        return found


def _every(sets: Iterable[set[int]]) -> set[int]:
    return reduce(set.intersection, sets)


def _sounds_of(word: str) -> tuple[str, ...]:
    return (greek_sound(word),) if is_greek(word) else greeklish_sounds(word)
