"""The SQL of what a practice has to know of uploaded files: which are its own, and their words."""

from __future__ import annotations

from sqlite_utils import Database

from kb.db import NotFound
from kb.practices import attached
from kb.practices.model import Content
from kb.practices.template import LANGUAGES

# Characters of all files of one practice in one language: search reads them at every change.
SEARCHED = 200_000


def of_practice(db: Database, practice_id: int) -> dict[str, tuple[str, int]]:
    """Media type and size of each file that was uploaded to the practice, by its hash."""
    rows = db.execute(
        "SELECT f.sha256, f.media_type, f.size FROM attachment a JOIN file f USING (sha256)"
        " WHERE a.practice_id = ?",
        (practice_id,),
    )
    return {row["sha256"]: (row["media_type"], row["size"]) for row in rows}


def require_own(db: Database, practice_id: int, content: Content) -> None:
    """Raise NotFound where the content names a file that was not uploaded to this practice.

    Whoever could name any file by its hash could read another municipality's draft.
    """
    if content.get("attachments") and attached.strangers(content, of_practice(db, practice_id)):
        raise NotFound("a file of another practice")


def words(db: Database, content: Content) -> dict[str, str]:
    """What search reads in the content's files, per language; nothing of files for members only."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for file in attached.open_to_all(content):
        row = db.execute("SELECT text FROM file_text WHERE sha256 = ?", (file["file"],)).fetchone()
        if row is not None:
            language = file.get("language") or attached.language_of(row["text"])
            found[language].append(row["text"])
    return {language: "\n\n".join(texts)[:SEARCHED] for language, texts in found.items()}
