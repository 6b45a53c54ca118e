"""The data files are what the code that derives them makes, and have their sources named."""

from __future__ import annotations

from indexer import derive
from indexer.language import DATA
from indexer.meanings import meanings


def test_derived_files_are_up_to_date() -> None:
    assert derive.LEMMAS.read_text("utf-8") == derive.lemma_lines()
    assert derive.PAIRS.read_text("utf-8") == derive.pair_lines()


def test_every_file_has_its_source_named() -> None:
    source = (DATA / "SOURCE.txt").read_text("utf-8")
    assert all(path.name in source for path in DATA.iterdir() if path.name != "SOURCE.txt")


def test_every_line_of_the_word_field_has_both_languages() -> None:
    for line in (DATA / "domain.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            greek, english = line.split("\t")
            assert greek
            assert english


def test_the_thesaurus_goes_before_the_dictionary() -> None:
    kinds = [meaning.kind for meaning in meanings("refuge")]
    assert "translation" in kinds
    assert "dictionary" not in kinds
