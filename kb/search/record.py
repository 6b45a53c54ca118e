"""The record of what people search for, without anything about the people."""

from __future__ import annotations

import logging
import re
import secrets
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import cast

from flask import Flask, current_app, request
from sqlite_utils import Database

from indexer.language import fold
from kb import db, i18n
from kb.access import Member, can, current_member
from kb.accounts import erasure
from kb.search import searches
from kb.search.background import Background
from kb.search.model import Answer, Asked

EXTENSION = "search-record"
# Whoever types more has pasted something.
LONGEST = 100
# The same search again from the same place within these seconds is not counted: a page that is
# loaded again or gone back to, or a program that repeats itself.
REPEATED = 1800.0
MOST_REMEMBERED = 2000
# Searches of so many seconds are written together.
GATHERED = 1.0
MOST_WAITING = 500

# Every browser calls itself so, and so do some programs, which then say what they are.
BROWSER = "Mozilla/"
PROGRAM = re.compile(
    r"bot\b|bot[/;]|crawl|spider|slurp|preview|monitor|external|headless|https?:", re.IGNORECASE
)

# Addresses and numbers that may lead to a person: telephone, tax, insurance, identity card, birth.
ADDRESS = re.compile(r"@|://|\bwww\.")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
NUMBER = re.compile(r"\d[\d\s().+/-]*")
DATE = re.compile(r"\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{2,4}")
MOST_DIGITS = 4  # laws and streets have as many

# People read what is recorded.
FINAL_SIGMA = re.compile(r"(?<=\w)σ(?!\w)")

log = logging.getLogger("kb.search")


@dataclass(frozen=True)
class Search:
    """One search as it is recorded."""

    language: str
    query: str
    hits: int


def recorded_form(text: str) -> str | None:
    """The text as it is recorded; None for one that may say something about a person."""
    plain = unicodedata.normalize("NFKC", text)
    numbers = NUMBER.findall(YEAR.sub(" ", plain))
    digits = max((sum(map(str.isdigit, number)) for number in numbers), default=0)
    if ADDRESS.search(plain) or DATE.search(plain) or digits > MOST_DIGITS:
        return None
    # Word by word: folding cuts a word that no language has.
    folded = " ".join(fold(word) for word in plain.split())
    query = FINAL_SIGMA.sub("ς", folded)
    fits = max(len(plain), len(query)) <= LONGEST
    return query if fits and any(map(str.isalnum, query)) else None


class Recorder:
    """Takes searches down in the background; what goes wrong there hinders nobody."""

    def __init__(self, instance: Path, gathered: float) -> None:
        self._store = instance / db.FILENAME
        self._gathered = gathered
        self._waiting: deque[Search] = deque(maxlen=MOST_WAITING)
        self._writing = Background("record-searches", self._write)
        # Which searches were counted just now, by hashes that mean nothing to any other process.
        self._key = secrets.token_bytes(16)
        self._recent: OrderedDict[bytes, float] = OrderedDict()

    def note(self, search: Search, place: str) -> None:
        """Record a search, unless it has been counted just now from the same place."""
        if not self._is_repeated(f"{place} {search.language} {search.query}"):
            self._waiting.append(search)
            self._writing.start()

    def wait(self) -> None:
        """Return when everything has been written."""
        self._writing.wait()

    def _is_repeated(self, what: str) -> bool:
        mark = blake2b(what.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()
        moment = time.monotonic()
        before = self._recent.pop(mark, None)
        self._recent[mark] = moment
        if len(self._recent) > MOST_REMEMBERED:
            self._recent.popitem(last=False)
        return before is not None and moment - before < REPEATED

    def _write(self) -> None:
        time.sleep(self._gathered)
        try:
            if self._store.exists():
                with self._opened() as store, db.transaction(store):
                    searches.insert(store, list(self._taken()))
                    searches.prune(store)
        except Exception:
            log.warning("searches could not be recorded", exc_info=True)

    def _taken(self) -> Iterator[Search]:
        while self._waiting:
            yield self._waiting.popleft()

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        store = db.connect(self._store)
        with closing(store.conn):
            yield store


def forget_person(db: Database, member: Member) -> None:
    """Forget the searches for somebody's name."""
    if words := recorded_form(member.name):
        searches.delete_naming(db, words)


def recorder(app: Flask | None = None) -> Recorder:
    """The recorder of ``app``, or of the present application."""
    return cast(Recorder, (app or current_app).extensions[EXTENSION])


def note(asked: Asked, answer: Answer) -> Search | None:
    """What is to be recorded of the present request: a search as a person types it."""
    is_plain = not (asked.filters or asked.sort or asked.cut) and asked.page == 1
    if not (is_plain and asked.has_words and answer.by_index and _is_typed_by_a_reader()):
        return None
    query = recorded_form(asked.text)
    return Search(i18n.current(), query, answer.total) if query else None


def _is_typed_by_a_reader() -> bool:
    """Not by a program, by a browser that looks ahead, or by who looks after the record."""
    agent = request.user_agent.string
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return (
        request.method == "GET"
        and agent.startswith(BROWSER)
        and not PROGRAM.search(agent)
        and "prefetch" not in ahead
        and not can(current_member(), "moderate")
    )


erasure.ALSO.append(forget_person)


def init_app(app: Flask) -> None:
    """Give the application its recorder."""
    gathered = 0.0 if app.testing else GATHERED
    app.extensions[EXTENSION] = Recorder(Path(app.config["INSTANCE"]), gathered)
