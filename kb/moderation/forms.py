"""The forms of moderation: a decision with its reason, a comment on a field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from kb.i18n import TIMEZONE
from kb.moderation.model import ANSWERS, COMMENT_LENGTH, NOTE_LENGTH, REASON_LENGTH
from kb.typed import as_typed, is_readable, unshowable
from kb.vocabularies.model import Vocabularies, Vocabulary

KEY_LENGTH = 64
# How far ahead a time of publishing may lie.
FURTHEST = timedelta(days=366)

# How each of the ANSWERS to a criterion is called.
ANSWER_LABELS = {
    "yes": _("Yes"),
    "partly": _("Partly"),
    "no": _("No"),
    "not-applicable": _("Not applicable"),
}


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
    def level(self) -> str | None:
        """The level of evidence, where the form asks for one."""
        return None

    @property
    def maturity_level(self) -> str | None:
        """How mature it is, where the form asks for that."""
        return None

    @property
    def messages(self) -> dict[str, str]:
        """The first message of each field that has one, in the order of the page."""
        found = {name: str(errors[0]) for name, errors in self.errors.items() if errors}
        return {("" if name == "revision" else name): text for name, text in found.items()}


class AssessmentForm(DecisionForm):
    """The levels of evidence and maturity that were seen in a practice."""

    evidence = StringField(_("Level of evidence"))
    maturity = StringField(_("Maturity"))

    def __init__(self, books: Vocabularies) -> None:
        super().__init__()
        self.levels = books["evidence_levels"]
        self.maturities = books["maturity_levels"]

    @property
    def level(self) -> str | None:
        """The code of the level, empty for none; None where the form did not ask."""
        return str(self.evidence.data) if self.evidence.raw_data else None

    @property
    def maturity_level(self) -> str | None:
        """The same of the maturity."""
        return str(self.maturity.data) if self.maturity.raw_data else None

    def validate_evidence(self, field: StringField) -> None:
        """It is a level that there is."""
        if field.data and field.data not in self.levels.terms:
            raise ValidationError(_("Choose a level from the list"))

    def validate_maturity(self, field: StringField) -> None:
        """It is a level that there is."""
        if field.data and field.data not in self.maturities.terms:
            raise ValidationError(_("Choose a level from the list"))


class PublishForm(AssessmentForm):
    """To publish, now or at a time in Athens."""

    when = StringField(_("When"))
    at = StringField(_("Date and time"))

    @property
    def is_later(self) -> bool:
        return str(self.when.data) == "later"

    @property
    def due(self) -> str:
        """The time as stored. Raises ValueError or OverflowError for none that a clock shows."""
        typed = datetime.fromisoformat((self.at.data or "").strip()[:16]).replace(tzinfo=None)
        local = typed.replace(tzinfo=ZoneInfo(TIMEZONE))
        moment = local.astimezone(UTC)
        if moment.astimezone(local.tzinfo).replace(tzinfo=None) != typed:
            raise ValueError("the clocks leave that hour out")
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def validate_at(self, field: StringField) -> None:
        """There is a time, to come within a year, where one was asked for, and else none."""
        if not self.is_later:
            if (field.data or "").strip():
                raise ValidationError(
                    _("You gave a time. Choose “Later, at a set time”, or empty it")
                )
            return
        try:
            due = datetime.fromisoformat(self.due)
        except (ValueError, OverflowError):
            raise ValidationError(_("Write a date and a time, like 2027-01-31 09:00")) from None
        if not datetime.now(UTC) < due < datetime.now(UTC) + FURTHEST:
            raise ValidationError(_("Choose a time to come, within a year"))


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
        _check_reason(self.text)


class OwnReasonForm(DecisionForm):
    """A decision of the municipality itself, with its reason in one's own words."""

    reason = TextAreaField(_("Reason"))

    @property
    def text(self) -> str:
        return as_typed(self.reason.data)

    def validate_reason(self, field: TextAreaField) -> None:
        """There is one that can be read, and it fits."""
        _check_reason(self.text)


def _check_reason(text: str) -> None:
    if not is_readable(text):
        raise ValidationError(_("Write the reason; the contributor reads it"))
    if len(text) > REASON_LENGTH:
        raise ValidationError(
            _(
                "The reason has %(count)d characters; at most %(limit)d fit",
                count=len(text),
                limit=REASON_LENGTH,
            )
        )
    if sign := unshowable(text):
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


def read_checklist(
    form: Mapping[str, str], criteria: Vocabulary
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """The answers, {criterion: (answer, note)}, and a message for each that does not fit."""
    answers, wrong = {}, {}
    for code in criteria.terms:
        answer, note = form.get(f"answer_{code}", ""), as_typed(form.get(f"note_{code}"))
        if answer in ANSWERS:
            answers[code] = (answer, note)
        elif note:
            wrong[f"answer_{code}"] = str(_("Answer it too, where you write a note"))
        if len(note) > NOTE_LENGTH:
            wrong[f"note_{code}"] = str(
                _("The note is too long; at most %(limit)d characters fit", limit=NOTE_LENGTH)
            )
        if unshowable(note):
            wrong[f"note_{code}"] = str(_("The note has a character that cannot be shown"))
    return answers, wrong
