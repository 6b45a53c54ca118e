"""Memory of what was computed, least recently used first out, within a budget of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


K = TypeVar("K")
V = TypeVar("V", bound=Sized)


class Cache(Generic[K, V]):
    """Values by key, shared by all threads of a worker."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._bytes = 0
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            found = self._entries.get(key)
            if found is not None:
                self._entries.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        with self._lock:
            replaced = self._entries.pop(key, None)
            self._bytes += value.nbytes - (replaced.nbytes if replaced else 0)
            self._entries[key] = value
            while self._bytes > self._budget and len(self._entries) > 1:
                self._bytes -= self._entries.popitem(last=False)[1].nbytes

    def forget(self, unwanted: Callable[[K], bool]) -> None:
        with self._lock:
            for key in [key for key in self._entries if unwanted(key)]:
                self._bytes -= self._entries.pop(key).nbytes
