"""Postings are read as Whoosh wrote them, in far fewer steps than Whoosh takes."""

from __future__ import annotations

import numpy as np

from tests.indexer.conftest import Library

# More documents than a block of postings has room for.
MANY = 300


def test_postings_are_those_that_whoosh_reads(library: Library) -> None:
    for key in range(1, MANY + 1):
        words = f"κοινό {'στέγαση ' * (key % 7)} λέξη{key}"
        library.store.put(key, title_el=words, body_el=words)
    library.sync()
    (segment,) = library.index.searcher(library.store.connection).segments
    for term in ("κοινο", "στεγαση", "λεξη7", "λεξη299"):
        docs: list[int] = []
        places: list[int] = []
        matcher = segment._reader.postings("text", term)
        while matcher.is_active():
            here = np.frombuffer(matcher.value(), "<u4").tolist()
            docs += [matcher.id()] * len(here)
            places += here
            matcher.next()
        found = segment.postings(term)
        assert (found.docs.tolist(), found.places.tolist()) == (docs, places)
        assert segment.lexicon.occurrences(term) == len(docs)
    assert not len(segment.postings("άγνωστη").docs)


def test_how_often_a_word_stands_counts_live_documents_only(library: Library) -> None:
    for key, title in enumerate(["στέγαση στέγαση", "στέγαση", "εργασία"], start=1):
        library.store.put(key, title_el=title)
    library.sync()
    library.store.remove(1)
    library.sync()
    assert library.index.searcher(library.store.connection).vocabulary.frequency("στεγαση") == 1
