"""Files and their rows kept in step: what nobody names is removed, what is missing is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from kb import files
from kb.attachments import store
from kb.db import transaction

# A file is on the disk for a moment before its row is; whatever is older was left behind.
GRACE = timedelta(days=1)
# Longer than drafts can be restored (practices/drafts.py), so that none comes back without files.
KEPT = timedelta(days=100)


@dataclass(frozen=True)
class Swept:
    """How many rows, files and half-finished uploads were removed."""

    rows: int
    files: int
    unfinished: int


def sweep(db: Database, when: datetime) -> Swept:
    """Remove the files that no draft and no revision names, and what interrupted uploads left."""
    before = (when.astimezone(UTC) - KEPT).strftime("%Y-%m-%dT%H:%M:%SZ")
    with transaction(db):
        rows = store.delete_unnamed(db, before)
        known = store.sizes(db)
        orphans = [
            path
            for path in files.stored()
            if path.name not in known and files.is_older(path, GRACE.total_seconds())
        ]
        for path in orphans:
            path.unlink()
    passing = (*files.unfinished(), *files.previews_alone())
    left = [path for path in passing if files.is_older(path, GRACE.total_seconds())]
    for path in left:
        path.unlink(missing_ok=True)
    return Swept(rows, len(orphans), len(left))


def faults(db: Database, thorough: bool = True) -> Iterator[str]:
    """What is wrong: rows without their file, files that are not what their name says."""
    for sha256, size in store.sizes(db).items():
        path = files.path_of(sha256)
        if not path.is_file():
            yield f"missing: {sha256}"
        elif path.stat().st_size != size:
            yield f"wrong size: {sha256}"
        elif thorough and files.hash_of(path) != sha256:
            yield f"changed: {sha256}"
