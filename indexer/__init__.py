"""Full-text search over what the store says: a disposable copy that can always be rebuilt."""

from indexer.index import Index
from indexer.model import (
    Facet,
    Hit,
    IndexUnavailable,
    Query,
    Results,
    Suggestion,
    SyncReport,
)

__all__ = [
    "Facet",
    "Hit",
    "Index",
    "IndexUnavailable",
    "Query",
    "Results",
    "Suggestion",
    "SyncReport",
]
