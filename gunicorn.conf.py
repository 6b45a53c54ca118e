"""How gunicorn serves the library; KB_PORT, KB_BIND, KB_WORKERS and KB_THREADS choose otherwise.

With KB_WITH_WORKER=1 it starts `flask worker` beside itself, as `make run` does; an installation of
the real kind runs that as a service of its own.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

MOST_PORT = 65535
SILENCE = 30  # seconds


def number(name: str, default: int, most: int) -> int:
    """A setting; a value that cannot be used is refused in one sentence."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= most:
        sys.exit(f"{name} must be a number from 1 to {most}, not {text!r}.")
    return int(text)


address = os.environ.get("KB_BIND", "127.0.0.1")
port = number("KB_PORT", 8000, MOST_PORT)

wsgi_app = "wsgi:application"
bind = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
workers = number("KB_WORKERS", 2, 64)
threads = number("KB_THREADS", 4, 64)
worker_class = "gthread"
# One copy in memory for all workers, and one refusal, not one a worker, where something is amiss.
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A search with every filter set is a long address.
limit_request_line = 8190
# Its warnings quote what strangers send, with their addresses.
loglevel = "error"


def pre_fork(server: object, worker: object) -> None:
    """What every worker only reads is read once, before the first is forked: all share its memory,
    and nobody's first search waits for it."""
    from indexer.preload import preload  # no module of ours is found before the application is

    preload()


def post_worker_init(worker: Any) -> None:
    """Hold the store open, and mend the index where a crash left it behind.

    Whenever the last connection closes, SQLite copies its log back and deletes it: without one
    that stays, at the end of nearly every request, which took as long as the request itself.
    """
    from kb.db import FILENAME, connect

    worker.store = connect(Path(worker.wsgi.config["INSTANCE"]) / FILENAME)
    worker.store.execute("SELECT count(*) FROM sqlite_master").fetchone()
    worker.wsgi.extensions["search"].mend_soon()


def refuse_port_in_use() -> None:
    """Say in one sentence what gunicorn says in a dozen."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            free = port + 1 if 1023 < port < MOST_PORT else 8000
            advice = f"another port, for example: KB_PORT={free} make run"
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                advice = "an address of this machine, for example: KB_BIND=127.0.0.1 make run"
            sys.exit(f"Cannot listen on {bind} ({error.strerror}). Choose {advice}")


def on_starting(server: object) -> None:
    """gunicorn's hook before it listens; a server that replaces itself (USR2) has its port."""
    if "GUNICORN_PID" not in os.environ:
        refuse_port_in_use()


def bound_silence(listener: socket.socket, seconds: float) -> None:
    """Let nobody who falls silent amidst a request or an answer keep a thread for good.

    The connections of a listening socket inherit this from it; gunicorn has no setting for it.
    """
    whole, part = divmod(seconds, 1)
    patience = struct.pack("ll", int(whole), int(part * 1_000_000))
    for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, direction, patience)


def when_ready(server: Any) -> None:
    """gunicorn's hook once it listens."""
    for listener in server.LISTENERS:
        bound_silence(listener.sock, SILENCE)
    if os.environ.get("KB_WITH_WORKER") == "1":
        command = [sys.executable, "-m", "flask", "worker", f"--parent={os.getpid()}"]
        # Of its own session: Ctrl-C is for the server, which then ends it.
        server.companion = subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.DEVNULL, start_new_session=True
        )


def on_exit(server: Any) -> None:
    """gunicorn's hook before it ends."""
    if companion := getattr(server, "companion", None):
        companion.terminate()
        companion.wait()


if __name__ == "__main__":
    refuse_port_in_use()
