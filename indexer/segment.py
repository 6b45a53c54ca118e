"""One immutable segment of the index as the searcher sees it: arrays, vocabulary, documents."""

from __future__ import annotations

import os
import threading
import weakref
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Segment
from whoosh.reading import SegmentReader

from indexer import columns
from indexer.build import columns_path
from indexer.cache import Cache
from indexer.document import Document
from indexer.language import LANGUAGES
from indexer.lexicon import Lexicon
from indexer.postings import EMPTY, Ints, Postings, decode
from indexer.surface import Written
from indexer.titles import Titles

# Decoded postings by segment and term, kept from one generation to the next: a segment never
# changes, so what was decoded of it stays true.
PostingsCache = Cache[tuple[str, str], Postings]


class Segment:
    """A segment without regard to which of its documents are deleted: that is a generation's
    matter, so a segment serves every generation that has it."""

    def __init__(self, folder: Path, index: Any, segment: Any, cache: PostingsCache) -> None:
        self.id: str = segment.segment_id()
        self._cache = cache
        # Whoosh would hide deleted documents by itself, one posting at a time.
        segment._deleted = None
        self._reader = SegmentReader(index.storage, index.schema, segment)
        self._reading = threading.Lock()  # Whoosh's files have one read position
        self._file = os.open(folder / f"{self.id}{W3Segment.COMPOUND_EXT}", os.O_RDONLY)
        # Nobody knows when the last search of the last generation that has it is over.
        weakref.finalize(self, _close, self._reader, self._file)
        self._columns = columns.read(columns_path(folder, self.id))
        self.lexicon = Lexicon(self._columns)
        self.written = Written(self._columns, self.lexicon.terms)
        self.titles = {
            language: Titles(language, self._columns, self.lexicon.terms) for language in LANGUAGES
        }
        self.ids: NDArray[np.int64] = self._columns["ids"]
        self.lengths: Ints = self._columns["lengths"]
        self.merits: NDArray[np.int64] = self._columns["merits"]
        self.size = len(self.ids)
        self.facet_names = [
            name.split(":")[1] for name in self._columns if name.endswith(":values")
        ]

    def postings(self, term: str) -> Postings:
        """All occurrences of a term; empty for an unknown one."""
        key = (self.id, term)
        found = self._cache.get(key)
        if found is None:
            number = self.lexicon.number(term)
            if number is None:
                return EMPTY
            found = decode(self._stored_postings(number))
            self._cache.put(key, found)
        return found

    def _stored_postings(self, number: int) -> bytes:
        """The postings of a term as they are stored, read at once and without a lock."""
        size = int(self._columns["terms:sizes"][number])
        stored = os.pread(self._file, size, int(self._columns["terms:offsets"][number]))
        if len(stored) != size:
            raise ValueError(f"segment {self.id} is cut short")
        return stored

    def document(self, number: int) -> Document:
        with self._reading:
            stored: Document = self._reader.stored_fields(number)["document"]
        return stored

    @cached_property
    def _strings(self) -> dict[str, list[str]]:
        return {}

    def codes(self, facet: str) -> list[str]:
        """The codes of a facet; a number in `facet_values` is an index into them."""
        name = f"facet:{facet}:codes"
        found = self._strings.get(name)
        if found is None:
            stored = self._columns.get(name)
            count = 0 if stored is None else int(self._columns[f"facet:{facet}:count"][0])
            found = [] if stored is None else columns.to_strings(stored, count)
            self._strings[name] = found
        return found

    def facet_values(self, facet: str) -> tuple[Ints, Ints]:
        """Documents and code numbers, one pair for each value of a document."""
        return self._columns[f"facet:{facet}:docs"], self._columns[f"facet:{facet}:values"]

    def sort_values(self, key: str) -> list[str]:
        """Each document's value of a sort key, empty where it has none."""
        stored = self._columns.get(f"sort:{key}")
        return [""] * self.size if stored is None else columns.to_strings(stored, self.size)


def _close(reader: SegmentReader, file: int) -> None:
    """Close a reader with its file, which Whoosh's own close leaves open."""
    os.close(file)
    compound = getattr(reader.storage(), "a", None)
    reader.close()
    if compound is not None and not compound.is_closed:
        compound.close()
