"""Rows of the store's view into the segments of a Whoosh index, and back out as columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, Schema
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from indexer import columns
from indexer.document import EXTRA, Document, invert
from indexer.language import tokens
from indexer.lexicon import key_table, keys_of
from indexer.postings import PlacesField
from indexer.surface import written_column
from indexer.titles import title_table

MOST_OF_A_SIZE = 8

# Postings are compressed once, at zlib's fastest level: a third of the building time less than
# Whoosh's own choice for files a tenth larger.
_COMPRESSION = 1

Progress = Callable[[int], None]


def schema() -> Schema:
    return Schema(text=PlacesField(), document=STORED())


def create(folder: Path, rows: Iterable[Sequence[Any]], progress: Progress | None = None) -> int:
    """Write a new index of all rows into an empty folder; the number of documents."""
    index = whoosh_index.create_in(str(folder), schema())
    writer = _writer(index)
    count = 0
    for row in rows:
        _write(writer, row)
        count += 1
        if progress and count % 100 == 0:
            progress(count)
    writer.commit(merge=False)
    _complete(folder)
    return count


def change(folder: Path, gone: Iterable[int], rows: Iterable[Sequence[Any]]) -> None:
    """Take documents out of the index in `folder` by their ids, and add rows to it."""
    index = whoosh_index.open_dir(str(folder))
    writer = _writer(index)
    leaving = set(gone)
    base = 0
    for segment in writer.segments:
        ids = columns.read(columns_path(folder, segment.segment_id()))["ids"]
        for doc in np.flatnonzero(np.isin(ids, list(leaving))):
            if not segment.is_deleted(int(doc)):
                writer.delete_document(base + int(doc))
        base += segment.doc_count_all()
    for row in rows:
        _write(writer, row)
    writer.commit(mergetype=_merge)
    _complete(folder)


def _writer(index: Any) -> SegmentWriter:
    codec = W3Codec(compression=_COMPRESSION)
    codec.length_stats = False  # it would ask for the length of each posting's document
    return SegmentWriter(index, limitmb=256, codec=codec)


def _write(writer: SegmentWriter, row: Sequence[Any]) -> None:
    places, document = invert(row)
    writer.add_document(text=places, document=document)


def _merge(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Which segments stay; the others are written anew, as one.

    Segments of one size (units, tens, hundreds of documents …) are merged once there are too
    many of them, so a change hardly ever costs more than a few documents. A segment of which
    more than half is deleted is written anew, an empty one goes.
    """
    sizes: defaultdict[int, list[Any]] = defaultdict(list)
    merged: list[Any] = []
    for segment in segments:
        live = segment.doc_count_all() - segment.deleted_count()
        if segment.deleted_count() > live:
            merged += [segment] if live else []
        else:
            sizes[len(str(live))].append(segment)
    merged += [s for size in sizes.values() if len(size) > MOST_OF_A_SIZE for s in size]
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [s for size in sizes.values() for s in size if s not in merged]


def columns_path(folder: Path, segment_id: str) -> Path:
    return folder / f"{segment_id}.columns"


def _complete(folder: Path) -> None:
    """Write the columns of each segment that has none yet."""
    index = whoosh_index.open_dir(str(folder))
    for segment in index._segments():
        path = columns_path(folder, segment.segment_id())
        if not path.exists():
            segment._deleted = None
            reader = SegmentReader(index.storage, index.schema, segment)
            columns.write(path, _columns(reader))
            reader.close()


def _columns(reader: SegmentReader) -> columns.Columns:
    documents = [reader.stored_fields(n)["document"] for n in range(reader.doc_count_all())]
    terms, frequencies, occurrences, offsets, sizes = [], [], [], [], []
    for (_, term), info in reader.iter_from("text", ""):
        terms.append(term.decode())
        frequencies.append(info.doc_frequency())
        occurrences.append(info.weight())
        offset, (size,) = info.extent()
        offsets.append(offset)
        sizes.append(size)
    # The postings are a part of the segment's one file.
    base, _ = reader.storage().a.range(f"{reader.segment().segment_id()}{W3Codec.POSTS_EXT}")
    result: columns.Columns = {
        "ids": np.array([d["id"] for d in documents], np.int64),
        "versions": np.array([d["version"] for d in documents], np.int64),
        "lengths": np.array([d["lengths"] for d in documents], np.int32),
        "slugs": columns.from_strings(d["slug"] for d in documents),
        "terms": columns.from_strings(terms),
        "terms:frequencies": np.array(frequencies, np.int32),
        "terms:occurrences": np.array(occurrences, np.int64),
        "terms:offsets": np.array(offsets, np.int64) + base,
        "terms:sizes": np.array(sizes, np.int64),
    }
    numbers = {term: number for number, term in enumerate(terms)}
    words = [(n, term) for term, n in numbers.items() if term[0] not in EXTRA]
    for kind, keys in keys_of(words).items():
        result.update(key_table(kind, keys))
    result.update(written_column(documents, terms))
    for own, other in (("el", "en"), ("en", "el")):
        titles = (_title(document, own, other) for document in documents)
        result.update(title_table(own, titles, numbers))
    result.update(_facet_columns(documents))
    result.update(_sort_columns(documents))
    return result


def _facet_columns(documents: list[Document]) -> columns.Columns:
    """Per facet: its codes, and a document and a code number for each value of a document."""
    result: columns.Columns = {}
    for facet in sorted({name for d in documents for name in d["facets"]}):
        pairs = [(n, str(c)) for n, d in enumerate(documents) for c in d["facets"].get(facet, ())]
        codes = sorted({code for _, code in pairs})
        number = {code: n for n, code in enumerate(codes)}
        result[f"facet:{facet}:docs"] = np.array([n for n, _ in pairs], np.int32)
        result[f"facet:{facet}:values"] = np.array([number[c] for _, c in pairs], np.int32)
        result[f"facet:{facet}:codes"] = columns.from_strings(codes)
        result[f"facet:{facet}:count"] = np.array([len(codes)], np.int64)
    return result


def _sort_columns(documents: list[Document]) -> columns.Columns:
    """Per sort key its values; titles sort by their words, without case, accents and quotes."""
    result: columns.Columns = {}
    for own, other in (("el", "en"), ("en", "el")):
        titles = (_title(document, own, other) for document in documents)
        words = (" ".join(token.term for token in tokens(title)) for title in titles)
        result[f"sort:title_{own}"] = columns.from_strings(words)
    for key in sorted({name for d in documents for name in d["sort"]} - {"title_el", "title_en"}):
        values = (str(d["sort"].get(key) or "") for d in documents)
        result[f"sort:{key}"] = columns.from_strings(values)
    result["merits"] = np.array([_merit(d["sort"]) for d in documents], np.int64)
    return result


def _merit(sort: Mapping[str, Any]) -> int:
    """One number by which the more complete document stands first, then the newer one."""
    moment = "".join(filter(str.isdecimal, str(sort.get("published") or "")))
    return int(sort.get("completeness") or 0) * 10**14 + int(moment[:14].ljust(14, "0"))


def _title(document: Document, own: str, other: str) -> str:
    """A document's title in one language, else in the other."""
    texts: dict[str, str] = document["texts"]
    return texts.get(f"title_{own}") or texts.get(f"title_{other}", "")


def count(folder: Path) -> int:
    """The number of documents in an index."""
    return int(whoosh_index.open_dir(str(folder)).doc_count())


def versions(folder: Path) -> dict[int, int]:
    """The version of each document in an index, by its id."""
    found: dict[int, int] = {}
    for segment in whoosh_index.open_dir(str(folder))._segments():
        stored = columns.read(columns_path(folder, segment.segment_id()))
        for doc, (key, version) in enumerate(zip(stored["ids"], stored["versions"], strict=True)):
            if not segment.is_deleted(doc):
                found[int(key)] = int(version)
    return found
