"""A segment's vocabulary: its terms, and tables from a key (such as a stem) to its terms."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from indexer import columns
from indexer.language import form, stem
from indexer.sound import sound

Keys = Mapping[str, list[int]]

SHORTEST_SOUND = 3  # letters; shorter words sound like too many others


def keys_of(words: Iterable[tuple[int, str]]) -> dict[str, Keys]:
    """The key tables of numbered terms: for each kind of key, key → numbers of its terms."""
    forms: defaultdict[str, list[int]] = defaultdict(list)
    stems: defaultdict[str, list[int]] = defaultdict(list)
    sounds: defaultdict[str, list[int]] = defaultdict(list)
    for number, term in words:
        forms[form(term)].append(number)
        stems[stem(term)].append(number)
        if len(term) >= SHORTEST_SOUND and not term[0].isdigit():
            sounds[sound(term)].append(number)
    return {"form": forms, "stem": stems, "sound": sounds}


def key_table(kind: str, keys: Keys) -> columns.Columns:
    """A table as columns: the keys sorted, and where each one's members begin."""
    ordered = sorted(keys)
    sizes = [len(keys[key]) for key in ordered]
    members = [number for key in ordered for number in keys[key]]
    return {
        f"{kind}:keys": columns.from_strings(ordered),
        f"{kind}:starts": np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        f"{kind}:members": np.array(members, np.int32),
        f"{kind}:letters": np.array([letters(key) for key in ordered], np.uint64),
        f"{kind}:lengths": np.array([len(key) for key in ordered], np.int16),
    }


def letters(key: str) -> int:
    """The letters of a word as bits; an edit changes at most two of them."""
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) * 11 % 64)
    return bits


class KeyTable:
    """The members of a key, found by bisection."""

    def __init__(self, kind: str, stored: columns.Columns) -> None:
        self._starts: NDArray[np.int32] = stored[f"{kind}:starts"]
        self._members: NDArray[np.int32] = stored[f"{kind}:members"]
        self._keys = columns.to_strings(stored[f"{kind}:keys"], len(self._starts) - 1)
        self._letters: NDArray[np.uint64] = stored[f"{kind}:letters"]
        self._lengths: NDArray[np.int16] = stored[f"{kind}:lengths"]

    def members(self, key: str) -> list[int]:
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return []
        found: list[int] = self._members[self._starts[at] : self._starts[at + 1]].tolist()
        return found

    def beginning(self, key: str, most: int) -> list[str]:
        begin = bisect_left(self._keys, key)
        end = bisect_left(self._keys, key + "\U0010ffff")
        return self._keys[begin : min(end, begin + most)]

    def near(self, key: str, distance: int) -> list[str]:
        """Keys within an edit distance."""
        different = np.bitwise_count(self._letters ^ np.uint64(letters(key))) <= 2 * distance
        different &= np.abs(self._lengths - len(key)) <= distance
        candidates = (self._keys[n] for n in np.flatnonzero(different))
        return [other for other in candidates if edits(key, other, distance) <= distance]


def edits(first: str, second: str, most: int) -> int:
    """Letters added, left out, changed or swapped between two words; above `most`, most + 1.

    The restricted Damerau-Levenshtein distance.
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        before, above, row = row, before, [i]
        for j, b in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


class Lexicon:
    """The terms of one segment, sorted, with their keys."""

    def __init__(self, stored: columns.Columns) -> None:
        self._frequencies: NDArray[np.int32] = stored["terms:frequencies"]
        self._occurrences: NDArray[np.int64] = stored["terms:occurrences"]
        self.terms = columns.to_strings(stored["terms"], len(self._frequencies))
        self._forms = KeyTable("form", stored)
        self._stems = KeyTable("stem", stored)
        self._sounds = KeyTable("sound", stored)

    def number(self, term: str) -> int | None:
        """The term's place among all of them; None for an unknown one."""
        at = bisect_left(self.terms, term)
        return at if at < len(self.terms) and self.terms[at] == term else None

    def __contains__(self, term: str) -> bool:
        return self.number(term) is not None

    def frequency(self, term: str) -> int:
        """In how many documents of the segment a term is, deleted ones among them."""
        number = self.number(term)
        return 0 if number is None else int(self._frequencies[number])

    def occurrences(self, term: str) -> int:
        """How often a term stands in documents of the segment, deleted ones among them."""
        number = self.number(term)
        return 0 if number is None else int(self._occurrences[number])

    def with_form(self, key: str) -> list[str]:
        return [self.terms[n] for n in self._forms.members(key)]

    def with_stem(self, key: str) -> list[str]:
        return [self.terms[n] for n in self._stems.members(key)]

    def with_sound(self, key: str) -> list[str]:
        return [self.terms[n] for n in self._sounds.members(key)]

    def with_sound_prefix(self, key: str, most: int) -> list[str]:
        found = (self.with_sound(sound) for sound in self._sounds.beginning(key, most))
        return [term for terms in found for term in terms]

    def near_sound(self, key: str, distance: int) -> list[str]:
        """Terms that sound so but for that many letters."""
        return [t for found in self._sounds.near(key, distance) for t in self.with_sound(found)]

    def frequent_with_prefix(self, prefix: str, most: int) -> list[str]:
        """The terms in most documents of those that begin so."""
        begin = bisect_left(self.terms, prefix)
        end = bisect_left(self.terms, prefix + "\U0010ffff", begin)
        order = np.argsort(-self._frequencies[begin:end], kind="stable")[:most]
        return [self.terms[begin + number] for number in order.tolist()]

    def with_prefix(self, prefix: str) -> list[str]:
        """Terms that begin so, in order."""
        begin = bisect_left(self.terms, prefix)
        end = bisect_left(self.terms, prefix + "\U0010ffff")
        return self.terms[begin:end]
