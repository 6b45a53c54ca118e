"""What people type into a box of text: its line breaks, and whether it can be shown."""

from __future__ import annotations

import unicodedata


def as_typed(text: str | None) -> str:
    """What was typed, with one kind of line break and nothing around it."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def is_readable(text: str) -> bool:
    """Whether there is a letter or a number in it."""
    return any(unicodedata.category(letter)[0] in "LN" for letter in text)


def unshowable(text: str) -> str | None:
    """The name of the first character that cannot be shown, if there is one."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t":
            return f"U+{ord(letter):04X}"
    return None
