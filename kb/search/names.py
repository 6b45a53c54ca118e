"""Areas and municipalities by their names, as a text that is being typed may become them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from indexer.names import Names
from kb.municipalities import store as municipalities
from kb.search import store
from kb.vocabularies.model import Text
from kb.vocabularies.store import all_vocabularies, edition


@dataclass(frozen=True)
class Named:
    """What has names of one kind: how each is shown, and how it is found."""

    kind: str
    shown: Mapping[str, Text]
    names: Names


# Prepared once for a worker, until something in vocabularies or municipalities changes.
_cache: dict[tuple[str, int], tuple[Named, Named]] = {}


def all_named(db: Database) -> tuple[Named, Named]:
    """Areas and municipalities."""
    key = edition(db)
    found = _cache.get(key)
    if found is None:
        found = _areas(db), _places(db)
        _cache.clear()
        _cache[key] = found
    return found


def _areas(db: Database) -> Named:
    shown = {code: term.label for code, term in all_vocabularies(db)["areas"].terms.items()}
    names = {code: list(label.values()) for code, label in shown.items()}
    return Named("area", shown, Names(names))


def _places(db: Database) -> Named:
    shown = {each.code: each.name for each in municipalities.list_municipalities(db)}
    aliases = store.aliases(db)
    names = {code: [*name.values(), *aliases.get(code, ())] for code, name in shown.items()}
    return Named("municipality", shown, Names(names))
