"""What a few words tell by themselves: the language that they are in."""

from __future__ import annotations

from indexer.language import is_greek


def language_of(words: str) -> str:
    """The language that a few words are written in, as their letters tell."""
    return "el" if is_greek(words) else "en"
