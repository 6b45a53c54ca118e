"""The commands that look after members from a shell, and a chore of the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import click
from flask.cli import AppGroup
from sqlite_utils import Database

from kb import mail
from kb.access import ROLES, Role
from kb.accounts import erasure, membership, store, throttle
from kb.accounts.model import (
    EMAIL,
    EMAIL_LENGTH,
    LINK_LIFETIMES,
    NAME_LENGTH,
    Account,
    EmailTaken,
    LastAdministrator,
    Profile,
    normal_email,
)
from kb.chores import every
from kb.db import NotFound, transaction
from kb.i18n import LANGUAGES, sort_key
from kb.migrations import open_library
from kb.typed import tidy

HANDED_OVER = timedelta(hours=24)

members = AppGroup("members", help="Invite people, list them, close their accounts.")

language = click.option(
    "--language", type=click.Choice(list(LANGUAGES)), default="el", help="Of mails to the person."
)
full_name = click.option("--name", required=True, help="The person's full name.")


def _profile(email: str, name: str, role: str, municipality: str | None, lang: str) -> Profile:
    email, name = normal_email(email), tidy(name)
    if len(email) > EMAIL_LENGTH or not EMAIL.fullmatch(email):
        raise click.BadParameter(f"{email!r} is not an e-mail address.")
    if not 0 < len(name) <= NAME_LENGTH:
        raise click.BadParameter(f"A name has 1 to {NAME_LENGTH} characters.")
    if (role == "contributor") != bool(municipality):
        raise click.UsageError("--municipality is for contributors, and they need one.")
    return Profile(email, name, cast(Role, role), municipality, lang)


def _account(email: str) -> Account:
    account = store.find_account(open_library(), normal_email(email))
    if account is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return account


@members.command()
@click.argument("email")
@full_name
@click.option("--role", type=click.Choice(ROLES), default="contributor", show_default=True)
@click.option("--municipality", metavar="CODE", help="Where a contributor works.")
@language
def invite(email: str, name: str, role: str, municipality: str | None, language: str) -> None:
    """Make an account for EMAIL and send its invitation."""
    profile = _profile(email, name, role, municipality, language)
    try:
        member, _url = membership.invite(open_library(), None, profile)
    except EmailTaken as error:
        raise click.ClickException(f"There is an account with the address {email}.") from error
    except NotFound as error:
        raise click.ClickException(f"There is no municipality {municipality!r}.") from error
    click.echo(f"Invited {member.name} <{member.email}>. flask worker sends the message.")


@members.command("create-administrator")
@click.argument("email")
@full_name
@language
def create_administrator(email: str, name: str, language: str) -> None:
    """Make the first administrator; prints the link to choose a password, and sends nothing."""
    profile = _profile(email, name, "administrator", None, language)
    try:
        member, url = membership.create_administrator(open_library(), profile)
    except EmailTaken as error:
        raise click.ClickException(f"There is an account with the address {email}.") from error
    days = LINK_LIFETIMES["invitation"].days
    click.echo(f"{member.name} is an administrator. Works once, for {days} days:\n{url}")


@members.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link that signs EMAIL in, for somebody whom no mail reaches."""
    account = _account(email)
    if not account.is_active:
        raise click.ClickException("The account is closed. Run: flask members reactivate EMAIL")
    url = membership.sign_in_link(open_library(), account.member, HANDED_OVER)
    click.echo(f"Works once, for 24 hours:\n{url}")


@members.command("list")
def list_members() -> None:
    """List everybody with role, municipality and state."""
    accounts = store.list_accounts(open_library())
    for account in sorted(accounts, key=lambda account: sort_key(account.member.name)):
        member = account.member
        where = member.municipality or "-"
        click.echo(f"{account.state:12}{member.role:14} {where:24} {member.email}  {member.name}")


@members.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Close the account of EMAIL; its sessions and links die, its practices stay."""
    try:
        membership.deactivate(open_library(), None, _account(email).member.id)
    except LastAdministrator as error:
        raise click.ClickException(
            "This is the only administrator. Make another one first:"
            " flask members create-administrator"
        ) from error
    click.echo(f"Closed: {email}")


@members.command()
@click.argument("email")
def reactivate(email: str) -> None:
    """Open a closed account again."""
    membership.reactivate(open_library(), None, _account(email).member.id)
    click.echo(f"Open again: {email}")


@members.command()
@click.argument("email")
@click.confirmation_option(prompt="Erase what is known of this person for good?")
def erase(email: str) -> None:
    """Forget who EMAIL was, whose account is closed; practices and decisions stay."""
    account = _account(email)
    if account.is_active:
        raise click.ClickException(
            f"The account is open. Close it first: flask members deactivate {email}"
        )
    found = erasure.mentions(open_library(), account.member)
    erasure.erase(open_library(), None, account.member.id)
    click.echo("Erased. Backups hold the name until they are deleted.")
    if found:
        click.echo(f"Texts that still name the person: {', '.join(found)}")


def forget_expired(db: Database) -> None:
    """Forget the sessions, links and counted tries that time has ended."""
    with transaction(db):
        store.delete_expired(db)
        throttle.forget(db)


mail.CHORES.append(every(timedelta(hours=1), forget_expired))
