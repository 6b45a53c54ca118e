"""The forms of a term: what was typed, as its wording or a message per field."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from kb.i18n import LANGUAGES
from kb.typed import as_typed, is_code, is_readable, tidy, tidy_lines, unshowable
from kb.vocabularies.model import (
    CODE_LENGTH,
    DEFINITION_LENGTH,
    LABEL_LENGTH,
    MOST_SYNONYMS,
    MOST_TERMS,
    SYNONYM_LENGTH,
    TEXT_LENGTH,
    Text,
    Vocabulary,
    Wording,
)

NO_TEXT: Text = dict.fromkeys(LANGUAGES, "")


def _fits(limit: int) -> Callable[[FlaskForm, Field], None]:
    def check(form: FlaskForm, field: Field) -> None:
        if len(field.data) > limit:
            raise ValidationError(
                _("This has %(count)d characters; at most %(limit)d can be kept.",
                  count=len(field.data), limit=limit)
            )  # fmt: skip
        if sign := unshowable(field.data):
            raise ValidationError(
                _("This has a character that cannot be shown (%(code)s).", code=sign)
            )

    return check


def _is_list(form: FlaskForm, field: Field) -> None:
    lines = field.data.splitlines()
    if len(lines) > MOST_SYNONYMS:
        raise ValidationError(_("At most %(count)d other names can be kept.", count=MOST_SYNONYMS))
    if any(len(line) > SYNONYM_LENGTH for line in lines):
        raise ValidationError(
            _("Each name may have up to %(count)d characters.", count=SYNONYM_LENGTH)
        )


class TermForm(FlaskForm):
    """What is written of a term. ``vocabulary`` is the one it is in, ``own_code`` which it is."""

    opened = HiddenField()
    label_el = StringField(_("Label in Greek"), [_fits(LABEL_LENGTH)], [tidy])
    label_en = StringField(_("Label in English"), [_fits(LABEL_LENGTH)], [tidy])
    definition_el = TextAreaField(_("Definition in Greek"), [_fits(DEFINITION_LENGTH)], [tidy])
    definition_en = TextAreaField(_("Definition in English"), [_fits(DEFINITION_LENGTH)], [tidy])
    text_el = TextAreaField(_("Ready text in Greek"), [_fits(TEXT_LENGTH)], [as_typed])
    text_en = TextAreaField(_("Ready text in English"), [_fits(TEXT_LENGTH)], [as_typed])
    synonyms_el = TextAreaField(_("Other names in Greek"), [_is_list], [tidy_lines])
    synonyms_en = TextAreaField(_("Other names in English"), [_is_list], [tidy_lines])

    def __init__(
        self, vocabulary: Vocabulary, own_code: str = "", stored: Wording | None = None
    ) -> None:
        # With a wording: what is stored, whatever was posted.
        super().__init__(**({"formdata": None, "data": _as_values(stored)} if stored else {}))
        self.vocabulary, self.own_code = vocabulary, own_code
        if not vocabulary.has_texts:
            del self.text_el, self.text_en

    @property
    def messages(self) -> dict[str, str]:
        """The first message of each field that has one."""
        return {name: str(errors[0]) for name, errors in self.errors.items() if name and errors}

    def wording(self) -> Wording:
        """What the valid form says."""
        return Wording(
            self._text("label"),
            self._text("definition"),
            self._text("text") if self.vocabulary.has_texts else NO_TEXT,
            self._text("synonyms"),
        )

    def differing(self, stored: Wording) -> list[tuple[Field, str, str]]:
        """Each field that reads differently in the store, with its language and what it has."""
        saved = _as_values(stored)
        return [
            (field, field.name[-2:], saved[field.name])
            for field in self
            if field.name in saved and field.data != saved[field.name]
        ]

    def validate_label_el(self, field: StringField) -> None:
        """There is one, and no other term has it."""
        self._check_label(field, "el")

    def validate_label_en(self, field: StringField) -> None:
        """There is one, and no other term has it."""
        self._check_label(field, "en")

    def _check_label(self, field: StringField, language: str) -> None:
        if not is_readable(field.data):
            raise ValidationError(_("Write the label; people choose by it"))
        for term in self.vocabulary.terms.values():
            is_same = term.label[language].casefold() == field.data.casefold()
            if is_same and term.code != self.own_code:
                raise ValidationError(_("Another term has this label: %(code)s", code=term.code))

    def _text(self, name: str) -> Text:
        return {language: self[f"{name}_{language}"].data for language in LANGUAGES}


class NewTermForm(TermForm):
    """A term that is not there yet."""

    code = StringField(_("Code"), [_fits(CODE_LENGTH)], [tidy])

    def validate_code(self, field: StringField) -> None:
        """It is made as codes are, and free; and there is room for another term."""
        if not is_code(field.data):
            raise ValidationError(
                _("Write a code of small Latin letters, digits and hyphens, like job-coaching")
            )
        if self.vocabulary.code_of(field.data):
            raise ValidationError(code_taken())
        if len(self.vocabulary.terms) >= MOST_TERMS:
            raise ValidationError(
                _("A vocabulary has at most %(count)d terms, and this one is full.",
                  count=MOST_TERMS)
            )  # fmt: skip


def code_taken() -> str:
    """Why a code cannot be had."""
    return str(_("Another term of this vocabulary has this code. Choose another one"))


def _as_values(wording: Wording) -> dict[str, str]:
    return {
        f"{name}_{language}": text
        for name, texts in vars(wording).items()
        for language, text in texts.items()
    }
