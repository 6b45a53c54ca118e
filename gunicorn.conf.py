"""How gunicorn serves the library; KB_PORT, KB_BIND, KB_WORKERS and KB_THREADS choose otherwise.

With KB_WITH_WORKER=1 it starts `flask worker` beside itself, as `make run` does; an installation of
the real kind runs that as a service of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

address = os.environ.get("KB_BIND", "127.0.0.1")
port = int(os.environ.get("KB_PORT", "8000"))

wsgi_app = "wsgi:application"
bind = f"{address}:{port}"
workers = int(os.environ.get("KB_WORKERS", "2"))
threads = int(os.environ.get("KB_THREADS", "4"))
worker_class = "gthread"
# One copy in memory for all workers, and one refusal, not one a worker, where something is amiss.
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
# A search with every filter set is a long address.
limit_request_line = 8190
loglevel = "warning"


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
            sys.exit(
                f"Cannot listen on {bind} ({error.strerror})."
                f" Choose another port, for example: KB_PORT={port + 1} make run"
            )


def on_starting(server: object) -> None:
    """gunicorn's hook before it listens; a server that replaces itself (USR2) has its port."""
    if "GUNICORN_PID" not in os.environ:
        refuse_port_in_use()


def when_ready(server: Any) -> None:
    """gunicorn's hook once it listens."""
    if os.environ.get("KB_WITH_WORKER") == "1":
        command = [sys.executable, "-m", "flask", "worker", f"--parent={os.getpid()}"]
        server.companion = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603


def on_exit(server: Any) -> None:
    """gunicorn's hook before it ends."""
    if companion := getattr(server, "companion", None):
        companion.terminate()
        companion.wait()


if __name__ == "__main__":
    refuse_port_in_use()
