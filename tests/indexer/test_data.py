"""The data files are what the code that derives them makes, and have their sources named."""

from __future__ import annotations

from indexer import derive
from indexer.language import DATA, is_greek
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


def test_no_stem_is_joined_to_one_of_the_other_alphabet() -> None:
    """The lists of lemmas hold labels of their tables as forms: "language" as one of άντρας."""
    lines = derive.LEMMAS.read_text("utf-8").splitlines()[1:]
    pairs = [line.split("\t") for line in lines]
    assert [pair for pair in pairs if is_greek(pair[0]) != is_greek(pair[1])] == []
