"""A term of the index as people write it: with its accents, out of a text that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.document import SHOWN
from indexer.highlight import word_at
from indexer.postings import LAST_POSITION, PARTS, PLACE_SHIFT

if TYPE_CHECKING:
    from indexer.searcher import Searcher

MOST_LOOKED_AT = 4


def surface(searcher: Searcher, term: str) -> str:
    """The term as a document writes it, rather in small letters; itself where none shows it."""
    group = searcher.corpus.group((term,))
    found = term
    looked = 0
    for doc, place in zip(group.docs.tolist(), group.places.tolist(), strict=True):
        part = PARTS[place >> PLACE_SHIFT]
        if part not in SHOWN:
            continue
        looked += 1
        written = word_at(searcher.document(doc), part, place & LAST_POSITION)
        if written and (found == term or written.islower()):
            found = written
        if written.islower() or looked == MOST_LOOKED_AT:
            break
    return found
