"""What every test may ask for: a fresh copy of the store, the application, people by name."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Domain
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlite_utils import Database
from werkzeug.routing import Rule

from kb import create_app, migrations
from kb.access import Member, Role
from kb.accounts import sessions
from kb.accounts import store as accounts
from kb.db import FILENAME, connect, get_db, now, transaction
from kb.municipalities import store as municipalities
from kb.search.syncing import indexes
from kb.vocabularies import store as vocabularies
from tests.mailbox import Mailbox, open_mailbox
from tests.people import CHEAP

# On a desk each run looks at other examples; a slow machine is no fault.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# Files in memory are kept without waiting for a disk, which tests do a hundred thousand times.
MEMORY = Path("/dev/shm")
ROOM = 2**31

# Threads that go on after an answer; no test ends before them.
BACKGROUND = {"follow-store", "mend-index", "record-searches", "import"}

MakeApp = Callable[..., Flask]
SignIn = Callable[[str | None], FlaskClient]

# Anna and Bruno work for one municipality, Clara for another; Mona reviews; Ada administers.
PEOPLE: dict[str, tuple[Role, str | None, str]] = {
    "Anna": ("contributor", "athens", "el"),
    "Bruno": ("contributor", "athens", "en"),
    "Clara": ("contributor", "thessaloniki", "el"),
    "Mona": ("moderator", None, "el"),
    "Ada": ("administrator", None, "en"),
}


def pytest_configure() -> None:
    """Let tests keep their files in memory where there is room and no other place was chosen."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("TMPDIR", str(MEMORY))
        tempfile.tempdir = None  # it is looked up anew


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what stays to the end, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class Compiled(BytecodeCache):
    """The page templates as code."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.code


# What every application makes anew of the same files is made once for all tests: the catalogues
# of translations, the code of the page templates, and what its routes are read into.
CATALOGUES = Domain()
TEMPLATES = Compiled()
ROUTES: dict[tuple[str, str], dict[str, Any]] = {}
READ = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")
compile_route = Rule.compile


def compile_once(rule: Rule) -> None:
    """Read the route, or take over what the same one of another application was read into."""
    key = (rule.rule, repr(rule.defaults))
    if key not in ROUTES:
        compile_route(rule)
        ROUTES[key] = {name: vars(rule)[name] for name in READ}
    vars(rule).update(ROUTES[key])


Rule.compile = compile_once  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the vocabularies, the municipalities and the people, made and indexed once."""
    path = tmp_path_factory.mktemp("template") / FILENAME
    db = connect(path)
    migrations.migrate(db)
    with transaction(db):
        vocabularies.insert_missing(db)
        municipalities.insert_missing(db)
        db.conn.executemany(
            "INSERT INTO member (name, email, role, municipality, language, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(name, f"{name.lower()}@example.gr", *post, now()) for name, post in PEOPLE.items()],
        )
    db.close()
    indexes(create_app({"INSTANCE": path.parent, "LOG_LEVEL": "WARNING"})).sync()
    return path


@pytest.fixture
def instance(template: Path, tmp_path: Path) -> Path:
    """One installation's folder, with its own copy of the store and of its index."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(template, folder / FILENAME)
    shutil.copytree(template.parent / "index", folder / "index")
    return folder


@pytest.fixture
def make_app(instance: Path) -> Iterator[MakeApp]:
    """Makes the application on this test's store, with other settings where they are given."""

    def make(**settings: object) -> Flask:
        usual = {"INSTANCE": instance, "TESTING": True, "SECRET_KEY": "a secret of tests " * 3}
        usual |= {"WTF_CSRF_ENABLED": False, "LOG_LEVEL": "WARNING", "ARGON2": CHEAP}
        app = create_app(usual | settings)
        app.extensions["babel"].instance.domain_instance = CATALOGUES
        app.jinja_env.bytecode_cache = TEMPLATES
        return app

    yield make
    for thread in threading.enumerate():
        if thread.name in BACKGROUND:
            thread.join(60)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application, without its CSRF protection: forms can be posted as they are."""
    return make_app()


@pytest.fixture
def db(app: Flask) -> Iterator[Database]:
    """This test's store, within an application context."""
    with app.app_context():
        yield get_db()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def member(db: Database) -> Callable[[str], Member]:
    """Finds one of the people by name."""

    def find(name: str) -> Member:
        row = db.execute("SELECT * FROM member WHERE name = ?", (name,)).fetchone()
        return accounts.member_of(row)

    return find


@pytest.fixture
def sign_in(app: Flask, db: Database, member: Callable[[str], Member]) -> SignIn:
    """Opens a browser in which one of the people is signed in; None is a visitor."""

    def browser(name: str | None) -> FlaskClient:
        client = app.test_client()
        if name:
            token = sessions.new_token()
            with transaction(db):
                accounts.insert_session(db, sessions.hash_of(token), member(name).id)
            client.set_cookie(sessions.cookie_name(), token)
        return client

    return browser


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it gets."""
    with open_mailbox() as box:
        yield box
