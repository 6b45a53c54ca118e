"""Work that nobody waits for, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Background:
    """A task that runs after it was asked for, once at a time.

    Asked for again while it runs, it runs once more afterwards, however often that was: so
    whatever was there when it was asked for is there when it runs.
    """

    def __init__(self, name: str, task: Callable[[], None]) -> None:
        self._name = name
        self._task = task
        self._lock = threading.Lock()
        self._wanted = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Have the task run; returns at once."""
        with self._lock:
            self._wanted = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Return when nothing is running."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while self._is_wanted():
            self._task()

    def _is_wanted(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            if not wanted:
                self._thread = None
            return wanted
