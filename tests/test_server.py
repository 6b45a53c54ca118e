"""The real server, as `make run` starts it: what it says, what it takes, what survives it."""

from __future__ import annotations

import http.client
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

import pytest
from sqlite_utils import Database

from kb import mail
from kb.config import create_secret_key
from kb.db import transaction

ROOT = Path(__file__).parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn"]
# Seconds that a busy machine may take to start a server.
PATIENCE = 90


def environment(instance: Path, port: int) -> dict[str, str]:
    mine = {"KB_INSTANCE": str(instance), "KB_PORT": str(port), "KB_LOG_LEVEL": "WARNING"}
    return {name: text for name, text in os.environ.items() if name[:3] != "KB_"} | mine


def free_port() -> int:
    """A port that nobody listens on, below those that systems lend to any program that asks."""
    while True:
        port = SystemRandom().randrange(15_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(instance: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    create_secret_key(instance)
    with subprocess.Popen(GUNICORN, cwd=ROOT, env=environment(instance, port)) as process:
        yield process
        process.send_signal(signal.SIGTERM)


def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    """The answer's status and text, from a client that sends all before it listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.connect()
            break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.1)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, path, body or None, kind)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while ask(port, "GET", "/readyz")[0] != 200:
        assert time.monotonic() < deadline, ask(port, "GET", "/readyz")
        time.sleep(0.1)


@pytest.mark.usefixtures("server")
def test_server_serves_in_order_and_a_page_for_a_body_over_the_limit(port: int) -> None:
    # The index is made while the first visitors are served.
    wait_until_ready(port)
    assert ask(port, "GET", "/en/about")[0] == 200
    for size in (9_000_000, 150_000_000):
        status, text = ask(port, "POST", "/en/sign-in", bytes(size))
        assert status == 413
        assert "<h1" in text


def test_port_in_use_is_one_sentence(instance: Path, port: int) -> None:
    create_secret_key(instance)
    with socket.create_server(("127.0.0.1", port)):
        said = subprocess.run(
            GUNICORN, cwd=ROOT, env=environment(instance, port), capture_output=True, text=True
        )
    assert said.returncode != 0
    assert said.stderr.strip() == (
        f"Cannot listen on 127.0.0.1:{port} (Address already in use)."
        f" Choose another port, for example: KB_PORT={port + 1} make run"
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KB_PORT", "eighty", "KB_PORT must be a number from 1 to 65535, not 'eighty'."),
        ("KB_PORT", "70000", "KB_PORT must be a number from 1 to 65535, not '70000'."),
        ("KB_WORKERS", "0", "KB_WORKERS must be a number from 1 to 64, not '0'."),
        ("KB_BIND", "192.0.2.1", "Choose an address of this machine, for example: KB_BIND="),
    ],
)
def test_impossible_address_is_one_sentence(name: str, value: str, sentence: str) -> None:
    said = subprocess.run(
        [sys.executable, "gunicorn.conf.py"],
        cwd=ROOT, env=environment(ROOT, 8000) | {name: value}, capture_output=True, text=True,
    )  # fmt: skip
    assert said.returncode == 1
    assert sentence in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_who_falls_silent_amidst_a_request_is_let_go() -> None:
    bound_silence = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["bound_silence"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bound_silence(listener, 0.02)
        with socket.create_connection(listener.getsockname()) as visitor:
            visitor.send(b"GET /")
            connection, _address = listener.accept()
            with connection:
                connection.setblocking(True)
                assert connection.recv(100) == b"GET /"
                with pytest.raises(BlockingIOError):
                    connection.recv(100)


def test_database_of_no_schema_is_one_sentence(tmp_path: Path, port: int) -> None:
    create_secret_key(tmp_path)
    said = subprocess.run(
        GUNICORN, cwd=ROOT, env=environment(tmp_path, port), capture_output=True, text=True
    )
    assert said.returncode != 0
    assert said.stderr.strip() == "There is no library here yet. Run: flask kb init"


@pytest.fixture
def with_worker(instance: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The server as `make run` starts it: with the worker beside it."""
    create_secret_key(instance)
    settings = environment(instance, port) | {"KB_WITH_WORKER": "1"}
    with subprocess.Popen(GUNICORN, cwd=ROOT, env=settings) as process:
        yield process
        process.send_signal(signal.SIGTERM)


def test_worker_beside_the_server_sends_and_ends_with_it(
    with_worker: subprocess.Popen[bytes], db: Database, instance: Path, port: int
) -> None:
    with transaction(db):
        mail.queue(
            db, key="hello", kind="receipt", recipient="anna@example.gr",
            language="en", subject="Hello", body="Hello",
        )  # fmt: skip
    wait_until_ready(port)
    wait_for(lambda: any((instance / "mail").glob("*.eml")))
    children = Path(f"/proc/{with_worker.pid}/task/{with_worker.pid}/children")
    workers = [pid for pid in children.read_text().split() if "worker" in command_of(pid)]
    assert len(workers) == 1
    with_worker.kill()
    with_worker.wait()
    wait_for(lambda: "worker" not in command_of(workers[0]))


def command_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
