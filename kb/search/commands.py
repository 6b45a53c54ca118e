"""The commands ``flask index …``: care for the index, and search from a terminal."""

from __future__ import annotations

import json
import time
from typing import Any, TextIO

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlite_utils import Database

from indexer import Index, Query, Results, SyncReport
from kb import i18n
from kb.db import SchemaMismatch, get_db
from kb.migrations import open_library
from kb.search.syncing import Indexes, indexes

TAG = "cni"  # names the system in a TREC run
QUIET = 1.0  # seconds after which a command says what it is at

index = AppGroup("index", help="Look after the search index, and search from here.")
LANGUAGE = click.Choice(list(i18n.LANGUAGES))


class Progress:
    """Says how far a long build is, about once a second."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, name: str, count: int) -> None:
        if time.monotonic() - self._said > QUIET:
            self._said = time.monotonic()
            click.echo(f"Search index ({name}): {count} practices so far …")


class Followed(AppGroup):
    """Commands after which the index is brought in step, also where they ended with an error."""

    def invoke(self, ctx: click.Context) -> Any:
        both = indexes(ctx.ensure_object(ScriptInfo).load_app())
        try:
            outcome = super().invoke(ctx)
        except SchemaMismatch:
            raise  # there is nothing to follow
        except BaseException:
            follow(both)
            raise
        follow(both)
        return outcome


def followed(group: click.Group) -> Followed:
    """The same group of commands, followed by the index."""
    return Followed(
        name=group.name,
        commands=group.commands,
        callback=group.callback,
        params=group.params,
        help=group.help,
    )


def follow(both: Indexes) -> None:
    """Bring the index in step after a command; nobody's work is lost where that fails."""
    try:
        reports = both.sync(Progress())
    except Exception as error:
        click.echo(f"The search index could not be brought in step: {error}", err=True)
        return
    if any(report.changed and report.documents for report in reports):
        click.echo(f"Search index: {reports[0].documents} practices can be found.")


def follow_store(_db: Database) -> None:
    """What the worker changed, or a process that was killed, is found: nothing to do costs less
    than a millisecond."""
    indexes().sync()


@index.command()
def sync() -> None:
    """Bring the index in step with the database; mend it where it is damaged."""
    open_library()
    _say(indexes().sync(Progress()))


@index.command()
def rebuild() -> None:
    """Build the index anew and remove all that older ones hold."""
    open_library()
    _say(indexes().rebuild(Progress()))


@index.command()
def check() -> None:
    """Read all of the index; ends with 1 where it is damaged or not in step."""
    connection = open_library().conn
    found = [(each.name, wrong) for each in indexes().all() for wrong in each.check(connection)]
    for name, wrong in found:
        click.echo(f"{name}: {wrong}")
    if found:
        raise SystemExit(1)
    click.echo("The index is whole and in step.")


@index.command()
@click.argument("query")
@click.option("--lang", type=LANGUAGE, default=i18n.DEFAULT, help="The reader's language.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Everything, as JSON.")
def search(query: str, lang: str, limit: int, as_json: bool) -> None:
    """What a visitor finds with QUERY."""
    results = _search(_public(), query, lang, limit)
    if as_json:
        click.echo(_as_json(results))
        return
    click.echo(f"{results.total} found")
    for rank, hit in enumerate(results.hits, start=1):
        click.echo(f"{rank:3} {hit.score:8.3f}  {hit.slug}  {''.join(t for t, _ in hit.title)}")


@index.command()
@click.argument("queries", type=click.File(encoding="utf-8-sig"))
@click.option("--lang", type=LANGUAGE, default=i18n.DEFAULT, help="The reader's language.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--tag", default=TAG, show_default=True, help="Names the run.")
def run(queries: TextIO, lang: str, limit: int, tag: str) -> None:
    """Answer the queries of a file (number, TAB, text) as a TREC run."""
    public = _public()
    try:
        lines = list(queries)
    except UnicodeDecodeError:
        raise click.ClickException(f"{queries.name} is not a text in UTF-8.") from None
    for number, line in enumerate(lines, start=1):
        key, tab, text = line.rstrip("\r\n").partition("\t")
        if not line.strip():
            continue
        if not tab or not key.strip() or len(key.split()) > 1:
            raise click.ClickException(f"{queries.name}:{number}: expected a number, TAB, text")
        for rank, hit in enumerate(_search(public, text, lang, limit).hits, start=1):
            click.echo(f"{key.strip()} Q0 {hit.slug} {rank} {hit.score:.6f} {tag}")


def _public() -> Index:
    """The index that visitors search, in step with the database."""
    open_library()
    indexes().sync()
    return indexes().public


def _search(public: Index, text: str, language: str, limit: int) -> Results:
    return public.search(get_db().conn, Query(text, language, limit=limit))


def _as_json(results: Results) -> str:
    return json.dumps(
        {
            "total": results.total,
            "notes": results.notes,
            "corrections": results.corrections,
            "drop": results.drop,
            "facets": results.facets,
            "hits": [
                {
                    "slug": hit.slug,
                    "score": hit.score,
                    "language_matched": hit.language_matched,
                    "title": hit.title,
                    "summary": hit.summary,
                    "passage": hit.passage,
                }
                for hit in results.hits
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _say(reports: list[SyncReport]) -> None:
    for each, report in zip(indexes(current_app).all(), reports, strict=True):
        if report.skipped:
            click.echo(f"{each.name}: another process is at it.")
            continue
        done = f"{'rebuilt' if report.full else 'brought in step'} in {report.seconds:.1f} s"
        click.echo(
            f"{each.name}: {report.documents} practices, {done if report.changed else 'in step'}."
        )
