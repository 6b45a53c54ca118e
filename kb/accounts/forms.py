"""The forms of accounts: what was typed, as typed values or a message per field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from kb.access import ROLES, Member
from kb.accounts import passwords
from kb.accounts.model import (
    EMAIL,
    EMAIL_LENGTH,
    NAME_LENGTH,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    PASSWORD_TYPED_LONGEST,
    Delivery,
    Profile,
    normal_email,
)
from kb.i18n import DEFAULT, LANGUAGES
from kb.typed import tidy


def _strip(text: str | None) -> str:
    return (text or "").strip()


def _is_language(form: FlaskForm, field: Field) -> None:
    if field.data not in LANGUAGES:
        raise ValidationError(_("Choose a language"))


class Form(FlaskForm):
    """A form whose errors can be shown in the order of the page."""

    @property
    def messages(self) -> dict[str, str]:
        """The first message of each field that has one."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if name and errors}

    def blame(self, name: str, message: str) -> None:
        """Show ``message`` at a field: what only an action could find out."""
        self[name].errors = [message]


class EmailForm(Form):
    """An address to write to."""

    email = EmailField(_("Email address"), filters=[_strip])

    def validate_email(self, field: EmailField) -> None:
        """It looks like an address that mail can be sent to."""
        if not field.data:
            raise ValidationError(_("Enter an email address"))
        if len(field.data) > EMAIL_LENGTH or not EMAIL.fullmatch(field.data):
            raise ValidationError(
                _("Enter an email address in the correct format, like name@example.gr")
            )


class LinkForm(EmailForm):
    """Where to send a link; ``next`` is where it leads on to."""

    next = HiddenField()


class SignInForm(LinkForm):
    """An e-mail address and its password."""

    password = PasswordField(_("Password"))
    carried = HiddenField()

    def validate_password(self, field: PasswordField) -> None:
        """There is one."""
        if not field.data:
            raise ValidationError(_("Enter your password"))


class NewPasswordForm(Form):
    """A password that ``member`` wants to have."""

    password = PasswordField(
        _("New password"),
        description=_(
            "At least %(count)s characters. Three or four words that do not belong together"
            " are easy to remember and hard to guess.",
            count=PASSWORD_SHORTEST,
        ),
    )

    def __init__(self, member: Member) -> None:
        super().__init__()
        self.member = member

    def validate_password(self, field: PasswordField) -> None:
        """It is long enough, and not made of the person's own name."""
        typed = field.data or ""
        length = len(typed if len(typed) > PASSWORD_TYPED_LONGEST else passwords.normal(typed))
        if not length:
            raise ValidationError(_("Enter a new password"))
        if length < PASSWORD_SHORTEST:
            raise ValidationError(
                _("The password must have at least %(count)s characters", count=PASSWORD_SHORTEST)
            )
        if length > PASSWORD_LONGEST:
            raise ValidationError(
                _("The password must have %(count)s characters or fewer", count=PASSWORD_LONGEST)
            )
        if passwords.is_guessable(field.data, self.member.email, self.member.name):
            raise ValidationError(
                _("This password is easy to guess. Choose one without your name and repetitions")
            )


class ChangePasswordForm(NewPasswordForm):
    """A new password, and the present one as proof."""

    current = PasswordField(_("Present password"))


class NameForm(Form):
    """How a person is called."""

    name = StringField(_("Full name"), filters=[tidy])

    def validate_name(self, field: StringField) -> None:
        """There is one, and it fits."""
        if not field.data:
            raise ValidationError(_("Enter a name"))
        if len(field.data) > NAME_LENGTH:
            raise ValidationError(
                _("The name must have %(count)s characters or fewer", count=NAME_LENGTH)
            )


class DetailsForm(NameForm):
    """What people say about themselves."""

    language = StringField(_("Language of messages to you"), [_is_language])
    delivery = StringField(_("How often messages come"), default="at_once")

    def validate_delivery(self, field: StringField) -> None:
        """It is one of the two."""
        if field.data not in get_args(Delivery):
            raise ValidationError(_("Choose how often messages come"))


class RightsForm(Form):
    """What somebody may do. ``municipalities`` are the choices, (code, name)."""

    role = StringField(_("Role"))
    municipality = StringField(_("Municipality"))
    is_coordinator = BooleanField(_("Coordinator of the municipality"))

    def __init__(
        self, municipalities: Sequence[tuple[str, str]], obj: Member | None = None
    ) -> None:
        # With a member: what is stored, whatever else was posted.
        super().__init__(**({"formdata": None, "obj": obj} if obj else {}))
        self.municipalities = municipalities

    def validate_role(self, field: StringField) -> None:
        """It is one of the three."""
        if field.data not in ROLES:
            raise ValidationError(_("Choose a role"))

    def validate_municipality(self, field: StringField) -> None:
        """A contributor belongs to one, and may coordinate there; for the others it is left out."""
        if self.role.data != "contributor":
            field.data, self.is_coordinator.data = None, False
        elif field.data not in dict(self.municipalities):
            raise ValidationError(_("Choose the municipality that the contributor works for"))


class InvitationForm(RightsForm, NameForm, EmailForm):
    """Whom to invite."""

    language = StringField(_("Language of the invitation"), [_is_language], default=DEFAULT)

    def profile(self) -> Profile:
        """The person that the valid form describes."""
        return Profile(
            email=normal_email(self.email.data),
            name=self.name.data,
            role=self.role.data,
            municipality=self.municipality.data,
            language=self.language.data,
            is_coordinator=self.is_coordinator.data,
        )


class MunicipalityForm(Form):
    """Where a municipality reads its mail, and whether its coordinator approves first."""

    mailbox = EmailField(_("Mailbox"), filters=[_strip])
    approves_first = BooleanField(_("The coordinator approves first"))
    opened = HiddenField()

    def validate_mailbox(self, field: EmailField) -> None:
        """It is empty, or looks like an address that mail can be sent to."""
        if field.data and (len(field.data) > EMAIL_LENGTH or not EMAIL.fullmatch(field.data)):
            raise ValidationError(
                _("Enter an email address in the correct format, like name@example.gr")
            )
