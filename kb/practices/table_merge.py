"""The rows of a table, as two people changed them at once, put into one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypeVar

Row = TypeVar("Row")


def merge_rows(
    mine: Sequence[tuple[str, Row]], theirs: Sequence[tuple[str, Row]], opened: Sequence[str]
) -> list[Row] | None:
    """Both sides' rows, each with its mark; ``opened`` are the marks of the rows that both had.

    A row is either as it was or it is not: what one side took out or wrote anew goes, unless
    both did that with the same row and wrote different things, or a row stands there twice. Then
    rows cannot be told apart, and the answer is None.
    """
    sides = [[mark for mark, _row in rows] for rows in (mine, theirs)]
    if any(len(set(marks)) < len(marks) for marks in (opened, *sides)):
        return None
    kept = _kept(opened, mine), _kept(opened, theirs)
    anchors = [index for index in range(len(opened)) if all(index in side for side in kept)]
    merged: list[Row] = []
    for before, after in pairwise((-1, *anchors, len(opened))):
        start = [side.get(before, -1) + 1 for side in kept]
        end = [side.get(after, len(rows)) for side, rows in zip(kept, (mine, theirs), strict=True)]
        mine_between = _written(mine, kept[0], start[0], end[0])
        theirs_between = _written(theirs, kept[1], start[1], end[1])
        gone = any(
            index not in kept[0] and index not in kept[1] for index in range(before + 1, after)
        )
        written = _together(mine_between, theirs_between, gone)
        if written is None:
            return None
        merged += written
        if after < len(opened):
            merged.append(theirs[kept[1][after]][1])
    return merged


def _kept(opened: Sequence[str], rows: Sequence[tuple[str, Row]]) -> dict[int, int]:
    """Where each row that one side left as it was stands now, by where it stood."""
    matcher = SequenceMatcher(None, opened, [mark for mark, _row in rows], autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _written(
    rows: Sequence[tuple[str, Row]], kept: dict[int, int], start: int, end: int
) -> list[tuple[int, str, Row]]:
    """What one side wrote between two rows that both kept: behind which opened one, mark, row."""
    places = {now: was for was, now in kept.items()}
    behind, found = -1, []
    for index in range(start, end):
        if index in places:
            behind = places[index]
        else:
            found.append((behind, *rows[index]))
    return found


def _together(
    mine: list[tuple[int, str, Row]], theirs: list[tuple[int, str, Row]], gone: bool
) -> list[Row] | None:
    """Both sides' new rows in the order of what they stand behind; the same one is taken once.

    ``gone``: both sides took out or wrote anew some row that stood here.
    """
    mine_alone = list(_without(mine, theirs))
    if gone and mine_alone and list(_without(theirs, mine)):
        return None
    both = sorted([*theirs, *mine_alone], key=lambda written: written[0])
    return [row for _behind, _mark, row in both]


def _without(
    rows: list[tuple[int, str, Row]], others: list[tuple[int, str, Row]]
) -> Iterator[tuple[int, str, Row]]:
    left = Counter(mark for _behind, mark, _row in others)
    for written in rows:
        if left[written[1]]:
            left[written[1]] -= 1
        else:
            yield written
