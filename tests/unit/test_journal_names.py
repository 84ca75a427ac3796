"""Journal names are matched as a whole; similarity is used for suggestions only."""

from pathlib import Path

import pytest

from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.journal_names import match_journal, suggest_journals
from tests.hang import must_end

VOCABULARIES = load_vocabularies(Path(__file__).parents[2] / "schemas" / "vocabularies")


@pytest.mark.parametrize(
    ("printed", "journal_id"),
    [
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
    ],
)
def test_matches_the_printed_forms_of_a_name(printed: str, journal_id: str) -> None:
    assert match_journal(printed, VOCABULARIES) == journal_id


@pytest.mark.parametrize(
    "printed", ["", "  ", "J", "J Neurosurg", "Spine Deform", "Spin", "Spine J Suppl", "Radiología", "脊柱", "(.*)"]
)
def test_does_not_match_a_similar_name(printed: str) -> None:
    assert match_journal(printed, VOCABULARIES) is None


def test_suggests_similar_journals() -> None:
    assert suggest_journals("Eur Spin J", VOCABULARIES)[0] == "Eur Spine J"
    assert suggest_journals("脊柱", VOCABULARIES) == []


def test_a_very_long_name_does_not_hang() -> None:
    with must_end():
        assert match_journal("Spine " * 17_000, VOCABULARIES) is None
        suggest_journals("Spine " * 17_000, VOCABULARIES)
