"""Addresses of practices, in Latin letters whatever the title is written in."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 70

# ELOT 743 (ISO 843), the transcription that Greek road signs and passports use.
PAIRS = {
    "ου": "ou", "αυ": "av", "ευ": "ev", "γγ": "ng", "γξ": "nx", "γχ": "nch", "μπ": "mp",
}  # fmt: skip
LETTERS = dict(zip("αβγδεζηικλμνοπρσςτυφω", "avgdeziiklmnoprsstyfo", strict=True)) | {
    "θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps",
}  # fmt: skip


def latin(text: str) -> str:
    """``text`` in unaccented lower-case Latin letters: «Στέγαση» becomes "stegasi"."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )
    for pair, letters in PAIRS.items():
        bare = bare.replace(pair, letters)
    return "".join(LETTERS.get(letter, letter) for letter in bare)


def slug(*parts: str) -> str:
    """The parts as one address segment, cut between words at ``LENGTH`` characters."""
    words = re.findall(r"[a-z0-9]+", latin(" ".join(parts)))
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > LENGTH:
            break
        kept = longer
    return kept or (words[0][:LENGTH] if words else "practice")
