"""A segment's vocabulary: its terms, and tables from a key (such as a stem) to its terms."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from indexer import columns
from indexer.language import stem

Keys = Mapping[str, list[int]]


def keys_of(words: Iterable[tuple[int, str]]) -> dict[str, Keys]:
    """The key tables of numbered terms: for each kind of key, key → numbers of its terms."""
    stems: defaultdict[str, list[int]] = defaultdict(list)
    for number, term in words:
        stems[stem(term)].append(number)
    return {"stem": stems}


def key_table(kind: str, keys: Keys) -> columns.Columns:
    """A table as columns: the keys sorted, and where each one's members begin."""
    ordered = sorted(keys)
    sizes = [len(keys[key]) for key in ordered]
    members = [number for key in ordered for number in keys[key]]
    return {
        f"{kind}:keys": columns.from_strings(ordered),
        f"{kind}:starts": np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        f"{kind}:members": np.array(members, np.int32),
    }


class KeyTable:
    """The members of a key, found by bisection."""

    def __init__(self, kind: str, stored: columns.Columns) -> None:
        self._starts: NDArray[np.int32] = stored[f"{kind}:starts"]
        self._members: NDArray[np.int32] = stored[f"{kind}:members"]
        self._keys = columns.to_strings(stored[f"{kind}:keys"], len(self._starts) - 1)

    def members(self, key: str) -> list[int]:
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return []
        found: list[int] = self._members[self._starts[at] : self._starts[at + 1]].tolist()
        return found


class Lexicon:
    """The terms of one segment, sorted, with their keys."""

    def __init__(self, stored: columns.Columns) -> None:
        self.terms = columns.to_strings(stored["terms"], int(stored["terms:count"][0]))
        self.acronyms = frozenset(
            columns.to_strings(stored["acronyms"], int(stored["acronyms:count"][0]))
        )
        self._stems = KeyTable("stem", stored)

    def __contains__(self, term: str) -> bool:
        at = bisect_left(self.terms, term)
        return at < len(self.terms) and self.terms[at] == term

    def with_stem(self, key: str) -> list[str]:
        return [self.terms[n] for n in self._stems.members(key)]

    def with_prefix(self, prefix: str, limit: int) -> list[str]:
        """Terms that begin so, in order; shorter ones come first among many."""
        begin = bisect_left(self.terms, prefix)
        end = bisect_left(self.terms, prefix + "\U0010ffff")
        found = self.terms[begin:end]
        return found if len(found) <= limit else sorted(found, key=len)[:limit]
