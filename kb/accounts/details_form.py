"""The forms of what a municipality is called and where it lies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from kb.accounts.forms import Form
from kb.municipalities.model import LATITUDES, LONGITUDES, Details, Municipality
from kb.municipalities.store import region_code
from kb.typed import is_code, is_readable, tidy, tidy_lines
from kb.vocabularies.model import Text

NAME_LENGTH = 100
CODE_LENGTH = 40
MOST_ALIASES = 30
LARGEST_POPULATION = 10_000_000

DEGREES = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,8})?")
SINCE = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2]))?")
NUMBER = re.compile(r"[0-9]{1,8}")


def _digits(text: str | None) -> str:
    """A whole number without the points and spaces that part its thousands."""
    return re.sub(r"[.,\s]", "", tidy(text))


def _fits(form: Form, field: Field) -> None:
    if len(field.data or "") > NAME_LENGTH:
        raise ValidationError(_("Enter %(count)s characters or fewer", count=NAME_LENGTH))


def _is_name(form: Form, field: Field) -> None:
    if not is_readable(field.data or ""):
        raise ValidationError(_("Enter a name"))
    _fits(form, field)


def _is_within(field: Field, bounds: tuple[float, float]) -> None:
    typed = field.data or ""
    low, high = bounds
    if typed and not (DEGREES.fullmatch(typed) and low <= _number(typed) <= high):
        message = _("Enter degrees between %(low)s and %(high)s, or nothing", low=low, high=high)
        raise ValidationError(message)


def _number(typed: str) -> float:
    return float(typed.replace(",", "."))


class DetailsForm(Form):
    """What a municipality is called, where it lies, and whether it is a member.

    ``others`` are the other municipalities; ``place`` is this one, with what is ``saved`` of it
    where nothing was typed yet.
    """

    name_el = StringField(_("Name in Greek"), [_is_name], [tidy])
    name_en = StringField(_("Name in English"), [_is_name], [tidy])
    official_name_el = StringField(_("Official name in Greek"), [_is_name], [tidy])
    official_name_en = StringField(_("Official name in English"), [_is_name], [tidy])
    genitive_el = StringField(_("Name in the Greek genitive"), [_is_name], [tidy])
    aliases = TextAreaField(_("Other spellings"), filters=[tidy_lines])
    region = StringField(_("Region"))
    region_el = StringField(_("Region in Greek, genitive"), [_fits], [tidy])
    region_en = StringField(_("Region in English"), [_fits], [tidy])
    population_2021 = StringField(_("Population (2021)"), filters=[_digits])
    lat = StringField(_("Latitude"), filters=[tidy])
    lon = StringField(_("Longitude"), filters=[tidy])
    joined = StringField(_("Member since"), filters=[tidy])
    is_member = BooleanField(_("Member of the network"))
    opened = HiddenField()

    def __init__(
        self,
        others: Sequence[Municipality],
        place: Municipality | None = None,
        saved: Details | None = None,
    ) -> None:
        super().__init__(**({"formdata": None, "data": typed(saved)} if saved else {}))
        self.taken = {name.casefold() for each in others for name in each.name.values()}
        self.regions_of_others = regions(others)
        self.regions = regions([*others, place] if place else others)

    def validate_name_el(self, field: StringField) -> None:
        """No other municipality has it."""
        self._is_no_other(field)

    def validate_name_en(self, field: StringField) -> None:
        """No other municipality has it."""
        self._is_no_other(field)

    def _is_no_other(self, field: Field) -> None:
        if (field.data or "").casefold() in self.taken:
            raise ValidationError(_("Another municipality has this name"))

    def validate_aliases(self, field: TextAreaField) -> None:
        """They are not too many, and each fits."""
        spellings = (field.data or "").splitlines()
        if len(spellings) > MOST_ALIASES:
            message = ngettext(
                "Enter at most %(num)s spelling", "Enter at most %(num)s spellings", MOST_ALIASES
            )
            raise ValidationError(message)
        if any(len(each) > NAME_LENGTH for each in spellings):
            raise ValidationError(
                _("Each spelling must have %(count)s characters or fewer", count=NAME_LENGTH)
            )

    def validate_region(self, field: StringField) -> None:
        """It is one in use, unless another one is typed."""
        if not (self.region_el.data or self.region_en.data) and field.data not in self.regions:
            raise ValidationError(_("Choose a region, or enter another one"))

    def validate_region_el(self, field: StringField) -> None:
        """It has a name where the other language has one."""
        if self.region_en.data and not is_readable(field.data or ""):
            raise ValidationError(_("Enter the region in Greek, too"))

    def validate_region_en(self, field: StringField) -> None:
        """It has a name in Latin letters, which its code is made of; and it is another one."""
        if (self.region_el.data or field.data) and not region_code(field.data or ""):
            raise ValidationError(_("Enter the region in English, too, in Latin letters"))
        if region_code(field.data or "") in self.regions_of_others:
            raise ValidationError(_("This region is in the list. Choose it there"))

    def validate_population_2021(self, field: StringField) -> None:
        """It is a number, or nothing."""
        number = field.data or ""
        if number and not (NUMBER.fullmatch(number) and int(number) <= LARGEST_POPULATION):
            raise ValidationError(_("Enter a whole number, or nothing"))

    def validate_lat(self, field: StringField) -> None:
        """It is on the map of Greece, and has a longitude with it."""
        _is_within(field, LATITUDES)
        if self.lon.data and not field.data:
            raise ValidationError(_("Enter the latitude, too"))

    def validate_lon(self, field: StringField) -> None:
        """It is on the map of Greece, and has a latitude with it."""
        _is_within(field, LONGITUDES)
        if self.lat.data and not field.data:
            raise ValidationError(_("Enter the longitude, too"))

    def validate_joined(self, field: StringField) -> None:
        """It is a year or a month, or nothing."""
        if field.data and not SINCE.fullmatch(field.data):
            raise ValidationError(_("Enter a year or a month, such as 2018 or 2018-01, or nothing"))

    def details(self) -> Details:
        """What the valid form says."""
        code, region = self._region()
        texts = {name: self[name].data for name in TEXTS}
        return Details(
            **texts,
            region=code,
            region_el=region["el"],
            region_en=region["en"],
            population_2021=int(self.population_2021.data) if self.population_2021.data else None,
            lat=_number(self.lat.data) if self.lat.data else None,
            lon=_number(self.lon.data) if self.lon.data else None,
            joined=self.joined.data or None,
            is_member=not self.is_member or self.is_member.data,
            aliases=tuple(sorted(self.aliases.data.splitlines())),
        )

    def _region(self) -> tuple[str, Text]:
        """The region that was typed, else the one that was chosen."""
        if self.region_en.data:
            new = {"el": self.region_el.data, "en": self.region_en.data}
            return region_code(new["en"]), new
        return self.region.data, self.regions[self.region.data]


TEXTS = ("name_el", "name_en", "official_name_el", "official_name_en", "genitive_el")


class NewMunicipalityForm(DetailsForm):
    """The same of one that joins the network: so it is a member, and gets its code."""

    code = StringField(_("Code in addresses"), filters=[tidy])
    is_member = None

    def validate_code(self, field: StringField) -> None:
        """It can stand in an address."""
        if not is_code(field.data or "") or len(field.data) > CODE_LENGTH:
            raise ValidationError(
                _(
                    "Enter at most %(count)s Latin small letters and digits; hyphens between words",
                    count=CODE_LENGTH,
                )
            )


def regions(municipalities: Iterable[Municipality]) -> dict[str, Text]:
    """The regions of Greece that they lie in, by their codes."""
    return {each.region: each.region_name for each in municipalities if not each.is_elsewhere}


def typed(saved: Details) -> dict[str, Any]:
    """What somebody would have typed to say what is saved."""
    return {
        **{name: getattr(saved, name) for name in (*TEXTS, "region", "is_member")},
        **{name: _text(getattr(saved, name)) for name in ("population_2021", "lat", "lon")},
        "joined": saved.joined or "",
        "aliases": "\n".join(saved.aliases),
        "opened": saved.mark,
    }


def _text(number: float | None) -> str:
    return "" if number is None else str(number)
