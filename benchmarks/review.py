"""The review: its pages with many practices, revisions, comments and decisions."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.server import Browser, fill, serve
from benchmarks.web import Row, p95, timed
from kb import create_app
from kb.access import Member
from kb.accounts import store as accounts
from kb.db import get_db, transaction
from kb.moderation import conversation, desk
from kb.practices import store
from kb.practices.model import Practice
from kb.practices.transitions import move

PRACTICES = 2000
REVISIONS = 10_000
WAITING = 400
COMMENTED = 40
ROUNDS = 200


def age(instance: Path) -> list[int]:
    """Give every practice a past, and let some wait; returns the numbers of those with comments."""
    app = create_app({"INSTANCE": instance, "LOG_LEVEL": "ERROR"})
    with app.app_context():
        db = get_db()
        people = {each.name: each for each in accounts.list_active(db)}
        every = [practice for practice, _revision in store.all_public(db)]
        with transaction(db):
            for number, practice in enumerate(every):
                _revise(practice, people["Anna"], number < WAITING)
        waiting = [store.get(db, each.id) for each in every[:COMMENTED]]
        for practice in waiting:
            desk.take_up(db, practice, people["Mona"])
            for number in range(8):
                key = f"{practice.id} {number} of many"
                conversation.comment(
                    db, practice, people["Mona"], key, "how_it_works", "", "Who does this?"
                )
        app.extensions["search"].sync()
        return [each.id for each in waiting]


def _revise(practice: Practice, anna: Member, waits: bool) -> None:
    """More revisions of a practice, each with a few words changed; the last one waits or not."""
    db = get_db()
    content = dict(store.get_revision(db, practice.newest_revision_id).content)
    for turn in range(REVISIONS // PRACTICES - 1):
        prose = {
            lang: text.replace(". ", f". ({turn}) ", 3)
            for lang, text in content["how_it_works"].items()
        }
        content = {**content, "how_it_works": prose, "start": str(2010 + turn)}
        newest = store.insert_revision(db, practice.id, content, anna.id)
    if waits:
        move(db, practice, "submit", anna, revision_id=newest)


def run() -> list[Row]:
    """All measurements; rows of what, measured, aim."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        people = fill(instance, PRACTICES)
        numbers = age(instance)
        pages = {
            "queue": ["review", "review?page=9", "review?status=published&page=40"],
            "queue, narrowed": [
                "review?holder=0",
                "review?overdue=yes",
                "review?municipality=athens",
            ],
            "review with its comparison": [f"review/{number}" for number in numbers],
            "comparison of two revisions": [f"review/{each}/compare?a=1&b=5" for each in numbers],
            "moderation log": ["review/log", "review/log?page=80", "review/log?action=submit"],
        }
        with serve(instance) as (port, _worker):
            mona = Browser(port, people["Mona"])
            return [_row(mona, name, paths) for name, paths in pages.items()]


def _row(mona: Browser, name: str, paths: list[str]) -> Row:
    for path in paths:
        assert mona.get(f"/en/{path}").status == 200, path
    times = [
        timed(lambda p=path: mona.get(f"/en/{p}")) for path in paths * (ROUNDS // len(paths) + 1)
    ]
    measured = f"{p95(times):.1f} ms (median {statistics.median(times):.1f})"
    return f"{name}, p95 of {len(times)}", measured, "≤ 60 ms"
