"""A message that has not gone out, as administrators see it; never its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["given_up", "failed", "waiting", "held"]


@dataclass(frozen=True)
class Unsent:
    """A message in the outbox; ``name`` is the recipient's, where they have an account."""

    id: int
    kind: str
    state: State
    name: str | None
    address: str
    created_at: str
    attempts: int
    next_at: str
    error: str | None

    @property
    def recipient(self) -> str:
        """Who it is for: by name, else as much of the address as tells it from others."""
        return self.name or masked(self.address)

    @property
    def may_be_tried(self) -> bool:
        return self.state in ("given_up", "failed")


@dataclass(frozen=True)
class Held:
    """A message that waits for the one of the day."""

    id: int
    subject: str
    body: str


def masked(address: str) -> str:
    """``e…@athens.example.gr``"""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
