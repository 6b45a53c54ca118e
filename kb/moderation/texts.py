"""What differs between two texts, word by word, and between two lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Mark = Literal["same", "added", "removed"]

# Comparing takes time in proportion to the product of both lengths; beyond this many pairs of
# words, texts are compared by lines, and beyond as many pairs of lines as a whole.
MOST_PAIRS = 100_000
# Below this share of common words a text was written anew: single words that happen to stand in
# both would only make it hard to read.
REWRITTEN = 0.25

# A word keeps its combining accents. What stands between two words is a gap: signs and spaces.
WORD = re.compile(r"(\w[\w\u0300-\u036f]*)")
LINE = re.compile(r"([^\n]+)")
SIGN = re.compile(r"[^\w\u0300-\u036f]")


@dataclass(frozen=True)
class Piece:
    """A stretch of text, or one entry of a list, and whether it stands in both revisions."""

    mark: Mark
    text: str


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two texts as one: without what was added it is ``old``, without what was removed ``new``."""
    for token in (WORD, LINE):
        before, after = token.split(old), token.split(new)
        if len(before) * len(after) <= 4 * MOST_PAIRS:
            return tuple(_joined(_aligned(before, after)))
    return tuple(_joined(iter((Piece("removed", old), Piece("added", new)))))


def entries(old: Sequence[str], new: Sequence[str]) -> tuple[Piece, ...]:
    """Two lists as one, entry by entry; what only changed its place is removed and added."""
    pieces: list[Piece] = []
    for operation, a, a_end, b, b_end in _operations(old, new):
        if operation == "equal":
            pieces += [Piece("same", text) for text in old[a:a_end]]
        else:
            pieces += [Piece("removed", text) for text in old[a:a_end]]
            pieces += [Piece("added", text) for text in new[b:b_end]]
    return tuple(pieces)


def _operations(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Both texts given as gap, word, gap, word, …, gap. Only words hold them together."""
    operations = _operations(old[1::2], new[1::2])
    common = sum(a_end - a for operation, a, a_end, _, _ in operations if operation == "equal")
    if common < REWRITTEN * max(len(old[1::2]), len(new[1::2])):
        yield from _between("".join(old), "".join(new))
        return
    removed, added = old[0], new[0]
    for operation, a, a_end, b, b_end in operations:
        if operation != "equal":
            removed += "".join(old[2 * a + 1 : 2 * a_end + 1])
            added += "".join(new[2 * b + 1 : 2 * b_end + 1])
            continue
        for offset in range(a_end - a):
            yield from _between(removed, added)
            yield Piece("same", old[2 * (a + offset) + 1])
            removed, added = old[2 * (a + offset) + 2], new[2 * (b + offset) + 2]
    yield from _between(removed, added)


def _between(removed: str, added: str) -> Iterator[Piece]:
    """What stands between two common words; signs and spaces that both begin or end with stay."""
    if removed == added:  # as is a gap of accents that belong to no letter, which are no signs
        yield Piece("same", removed)
        return
    start = _common_signs(removed, added)
    removed, added = removed[len(start) :], added[len(start) :]
    end = _common_signs(removed[::-1], added[::-1])[::-1]
    cut = -len(end) or None
    yield Piece("same", start)
    yield Piece("removed", removed[:cut])
    yield Piece("added", added[:cut])
    yield Piece("same", end)


def _common_signs(one: str, other: str) -> str:
    """The signs and spaces that both texts begin with."""
    count = 0
    while one[count : count + 1] == other[count : count + 1] and SIGN.match(one, count):
        count += 1
    return one[:count]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of the same mark as one piece, without empty ones."""
    for mark, group in groupby((piece for piece in pieces if piece.text), lambda p: p.mark):
        yield Piece(mark, "".join(piece.text for piece in group))
