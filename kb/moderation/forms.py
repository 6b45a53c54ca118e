"""The forms of moderation: a decision with its reason, a comment on a field."""

from __future__ import annotations

import unicodedata

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from kb.moderation.model import COMMENT_LENGTH, REASON_LENGTH
from kb.vocabularies.model import Vocabulary

KEY_LENGTH = 64


class DecisionForm(FlaskForm):
    """A decision that needs no reason."""

    revision = HiddenField()

    def validate_revision(self, field: HiddenField) -> None:
        """It names a revision."""
        if not (field.data or "").isdecimal():
            raise ValidationError(
                _("This form was not sent whole. Look at the practice again, then decide.")
            )

    @property
    def revision_id(self) -> int:
        return int(self.revision.data[:18])

    @property
    def text(self) -> str:
        """The reason, as the author will read it."""
        return ""

    @property
    def messages(self) -> dict[str, str]:
        """The first message of each field that has one, in the order of the page."""
        found = {name: str(errors[0]) for name, errors in self.errors.items() if errors}
        return {("" if name == "revision" else name): text for name, text in found.items()}


class ReasonForm(DecisionForm):
    """A decision with its reason: in one's own words, from a ready text, or both.

    With JavaScript a ready text goes into the box and can be edited there, and ``ready`` is not
    sent. Without, it is put before what was typed.
    """

    ready = SelectField(_("Ready text"), validate_choice=False)
    reason = TextAreaField(_("Reason"))

    def __init__(self, reasons: Vocabulary, language: str) -> None:
        super().__init__()
        self.language = language
        self.texts = {code: term.text.get(language, "") for code, term in reasons.terms.items()}

    @property
    def text(self) -> str:
        typed = as_typed(self.reason.data)
        chosen = self.texts.get(self.ready.data or "", "")
        return "\n\n".join(part for part in (chosen, typed) if part)

    def validate_reason(self, field: TextAreaField) -> None:
        """There is one that can be read, and it fits."""
        if not is_readable(self.text):
            raise ValidationError(_("Write the reason; the contributor reads it"))
        if len(self.text) > REASON_LENGTH:
            raise ValidationError(
                _(
                    "The reason has %(count)d characters; at most %(limit)d fit",
                    count=len(self.text),
                    limit=REASON_LENGTH,
                )
            )
        if sign := unshowable(self.text):
            raise ValidationError(
                _("The reason has a character that cannot be shown (%(code)s)", code=sign)
            )


class CommentForm(FlaskForm):
    """A comment on a field, or an answer to one. Its key makes a form sent twice one comment."""

    key = HiddenField()
    field = HiddenField()
    language = HiddenField()
    text = TextAreaField(_("Comment"))

    @property
    def written(self) -> str:
        return as_typed(self.text.data)

    def validate_key(self, field: HiddenField) -> None:
        """It has one, of a length that ours have."""
        if not 8 <= len(field.data or "") <= KEY_LENGTH:
            raise ValidationError(_("This form was not sent whole. Write the comment again."))

    def validate_text(self, field: TextAreaField) -> None:
        """There is one that can be read, and it fits."""
        if not is_readable(self.written):
            raise ValidationError(_("Write the comment"))
        if len(self.written) > COMMENT_LENGTH:
            raise ValidationError(
                _(
                    "The comment has %(count)d characters; at most %(limit)d fit",
                    count=len(self.written),
                    limit=COMMENT_LENGTH,
                )
            )
        if sign := unshowable(self.written):
            raise ValidationError(
                _("The comment has a character that cannot be shown (%(code)s)", code=sign)
            )

    @property
    def message(self) -> str:
        """The first thing that is wrong with it."""
        return next((str(errors[0]) for errors in self.errors.values() if errors), "")


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
