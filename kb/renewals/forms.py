"""The forms of confirming: a note, wanted or needed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import ValidationError

from kb.renewals.model import NOTE_LENGTH
from kb.typed import as_typed, is_readable, unshowable


class NoteForm(FlaskForm):
    """A sentence that whoever reads the log later may be glad of."""

    note = TextAreaField()

    @property
    def text(self) -> str:
        return as_typed(self.note.data)

    @property
    def messages(self) -> dict[str, str]:
        """The first message of each field that has one."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if errors}

    def validate_note(self, field: TextAreaField) -> None:
        """It fits, and can be shown."""
        if len(self.text) > NOTE_LENGTH:
            raise ValidationError(
                _(
                    "The text has %(count)d characters; at most %(limit)d fit",
                    count=len(self.text),
                    limit=NOTE_LENGTH,
                )
            )
        if sign := unshowable(self.text):
            raise ValidationError(
                _("The text has a character that cannot be shown (%(code)s)", code=sign)
            )


class ToldForm(NoteForm):
    """Who told a moderator, and how: without it nobody could ask later."""

    def validate_note(self, field: TextAreaField) -> None:
        """There is one."""
        if not is_readable(self.text):
            raise ValidationError(_("Write who confirmed it, and how"))
        super().validate_note(field)
