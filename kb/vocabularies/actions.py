"""What administrators do with the terms of a vocabulary."""

from __future__ import annotations

from sqlite_utils import Database

from kb.db import now, transaction
from kb.vocabularies import store
from kb.vocabularies.model import CodeTaken, StaleTerm, StillNeeded, Wording


def change(db: Database, vocabulary: str, code: str, wording: Wording, opened: str) -> None:
    """Set what is written of a term that read as ``opened`` says.

    Raises StaleTerm where it reads differently by now, NotFound.
    """
    with transaction(db):
        stored = store.get_wording(db, vocabulary, code)
        if wording == stored:
            return
        if stored.mark != opened:
            raise StaleTerm
        store.update_wording(db, vocabulary, code, wording)
        store.note_change(db)


def add(db: Database, vocabulary: str, code: str, wording: Wording) -> None:
    """Add a term, offered from now on, behind the others. Raises CodeTaken, NotFound."""
    with transaction(db):
        if store.get_vocabulary(db, vocabulary).code_of(code):
            raise CodeTaken
        store.insert_term(db, vocabulary, code)
        store.update_wording(db, vocabulary, code, wording)
        store.note_change(db)


def retire(db: Database, vocabulary: str, code: str) -> None:
    """Offer a term no longer; what has it keeps it. Raises StillNeeded, NotFound."""
    with transaction(db):
        if store.get_term(db, vocabulary, code).retired:
            return
        if store.get_vocabulary(db, vocabulary).needs(code):
            raise StillNeeded
        store.update_retired(db, vocabulary, code, now())
        store.note_change(db)


def restore(db: Database, vocabulary: str, code: str) -> None:
    """Offer a term again. Raises NotFound."""
    with transaction(db):
        if not store.get_term(db, vocabulary, code).retired:
            return
        store.update_retired(db, vocabulary, code, None)
        store.note_change(db)
