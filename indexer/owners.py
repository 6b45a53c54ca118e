"""Whose documents a query asks for that is nothing but a name, such as that of a municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product

from indexer.corpus import Level, Term
from indexer.document import OWNER, owner_name

# Besides itself and its forms, a word of a name may be read as what it sounds like, or as what
# the other layout of the keyboard would have written.
READ_AS = frozenset({"sound", "layout"})
MOST_READINGS = 200  # of a whole query


class Owners:
    """The names of those whom documents of one generation belong to, as terms of the index."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._words = frozenset(
            word for name in self._names for word in name.removeprefix(OWNER).split()
        )

    def named(self, words: Sequence[Sequence[Level]]) -> tuple[Term, ...]:
        """The names that the words of a query are, all taken together."""
        readings = [self._readings(levels) for levels in words]
        if not readings or not all(readings):
            return ()
        names = (owner_name(reading) for reading in islice(product(*readings), MOST_READINGS))
        return tuple(sorted(name for name in {*names} if name in self._names))

    def _readings(self, levels: Sequence[Level]) -> list[str]:
        wide = (level.terms for level in levels if level.own or level.name in READ_AS)
        return [t for terms in wide for t in terms if isinstance(t, str) and t in self._words]
