"""Topics of references, and how much is known. Titles are the first review's, or invented; codes were read by eye."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.checks.coverage import coverage
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.topics import reference_topics, topic_rules
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables.curated import ReferenceTopics

FOLDER = Path(__file__).parents[2] / "schemas" / "vocabularies"
VOCABULARIES = load_vocabularies(FOLDER)
RULES = load_coding_rules(FOLDER / "cues", VOCABULARIES).topics
SCHEMA = {
    "review_id": pl.String,
    "ref_no": pl.Int32,
    "title": pl.String,
    "title_start_char": pl.Int32,
    "title_end_char": pl.Int32,
}


def _references(*titles: str | None) -> pl.DataFrame:
    rows = [("r", number, title, 100, 100 + len(title or "")) for number, title in enumerate(titles, 1)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _topics(title: str) -> set[str]:
    return set(reference_topics(_references(title), RULES)["concept_id"])


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Surgery of cervical spine metastases: a retrospective study", {"surgery_unspecified", "cervical"}),
        (
            "Outcome after limited posterior surgery for thoracic and lumbar spine metastases",
            {"posterior_approach", "thoracic", "lumbar"},
        ),
        ("Lumbar spine metastasis in cervical carcinoma: a characteristic pattern", {"lumbar", "uterine_cervix"}),
        (
            "Cervical spine metastasis mimicking thyroid bed uptake in follicular thyroid carcinoma",
            {"cervical", "follicular_thyroid"},
        ),
        (
            "Diagnosis of spine metastases by FDG imaging using a gamma camera in the coincidence mode",
            {"fdg_gamma_camera"},
        ),
        (
            "Spine metastases in prostate cancer: comparison of technetium-99m-MDP whole-body bone scintigraphy, "
            "[18F]choline positron emission tomography (PET)/computed tomography (CT) and [18F]NaF PET/CT",
            {"prostate", "bone_scintigraphy", "choline_pet_ct", "naf_pet_ct"},
        ),
        (
            "Early magnetic resonance imaging biomarkers to predict local control after high dose stereotactic body "
            "radiotherapy for patients with sarcoma spine metastases",
            {"mri", "sbrt", "sarcoma"},
        ),
        (
            "Cyberknife radiosurgery for breast cancer spine metastases: a matched-pair analysis",
            {"cyberknife", "breast"},
        ),
        (
            "Efficacy and cost-effectiveness analysis of external beam and stereotactic body radiation therapy in the "
            "treatment of spine metastases: a matched-pair analysis",
            {"conventional_ebrt", "sbrt"},
        ),
        (
            "Minimally invasive muscle sparing posterior-only approach for lumbar circumferential decompression and "
            "stabilization to treat spine metastasis – technical report",
            {"minimally_invasive_surgery", "posterior_approach", "lumbar", "decompression", "reconstruction"},
        ),
        (
            "Radiosurgery compared with external radiation therapy as a primary treatment in spine metastasis from "
            "hepatocellular carcinoma: a multicenter, matched-pair study",
            {"stereotactic_radiosurgery", "conventional_ebrt", "hepatocellular"},
        ),
        ("Diagnosis and treatment of spine metastases", set()),
        ("Screening for cervical intraepithelial neoplasia", {"uterine_cervix"}),
        ("Cervical lymph nodes, thoracic aorta and lumbar puncture", set()),
        ("Optimization and stabilization of gold nanoparticles in glass ionomer cement", set()),
        ("Cervical intraspinal growth and intervertebral cement", {"cervical", "bone_cement"}),
        ("Breast, lung and colorectal cancers in the registry", {"breast", "lung", "colorectal"}),
        ("RT-PCR in MS: a pet theory of mass", set()),
        ("脊柱转移瘤的治疗", set()),
    ],
)
def test_what_a_title_is_about(title: str, expected: set[str]) -> None:
    assert _topics(title) == expected


def test_which_words_show_the_subject_is_data() -> None:
    references = _references("Surgical care of the knee")
    assert reference_topics(references, RULES).is_empty()
    of_knees = topic_rules(VOCABULARIES, ["knee|knees"])
    assert reference_topics(references, of_knees)["concept_id"].to_list() == ["surgery_unspecified"]


def test_the_table_keeps_cue_span_rule_and_confidence() -> None:
    title = "SBRT, SBRT and lung or breast cancer of the spine: surgical FDG (fluorodeoxyglucose) work"
    topics = reference_topics(_references(None, "Nothing", title), RULES)
    ReferenceTopics.validate(topics, lazy=True)
    assert topics.select("ref_no", "scheme", "concept_id", "cue_text", "rule_id", "confidence").rows() == [
        (3, "modality", "sbrt", "SBRT", "title_label", 0.95),
        (3, "cancer", "lung", "lung", "title_coordinate", 1.0),
        (3, "cancer", "breast", "breast cancer", "title_label", 1.0),
        (3, "modality", "surgery_unspecified", "surgical", "title_label", 0.8),
    ]
    for cue, start, end in topics.select("cue_text", "start_char", "end_char").iter_rows():
        assert title[start - 100 : end - 100] == cue


def test_an_abbreviation_that_the_title_defines() -> None:
    title = "HT of the spine: who gains from helical tomotherapy (HT)?"
    topics = reference_topics(_references(title), RULES)
    assert topics.select("concept_id", "cue_text", "rule_id").rows() == [
        ("helical_tomotherapy", "HT", "title_abbreviation")
    ]


def test_no_span_where_the_title_does_not_stand_in_one_piece() -> None:
    references = _references("Surgery of the spine").with_columns(title_end_char=pl.lit(150, pl.Int32))
    assert reference_topics(references, RULES).select("cue_text", "start_char", "end_char").rows() == [
        ("Surgery", None, None)
    ]


def test_no_reference_no_topic() -> None:
    topics = reference_topics(_references(), RULES)
    assert topics.is_empty()
    assert topics.schema["start_char"] == pl.Int32


def test_coverage_counts_subjects_once_and_not_stated_not_at_all() -> None:
    subjects = pl.DataFrame({"ref_no": [1, 2, 3, 3, 4]})
    coded = pl.DataFrame(
        {"ref_no": [1, 1, 2, 9], "design_id": ["case_report", "case_series", "not_stated", "case_report"]}
    )
    assert coverage("evidence", subjects, coded, ["ref_no"]).rows() == [("evidence", 4, 1, 0.25)]
    assert coverage("evidence", subjects.clear(), coded, ["ref_no"])["share"].to_list() == [None]
