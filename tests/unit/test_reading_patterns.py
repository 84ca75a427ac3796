"""The words by which readers recognise parts of a review: how phrases are written, and what an edit of them causes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import readers
from pipelines.common.settings import VOCABULARIES, VOCABULARIES_VARIABLE
from pipelines.common.workers import SerialEngine
from pipelines.extract import reference_parser
from pipelines.extract.reading_batches import ingest_sources
from pipelines.readers.reading_patterns import WORD_LISTS, any_phrase, check_reading_words, use_current_words
from pipelines.readers.text import read_text
from pipelines.sources.source_folder import list_sources
from pipelines.vocabularies.schemes import VocabularyError
from pipelines.vocabularies.word_lists import READING_WORDS
from tests import mini_review


@pytest.fixture
def words(tmp_path: Path) -> Iterator[Path]:
    """The file of reading words in a copy of the vocabularies that readers use during the test."""
    folder = Path(shutil.copytree(VOCABULARIES, tmp_path / "vocabularies"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VOCABULARIES_VARIABLE, str(folder))
        yield folder / READING_WORDS
    use_current_words()


def add_line(words: Path, line: str) -> None:
    with words.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    use_current_words()


def matches(word_list: str, text: str) -> bool:
    return re.fullmatch(any_phrase(word_list), text) is not None


def test_a_phrase_allows_any_white_space_between_words() -> None:
    assert matches("reference_list_heading", "works cited")
    assert matches("reference_list_heading", "works \t cited")
    assert not matches("reference_list_heading", "workscited")


def test_alternatives_are_whole_words() -> None:
    assert matches("figure_label", "fig.")
    assert matches("figure_label", "fig")
    assert not matches("figure_label", "figx")
    assert matches("reference_list_heading", "references and notes")


def test_an_asterisk_continues_a_word_or_replaces_one() -> None:
    assert matches("after_references_heading", "supplementary")
    assert matches("after_references_heading", "supplementary data files")
    assert not matches("after_references_heading", "supplementary one two three four")
    assert matches("first_section_heading", "introduction and background")
    assert not matches("first_section_heading", "introduction and")


def test_both_apostrophes_are_read() -> None:
    assert matches("after_references_start", "publisher's note")
    assert matches("after_references_start", "publisher’s note")


def test_other_signs_are_taken_literally() -> None:
    assert matches("table_label", "tab.")
    assert not matches("table_label", "tabx")


def test_the_longest_phrase_is_preferred() -> None:
    match = re.match(any_phrase("reference_list_heading"), "literature cited")
    assert match is not None
    assert match.group(0) == "literature cited"


def test_every_list_is_used_and_every_used_list_is_declared() -> None:
    packages = (readers, reference_parser)
    code = "".join(path.read_text(encoding="utf-8") for p in packages for path in Path(p.__path__[0]).rglob("*.py"))
    assert set(re.findall(r"""(?:any_phrase|reading_words)\(['"](\w+)['"]\)""", code)) == WORD_LISTS


def test_the_shipped_words_are_valid() -> None:
    check_reading_words(VOCABULARIES)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("figure_label,fig||plan,", r"line \d+: 'fig\|\|plan' has an empty alternative; write a word on both sides"),
        ("figure_label,figure,", r"line \d+: 'figure' of figure_label is already on line"),
        ("figure_labels,plan,", r"line \d+: word_list 'figure_labels' is unknown"),
        ("figure_label,,", r"line \d+: word_list or word is missing"),
    ],
)
def test_a_broken_edit_is_rejected(line: str, message: str, words: Path) -> None:
    with pytest.raises(VocabularyError, match=message):
        add_line(words, line)


def test_a_header_phrase_with_two_roles_is_rejected(words: Path) -> None:
    with (words.parent / "table_words.csv").open("a", encoding="utf-8") as file:
        file.write("header_dose,study design,\n")
    with pytest.raises(VocabularyError, match=r"'study design' of header_dose is in header_design too"):
        use_current_words()


def test_a_list_without_words_is_rejected(words: Path) -> None:
    lines = [line for line in words.read_text(encoding="utf-8").splitlines() if not line.startswith("table_label,")]
    words.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(VocabularyError, match="word_list table_label is missing"):
        use_current_words()


def test_a_new_word_is_read_without_a_new_process(words: Path) -> None:
    data = (
        b"Casts\n\nIntroduction\n\nText.\n\nWorks we read\n\n1. Ek A. Casts. 2001.\n\nBibliography\n\n1. Bo B. Vests.\n"
    )
    assert [entry.text.value for entry in read_text(data, name="a.txt").references] == ["Bo B. Vests."]
    add_line(words, "after_references_heading,bibliography,")
    add_line(words, "reference_list_heading,works we read,")
    words.write_text(words.read_text(encoding="utf-8").replace("reference_list_heading,bibliography,\n", ""), "utf-8")
    use_current_words()
    assert [entry.text.value for entry in read_text(data, name="a.txt").references] == ["Ek A. Casts. 2001."]


def test_an_edit_makes_reviews_be_read_again(words: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    mini_review.add_source(raw, "heel", mini_review.text().encode())

    def count_read() -> int:
        with ingest_sources(list_sources(raw), tmp_path / "cache", engine=SerialEngine()) as ingestion:
            return ingestion.n_read

    assert [count_read(), count_read()] == [1, 0]
    add_line(words, "figure_label,drawing,")
    assert [count_read(), count_read()] == [1, 0]
