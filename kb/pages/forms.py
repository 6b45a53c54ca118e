"""The feedback form of the accessibility statement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from kb.accounts.model import EMAIL, EMAIL_LENGTH

MESSAGE_LENGTH = 4000
PAGE_LENGTH = 300


class FeedbackForm(FlaskForm):
    """What a reader could not use, and where to answer."""

    page = HiddenField(validators=[Length(max=PAGE_LENGTH)])
    message = TextAreaField(
        _("What is the problem?"),
        description=_("Say which page it was and what you wanted to do."),
        validators=[
            InputRequired(_("Describe the problem.")),
            Length(
                max=MESSAGE_LENGTH,
                message=_("The description is too long: at most 4,000 characters."),
            ),
        ],
    )
    email = StringField(
        _("Email address (optional)"),
        description=_("Only to answer you. Leave it empty if you do not need an answer."),
        filters=[lambda value: value.strip() if value else ""],
        validators=[
            Optional(),
            Length(max=EMAIL_LENGTH, message=_("This email address is too long.")),
            Regexp(
                f"(?:{EMAIL.pattern})$",
                message=_("Enter an email address like name@example.gr."),
            ),
        ],
    )
