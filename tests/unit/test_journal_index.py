"""Journals are found by names as a whole, by ISSN, and by names that abbreviate one title; likeness decides nothing."""

from __future__ import annotations

import lzma
from pathlib import Path

import polars as pl
import pytest

from pipelines.common.settings import VOCABULARIES
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.derive_journals import derive_journals, write_journals
from pipelines.vocabularies.general_schemes import GENERAL
from pipelines.vocabularies.journal_index import FILE, JournalIndex, journals_frame, load_journal_index
from pipelines.vocabularies.journal_keys import journal_key, shorten_name
from pipelines.vocabularies.schemes import VocabularyError
from schemas.tables import SPECS
from tests.hang import must_end

CURATED = load_vocabularies(VOCABULARIES).journals
JOURNALS = load_journal_index(VOCABULARIES / GENERAL, CURATED)


@pytest.mark.parametrize(
    ("printed", "journal_id"),
    [
        # Curated
        ("Spine (Phila Pa 1976)", "spine_phila_pa_1976"),
        ("Spine", "spine_phila_pa_1976"),
        ("SPINE", "spine_phila_pa_1976"),
        ("Spine J", "spine_j"),
        ("Spine J.", "spine_j"),
        ("The Spine Journal", "spine_j"),
        ("Eur Spine J", "eur_spine_j"),
        ("European Spine Journal", "eur_spine_j"),
        ("Journal of Neurosurgery: Spine", "j_neurosurg_spine"),
        ("J. Neurosurg. Spine", "j_neurosurg_spine"),
        ("Pain Research and Management", "pain_res_manag"),
        ("British Journal of Radiology", "br_j_radiol"),
        ("The Lancet", "lancet"),
        ("J. Biol. Chem.", "j_biol_chem"),
        # NLM's list
        ("PLoS ONE", "plos_one"),
        ("PloS one", "plos_one"),
        ("Science", "science"),
        ("Cell", "cell"),
        ("Cells", "cells"),
        ("Mol. Cell", "mol_cell"),
        ("Proc. Natl. Acad. Sci. U.S.A.", "proc_natl_acad_sci_usa"),
        ("PNAS", "proc_natl_acad_sci_usa"),
        ("Occup Med (Lond)", "occup_med_lond"),
        ("Journal of Forensic & Legal Medicine", "j_forensic_leg_med"),
        ("World Journal of Gastroenterology: WJG", "world_j_gastroenterol"),
        # Abbreviations that are not NLM's
        ("BMC Genom.", "bmc_genomics"),
        ("Int. J. Nanomed.", "int_j_nanomedicine"),
        ("Nature Clim Change", "nat_clim_chang"),
    ],
)
def test_finds_the_printed_forms_of_a_name(printed: str, journal_id: str) -> None:
    assert JOURNALS.find(printed) == journal_id


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "  ",
        "Spin",
        "Spine J Suppl",
        "脊柱",
        "(.*)",
        "J. Sport",
        "Journal",
        "Int. J. Agric. Res.",
        "Korea J. Herbol.",
    ],
)
def test_does_not_find_a_similar_name(printed: str) -> None:
    assert JOURNALS.find(printed) is None


def test_a_part_is_not_the_journal_that_it_is_a_part_of() -> None:
    assert list(shorten_name("Food Additives & Contaminants: Part A")) == []
    assert list(shorten_name("Gut : a journal (London)")) == ["Gut : a journal", "Gut", "Gut"]


def test_single_letters_are_one_word() -> None:
    assert (
        journal_key("Proc. Natl. Acad. Sci. U.S.A.")
        == journal_key("Proc Natl Acad Sci USA")
        == "proc natl acad sci usa"
    )
    assert journal_key("The Éducation & Health") == "education and health"


def test_finds_a_journal_by_either_issn() -> None:
    assert JOURNALS.find_by_issn("0362-2436") == "spine_phila_pa_1976"
    assert JOURNALS.find_by_issn("1932-6203") == "plos_one"
    assert JOURNALS.find_by_issn("0000-0000") is None


def test_publishes_the_list_that_a_journal_is_from() -> None:
    frame = journals_frame(JOURNALS, ["plos_one", "spine_j"])
    assert frame.schema == SPECS["journals"].polars_schema
    assert frame.select("journal_id", "abbreviation", "nlm_id", "source").rows() == [
        ("plos_one", "PLoS One", "101285081", "nlm"),
        ("spine_j", "Spine J", "101130732", "curated"),
    ]


def _journal(title: str, abbreviation: str, nlm_id: str, online: str = "") -> dict[str, str]:
    names = {"title": title, "med_abbr": abbreviation, "iso_abbr": abbreviation}
    return {**names, "issn_print": "", "issn_online": online, "nlm_id": nlm_id}


def _index(*journals: dict[str, str]) -> JournalIndex:
    return JournalIndex({}, pl.DataFrame(list(derive_journals(journals, []))))


def test_a_title_of_several_journals_is_that_of_the_one_with_an_online_edition() -> None:
    old, new = _journal("Heel", "Heel (1900)", "1"), _journal("Heel", "Heel (2000)", "2", "1234-5678")
    assert _index(old, new).find("Heel") == "heel_2000"
    assert _index(old, {**new, "issn_online": ""}).find("Heel") is None


def test_an_abbreviation_counts_more_than_a_title() -> None:
    index = _index(_journal("Heel", "Heel Lond", "1"), _journal("Heel and sole", "Heel", "2"))
    assert index.find("Heel") == "heel"


def test_an_abbreviation_of_two_titles_is_neither() -> None:
    journals = [_journal("Heel research letters", "Heel Res Lett", "1"), _journal("Heel resection letters", "HRL", "2")]
    assert _index(*journals).find("Heel Rese Letters") is None
    assert _index(journals[0]).find("Heel Rese Letters") == "heel_res_lett"


def test_two_journals_with_the_same_abbreviation_have_ids_of_their_own() -> None:
    rows = derive_journals([_journal("Heel", "Foot", "7A"), _journal("Sole", "Foot", "8")], [])
    assert [row["journal_id"] for row in rows] == ["foot", "foot_8"]


def test_a_further_name_of_an_unknown_journal_is_named() -> None:
    with pytest.raises(ValueError, match="'Nowhere' is no MEDLINE abbreviation"):
        list(derive_journals([_journal("Heel", "Heel", "1")], [{"abbreviation": "Nowhere", "name": "N"}]))


def test_a_damaged_list_is_refused_with_the_fix(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no xz")
    with pytest.raises(VocabularyError, match="just journals"):
        load_journal_index(tmp_path, {})
    (tmp_path / FILE).write_bytes(lzma.compress(b"a,b\n1,2\n"))
    with pytest.raises(VocabularyError, match="the columns are not"):
        load_journal_index(tmp_path, {})
    (tmp_path / FILE).write_bytes(write_journals(list(derive_journals([_journal("Heel", "Heel", "1")], []))))
    assert load_journal_index(tmp_path, {}).find("heel") == "heel"


def test_a_very_long_name_does_not_hang() -> None:
    with must_end():
        assert JOURNALS.find("Spine " * 17_000) is None
