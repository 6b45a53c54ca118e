"""Facets as bit maps: one bit per document for each value, so that filtering and counting are
`and`, `or` and counting bits."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.segment import Segment

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]


def pack(mask: Mask) -> Bits:
    """A mask along the last axis as whole 64-bit words, padded with zeros."""
    packed = np.packbits(mask, axis=-1)
    pad = -packed.shape[-1] % 8
    packed = np.pad(packed, [(0, 0)] * (packed.ndim - 1) + [(0, pad)])
    return np.ascontiguousarray(packed).view(np.uint64)


class FacetTable:
    """Every value of every facet in one generation.

    `live` says which documents count at all; its length is the number of documents, deleted ones
    included, of all segments one after another.
    """

    def __init__(self, segments: Sequence[Segment], live: Mask) -> None:
        self._size = len(live)
        self._live = pack(live)
        names = sorted({name for segment in segments for name in segment.facet_names})
        self._rows: dict[str, dict[str, int]] = {}
        maps = []
        for name in names:
            codes = sorted({code for segment in segments for code in segment.codes(name)})
            first = sum(len(rows) for rows in self._rows.values())
            self._rows[name] = {code: first + n for n, code in enumerate(codes)}
            maps.append(pack(_value_masks(segments, name, codes, self._size)))
        empty = np.zeros((0, len(self._live)), np.uint64)
        self._bits: Bits = np.concatenate(maps) if maps else empty

    @property
    def names(self) -> list[str]:
        return list(self._rows)

    @property
    def codes(self) -> Mapping[str, Container[str]]:
        """The codes in use of each facet."""
        return self._rows

    def chosen(self, filters: Mapping[str, Sequence[str]]) -> dict[str, Bits]:
        """For each facet with a choice, the documents that have one of the chosen codes.

        An unknown facet narrows nothing; an unknown code is had by no document.
        """
        found: dict[str, Bits] = {}
        for facet, codes in filters.items():
            rows = self._rows.get(facet)
            if codes and rows is not None:
                numbers = [rows[code] for code in codes if code in rows]
                found[facet] = np.bitwise_or.reduce(
                    self._bits[numbers], axis=0, initial=np.uint64(0)
                )
        return found

    def narrow(self, matched: Bits, chosen: Mapping[str, Bits], but: str | None = None) -> Bits:
        """Live documents among `matched` that meet every choice, leaving out facet `but`."""
        narrowed = matched & self._live
        for facet, bits in chosen.items():
            if facet != but:
                narrowed &= bits
        return narrowed

    def counts(
        self, matched: Bits, chosen: Mapping[str, Bits], facets: Iterable[str]
    ) -> dict[str, dict[str, int]]:
        """Documents per code, codes without any left out.

        The counts of a facet leave its own choice aside (drill sideways): they tell what would
        be found if another of its codes were chosen as well.
        """
        wanted = list(facets)
        everything = self._counted(self.narrow(matched, chosen), 0, len(self._bits))
        found: dict[str, dict[str, int]] = {}
        for facet in wanted:
            rows = self._rows.get(facet, {})
            first = next(iter(rows.values()), 0)
            counted = everything[first : first + len(rows)]
            if facet in chosen:
                aside = self.narrow(matched, chosen, but=facet)
                counted = self._counted(aside, first, first + len(rows))
            found[facet] = {
                code: number for code, number in zip(rows, counted.tolist(), strict=True) if number
            }
        return found

    def _counted(self, matched: Bits, first: int, last: int) -> NDArray[np.int64]:
        common = np.bitwise_count(self._bits[first:last] & matched)
        counted: NDArray[np.int64] = common.sum(axis=1, dtype=np.int64)
        return counted

    def unpack(self, bits: Bits) -> Mask:
        return np.unpackbits(bits.view(np.uint8), count=self._size).view(np.bool_)


def _value_masks(segments: Sequence[Segment], facet: str, codes: list[str], size: int) -> Mask:
    masks = np.zeros((len(codes), size), np.bool_)
    number = {code: n for n, code in enumerate(codes)}
    base = 0
    for segment in segments:
        if facet in segment.facet_names:
            docs, values = segment.facet_values(facet)
            rows = np.array([number[code] for code in segment.codes(facet)], np.int64)
            masks[rows[values], docs + base] = True
        base += segment.size
    return masks
