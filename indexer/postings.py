"""Where each term stands in each document: how that is written into Whoosh and read as arrays."""

from __future__ import annotations

import pickle
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC
from whoosh.fields import FieldType
from whoosh.formats import Format

# The parts of a document. A place is one number: the part in the upper four bits, the position
# of the word within it in the rest; the part's last bit is its language.
PARTS = (
    "title_el",
    "title_en",
    "summary_el",
    "summary_en",
    "keywords_el",
    "keywords_en",
    "body_el",
    "body_en",
)
PART_BITS = 3
PLACE_SHIFT = 28
LAST_POSITION = (1 << PLACE_SHIFT) - 1

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


class PlacesFormat(Format):  # type: ignore[misc]
    """A posting's value is its places, as little unsigned 32-bit numbers one after another."""

    posting_size = -1


class PlacesField(FieldType):  # type: ignore[misc]
    """A Whoosh field that is given its terms and places ready-made, not a text."""

    def __init__(self) -> None:
        super().__init__(format=PlacesFormat(), analyzer=None)

    def index(
        self, value: Mapping[str, array[int]], **_options: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, places in value.items():
            yield term.encode(), len(places), float(len(places)), places.tobytes()


@dataclass(frozen=True, slots=True)
class Postings:
    """All occurrences of one term in one segment.

    `docs` and `places` have one entry per occurrence, in order. `cells` and `counts` have one
    entry per document and part: cell = document * 8 + part, and how often the term stands there.
    """

    docs: Ints
    places: NDArray[np.uint32]
    cells: Ints
    counts: Floats

    @property
    def nbytes(self) -> int:
        return 200 + sum(a.nbytes for a in (self.docs, self.places, self.cells, self.counts))


def gathered(docs: Ints, places: NDArray[np.uint32]) -> Postings:
    """Postings made of occurrences that are sorted by document and place."""
    cells = (docs << PART_BITS) | (places >> PLACE_SHIFT).astype(np.int32)
    if not len(cells):
        return Postings(docs, places, cells, np.zeros(0, np.float32))
    starts = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
    counts = np.diff(np.append(starts, len(cells))).astype(np.float32)
    return Postings(docs, places, cells[starts], counts)


EMPTY = gathered(np.zeros(0, np.int32), np.zeros(0, np.uint32))


def decode(stored: bytes) -> Postings:
    """Read all of a term's postings as Whoosh's third codec stores them (pinned at 2.7.4).

    After a tag come blocks of 128 documents, each with its size, which is negative in the last
    one, a pickled tuple about it, and the pickled data. Whoosh's own reader gives one posting a
    call, and looks for a term in a dozen small reads; this is about ten times faster.
    """
    ids: list[NDArray[np.int64]] = []
    values: list[bytes] = []
    file = BytesIO(stored)
    file.seek(len(WHOOSH3_HEADER_MAGIC))
    size = 0
    while size >= 0:
        size = int.from_bytes(file.read(4), "big", signed=True)
        end = file.tell() + abs(size)
        _count, _last, _weight, compression, *_lengths = pickle.load(file)  # noqa: S301
        data = file.read(end - file.tell())
        deltas, _weights, block = pickle.loads(zlib.decompress(data) if compression else data)  # noqa: S301
        ids.append(np.cumsum(deltas, dtype=np.int64))
        values.extend(block)
    sizes = np.fromiter(map(len, values), np.int64, len(values)) >> 2
    docs = np.repeat(np.concatenate(ids), sizes).astype(np.int32)
    return gathered(docs, np.frombuffer(b"".join(values), "<u4"))
