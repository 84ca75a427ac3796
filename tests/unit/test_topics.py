"""Topics of reference titles, from the first review or invented, coded by hand; and the coverage of a scheme."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.checks.coverage import measure_coverage
from pipelines.curate.coding_rules import load_coding_rules
from pipelines.curate.topics import build_topic_rules, code_reference_topics
from pipelines.vocabularies.csv_files import load_vocabularies
from schemas.tables import SPECS
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
NO_PARTS = pl.DataFrame(schema=SPECS["text_parts"].polars_schema)


def _references(*titles: str | None) -> pl.DataFrame:
    """References with these titles, all at offset 100 of the source."""
    rows = [
        {
            "review_id": "r",
            "ref_no": ref_no,
            "title": title,
            "title_start_char": 100,
            "title_end_char": 100 + len(title or ""),
        }
        for ref_no, title in enumerate(titles, 1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _topics(title: str) -> set[str]:
    return set(code_reference_topics(_references(title), RULES, NO_PARTS)["concept_id"])


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
def test_finds_the_topics_of_a_title(title: str, expected: set[str]) -> None:
    assert _topics(title) == expected


def test_the_context_that_vague_labels_need_is_data() -> None:
    references = _references("Surgical care of the knee")
    assert code_reference_topics(references, RULES, NO_PARTS).is_empty()
    knee_rules = build_topic_rules(VOCABULARIES, ["knee|knees"])
    topics = code_reference_topics(references, knee_rules, NO_PARTS)
    assert topics["concept_id"].to_list() == ["surgery_unspecified"]


def test_table_has_cue_span_rule_and_confidence() -> None:
    title = "SBRT, SBRT and lung or breast cancer of the spine: surgical FDG (fluorodeoxyglucose) work"
    topics = code_reference_topics(_references(None, "Nothing", title), RULES, NO_PARTS)
    ReferenceTopics.validate(topics, lazy=True)
    assert topics.select("ref_no", "scheme", "concept_id", "cue_text", "rule_id", "confidence").rows() == [
        (3, "modality", "sbrt", "SBRT", "title_label", 0.95),
        (3, "cancer", "lung", "lung", "title_coordinate", 1.0),
        (3, "cancer", "breast", "breast cancer", "title_label", 1.0),
        (3, "modality", "surgery_unspecified", "surgical", "title_label", 0.8),
    ]
    for cue, start, end in topics.select("cue_text", "start_char", "end_char").iter_rows():
        assert title[start - 100 : end - 100] == cue


def test_finds_an_abbreviation_that_the_title_defines() -> None:
    title = "HT of the spine: who gains from helical tomotherapy (HT)?"
    topics = code_reference_topics(_references(title), RULES, NO_PARTS)
    assert topics.select("concept_id", "cue_text", "rule_id").rows() == [
        ("helical_tomotherapy", "HT", "title_abbreviation")
    ]


def test_the_cue_of_a_title_that_is_interrupted_in_the_source_has_no_span_without_its_parts() -> None:
    references = _references("Surgery of the spine").with_columns(title_end_char=pl.lit(150, pl.Int32))
    topics = code_reference_topics(references, RULES, NO_PARTS)
    assert topics.select("cue_text", "start_char", "end_char").rows() == [("Surgery", None, None)]


def test_the_cue_of_an_interrupted_title_is_located_by_its_parts() -> None:
    references = _references("Open surgery of the cervical spine").with_columns(title_end_char=pl.lit(150, pl.Int32))
    part = {"review_id": "r", "subject_table": "bib_references", "subject_key": "1", "field": "title"}
    parts = pl.DataFrame(
        [
            {**part, "part_no": 1, "text_offset": 0, "start_char": 100, "end_char": 113},
            {**part, "part_no": 2, "text_offset": 13, "start_char": 129, "end_char": 150},
        ],
        schema=SPECS["text_parts"].polars_schema,
    )
    topics = code_reference_topics(references, RULES, parts)
    assert topics.select("cue_text", "start_char", "end_char").rows() == [
        ("Open surgery", 100, 112),
        ("cervical spine", 136, 150),
    ]


def test_accepts_an_empty_reference_list() -> None:
    topics = code_reference_topics(_references(), RULES, NO_PARTS)
    assert topics.is_empty()
    assert topics.schema["start_char"] == pl.Int32


def test_coverage_counts_each_subject_once_and_ignores_not_stated() -> None:
    subjects = pl.DataFrame({"ref_no": [1, 2, 3, 3, 4]})
    coded = pl.DataFrame(
        {"ref_no": [1, 1, 2, 9], "design_id": ["case_report", "case_series", "not_stated", "case_report"]}
    )
    assert measure_coverage("evidence", subjects, coded, ["ref_no"]).rows() == [("evidence", 4, 1, 0.25)]
    assert measure_coverage("evidence", subjects.clear(), coded, ["ref_no"])["share"].to_list() == [None]
