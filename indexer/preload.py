"""What every search needs of the package's own files, read before there are workers to share it."""

from __future__ import annotations

import numpy.ma  # noqa: F401  (numpy would import it in the first search, and double its time)

from indexer.language import mend, stem, stop_words
from indexer.meanings import meanings


def preload() -> None:
    """Read the tables of words, so that processes forked from this one have them in common."""
    stop_words()
    mend("Nο")
    stem("words")
    meanings("a phrase that no table has")
