"""Rows of the store's view into the segments of a Whoosh index, and back out as columns."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.fields import STORED, Schema
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from indexer import columns
from indexer.language import Token, stop_words, tokens
from indexer.lexicon import key_table, keys_of
from indexer.postings import LAST_POSITION, PARTS, PLACE_SHIFT, PlacesField

SHOWN = tuple(part for part in PARTS if not part.startswith("keywords"))
ROW = ("id", "version", "kind", "slug", "language", *PARTS, "facets", "sort")

ACRONYM = "^"  # prefix of the extra term of a word written as an acronym
INITIALS = "~"  # prefix of the extra term of a name's initials: Ελληνικό Ανοικτό Πανεπιστήμιο
INITIALS_SHORTEST, INITIALS_LONGEST = 2, 6
HYPHENS = frozenset("-\u2010\u2011")
LINE_GAP = 8  # positions between two lines of keywords, so that no phrase spans them
SMALL_SEGMENTS = 8  # more than this many small segments are merged into one
SMALL = 1000  # documents

# Postings are compressed once, at zlib's fastest level: a third of the building time less than
# Whoosh's own choice for files a tenth larger.
_COMPRESSION = 1

Progress = Callable[[int], None]
Document = dict[str, Any]


def schema() -> Schema:
    return Schema(text=PlacesField(), document=STORED())


def invert(row: Sequence[Any]) -> tuple[dict[str, array[int]], Document]:
    """A row of the view as postings (term → places) and as the document to store.

    The stored document holds what showing a hit needs: the texts, and for each word of a text
    one number, start << 8 | length, so that highlighting never analyses a text again.
    """
    values = dict(zip(ROW, row, strict=True))
    places: dict[str, array[int]] = {}
    spans: dict[str, bytes] = {}
    lengths = []
    for number, part in enumerate(PARTS):
        text = values[part] or ""
        words = (
            _keyword_tokens(text) if part.startswith("keywords") else list(enumerate(tokens(text)))
        )
        _place(words, text, number << PLACE_SHIFT, places)
        _place_initials(words, text, number << PLACE_SHIFT, places)
        lengths.append(len(words))
        if part in SHOWN:
            packed = (t.start << 8 | min(t.end - t.start, 255) for _, t in words)
            spans[part] = array("I", packed).tobytes()
    document = {
        "id": int(values["id"]),
        "version": int(values["version"] or 0),
        "slug": str(values["slug"] or ""),
        "language": values["language"] or "el",
        "facets": json.loads(values["facets"] or "{}"),
        "sort": json.loads(values["sort"] or "{}"),
        "texts": {part: values[part] for part in SHOWN if values[part]},
        "spans": {part: span for part, span in spans.items() if span},
        "lengths": lengths,
    }
    return places, document


def _keyword_tokens(text: str) -> list[tuple[int, Token]]:
    words: list[tuple[int, Token]] = []
    position = 0
    for line in text.split("\n"):
        for token in tokens(line):
            words.append((position, token))
            position += 1
        position += LINE_GAP
    return words


def _place(
    words: list[tuple[int, Token]], text: str, part: int, places: dict[str, array[int]]
) -> None:
    compound: list[str] = []
    compound_at = 0
    for number, (position, token) in enumerate(words):
        if position > LAST_POSITION:
            break
        _add(places, token.term, part | position)
        if token.acronym:
            _add(places, ACRONYM + token.term, part | position)
        if not compound:
            compound_at = position
        compound.append(token.term)
        following = words[number + 1][1] if number + 1 < len(words) else None
        joined = following and text[token.end : following.start] in HYPHENS
        if not joined or len(compound) == 4:
            if len(compound) > 1:
                _add(places, "".join(compound), part | compound_at)
            compound = []


def _place_initials(
    words: list[tuple[int, Token]], text: str, part: int, places: dict[str, array[int]]
) -> None:
    """Terms of the initials of names, which are words with a capital one after the other.

    Small words between them (του, of) neither count nor end the name.
    """
    name: list[tuple[int, str]] = []
    end = 0
    for position, token in words:
        if token.term in stop_words() and name and not text[token.start].isupper():
            continue
        between = text[end : token.start]
        end = token.end
        if any(mark in between for mark in ".\n,;:()«»") or not text[token.start].isupper():
            name = []
        if not text[token.start].isupper():
            continue
        name.append((position, token.term[0]))
        for size in range(INITIALS_SHORTEST + 1, min(len(name), INITIALS_LONGEST) + 1):
            initials = "".join(letter for _, letter in name[-size:])
            _add(places, INITIALS + initials, part | name[-size][0])


def _add(places: dict[str, array[int]], term: str, place: int) -> None:
    found = places.get(term)
    if found is None:
        places[term] = array("I", (place,))
    else:
        found.append(place)


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
    return SegmentWriter(index, limitmb=256, codec=W3Codec(compression=_COMPRESSION))


def _write(writer: SegmentWriter, row: Sequence[Any]) -> None:
    places, document = invert(row)
    writer.add_document(text=places, document=document)


def _merge(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Which segments stay: empty ones go, many small ones become one.

    A large segment stays until half of its documents are gone; so one change never costs more
    than the small segments do.
    """
    kept: list[Any] = []
    small: list[Any] = []
    for segment in segments:
        live = segment.doc_count_all() - segment.deleted_count()
        if not live:
            continue
        worn = segment.deleted_count() > live
        (small if segment.doc_count_all() <= SMALL or worn else kept).append(segment)
    if len(small) <= SMALL_SEGMENTS:
        return kept + small
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return kept


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
    terms = [term.decode() for term in reader.lexicon("text")]
    result: columns.Columns = {
        "ids": np.array([d["id"] for d in documents], np.int64),
        "versions": np.array([d["version"] for d in documents], np.int64),
        "lengths": np.array([d["lengths"] for d in documents], np.int32),
        "slugs": columns.from_strings(d["slug"] for d in documents),
        "terms": columns.from_strings(terms),
        "terms:count": np.array([len(terms)], np.int64),
    }
    known = set(terms)
    acronyms = {
        term
        for term in terms
        if ACRONYM + term in known
        and 2 * reader.doc_frequency("text", ACRONYM + term) > reader.doc_frequency("text", term)
    }
    result["acronyms"] = columns.from_strings(sorted(acronyms))
    result["acronyms:count"] = np.array([len(acronyms)], np.int64)
    words = [
        (n, t) for n, t in enumerate(terms) if t[0] not in (ACRONYM, INITIALS) and t not in acronyms
    ]
    for kind, keys in keys_of(words).items():
        result.update(key_table(kind, keys))
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
    for own, other in (("title_el", "title_en"), ("title_en", "title_el")):
        titles = (d["texts"].get(own) or d["texts"].get(other, "") for d in documents)
        words = (" ".join(token.term for token in tokens(title)) for title in titles)
        result[f"sort:{own}"] = columns.from_strings(words)
    for key in sorted({name for d in documents for name in d["sort"]} - {"title_el", "title_en"}):
        values = (str(d["sort"].get(key) or "") for d in documents)
        result[f"sort:{key}"] = columns.from_strings(values)
    return result


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
