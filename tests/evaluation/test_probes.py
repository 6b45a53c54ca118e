"""Titles spoilt by rules are what they say they are."""

from __future__ import annotations

from evaluation.probes import probes

TITLES = [("metoikos", "Γραφείο Υποστήριξης Μεταναστών και Προσφύγων", "Migrant support office")]


def test_a_title_is_spoilt_in_every_way() -> None:
    texts = {way: text for way, text, _, _ in probes(TITLES)}
    assert texts["el-unaccented"] == "υποστηριξησ μεταναστων προσφυγων"
    assert texts["el-capitals"] == "ΥΠΟΣΤΗΡΙΞΗΣ ΜΕΤΑΝΑΣΤΩΝ ΠΡΟΣΦΥΓΩΝ"
    assert texts["el-misspelt"] == "υποστιριξησ μεταναστων προσφιγων"
    assert texts["el-wrong-layout"] == "yposthrijhs metanastvn prosfygvn"
    assert texts["greeklish-elot"] == "ypostirixis metanaston prosfygon"
    assert texts["greeklish-look"] == "uposthri3hs metanastwn prosfugwn"
    assert texts["greeklish-ear"] == "ipostiriksis metanaston prosfigon"
    assert texts["en-as-written"] == "migrant support office"


def test_a_slip_is_one_letter_and_the_same_every_time() -> None:
    spoilt = [{way: text for way, text, _, _ in probes(TITLES)} for _ in range(2)]
    assert spoilt[0] == spoilt[1]
    words = spoilt[0]["el-unaccented"].split()
    slipped = spoilt[0]["el-slip"].split()
    assert sum(before != after for before, after in zip(words, slipped, strict=True)) == 1
