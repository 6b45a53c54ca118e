"""Accounts are tested with hashes that cost little."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.people import CHEAP


@pytest.fixture
def make_app(make_app: Callable[..., Flask]) -> Callable[..., Flask]:
    """As in the tests above, with cheap hashes."""
    return lambda **settings: make_app(**{"ARGON2": CHEAP, **settings})
