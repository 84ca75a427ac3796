"""The matcher: which words of a text match a label, which only look like it, and the offsets of matches."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.vocabularies.abbreviations import defined_abbreviations
from pipelines.vocabularies.csv_files import load_vocabularies
from pipelines.vocabularies.matcher import Label, ListedLabels, Matcher, fold_text
from tests.hang import must_end

VOCABULARIES = load_vocabularies(Path(__file__).parents[2] / "schemas" / "vocabularies")
TOPICS = Matcher(ListedLabels(VOCABULARIES.labels("cancer", "modality", "imaging", "region")))


def _matcher(*labels: str) -> Matcher:
    """A matcher whose concept ids are the labels."""
    return Matcher(ListedLabels(Label("s", label, label, "pref") for label in labels))


def _cues(matcher: Matcher, text: str, **abbreviations: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.concept_id) for m in matcher.find(text, abbreviations)]


def _concepts(text: str) -> list[str]:
    return [match.concept_id for match in TOPICS.find(text, defined_abbreviations(text))]


@pytest.mark.parametrize(
    "text",
    [
        "image guided",
        "Image-Guided",
        "image\u2013guided",
        "image\u2011guided",
        "image  guided",
        "image/guided",
        "IMAGE GUIDED",
        "i\u00admage\u200b-guided",
        "ima\u0301ge guided",
        "image\nguided",
    ],
)
def test_matches_variants_of_a_spelling(text: str) -> None:
    assert _cues(_matcher("image-guided"), f"({text}),") == [(text, "image-guided")]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("tumour", "tumors"),
        ("haematological", "hematological"),
        ("randomised trial", "Randomized Trials"),
        ("oesophagus", "Esophagus"),
        ("stabilisation", "stabilizations"),
        ("therapy", "therapies"),
        ("3D conformal", "3-D conformal"),
        ("18F-FDG", "[18F]FDG"),
        ("Strasse", "Straße"),
        ("istanbul", "İstanbul"),
        ("fixation", "ﬁxation"),
        ("Høiland", "HØILAND"),
    ],
)
def test_folds_equivalent_spellings_to_the_same_form(label: str, text: str) -> None:
    assert fold_text(label) == fold_text(text)


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("surgery", "radiosurgery"),
        ("surgery", "neurosurgeryless"),
        ("HT", "the ht of it"),
        ("HT", "HT29 cells"),
        ("MS", "18MS"),
        ("RFA", "rfa"),
        ("CT", "Ct"),
        ("prospective", "retrospective"),
        ("spine surgery", "of the spine. Surgery"),
        ("spine surgery", "of the spine, surgery"),
        ("spine surgery", "of the spine (surgery"),
        ("surgery, unspecified", "surgery unspecified"),
        ("case", "casein"),
    ],
)
def test_does_not_match_words_that_only_look_like_the_label(label: str, text: str) -> None:
    assert _cues(_matcher(label), text) == []


def test_a_superscript_citation_ends_a_word() -> None:
    assert _cues(_matcher("radiotherapy", "HT"), "radiotherapy²⁵ and HT¹ or HT^{2}") == [
        ("radiotherapy", "radiotherapy"),
        ("HT", "HT"),
        ("HT", "HT"),
    ]


def test_offsets_refer_to_the_original_text_if_folding_changes_lengths() -> None:
    text = "ﬀ ß İİ Æ 𝔘 e\u0301e\u0301 \u00ad spinal fu\u00adsions!"
    (match,) = _matcher("spinal fusion").find(text)
    assert text[match.start : match.end] == "spinal fu\u00adsions"


def test_matches_the_plural_of_an_abbreviation() -> None:
    assert _cues(_matcher("RFA"), "RFAs and RFA-treated") == [("RFAs", "RFA"), ("RFA", "RFA")]


def test_overlaps_go_to_the_longest_then_the_leftmost_then_the_first_label() -> None:
    assert _cues(
        _matcher("body radiotherapy", "stereotactic body", "radiotherapy planning study"),
        "stereotactic body radiotherapy planning study",
    ) == [
        ("stereotactic body", "stereotactic body"),
        ("radiotherapy planning study", "radiotherapy planning study"),
    ]
    assert _cues(_matcher("aa bb", "bb cc"), "aa bb cc") == [("aa bb", "aa bb")]
    same = [Label("second", "x", "Cord", "alt"), Label("third", "y", "cords", "alt")]
    assert [m.scheme for m in Matcher(ListedLabels(same)).find("cord")] == ["second"]
    assert [m.scheme for m in Matcher(ListedLabels(reversed(same))).find("cord")] == ["third"]


def test_a_match_names_its_label() -> None:
    (match,) = Matcher(ListedLabels([Label("cancer", "breast", "cancer of the breast", "alt")])).find(
        "Cancers of the Breast"
    )
    assert (match.scheme, match.concept_id, match.label, match.label_type) == (
        "cancer",
        "breast",
        "cancer of the breast",
        "alt",
    )


def test_a_shared_last_word_belongs_to_each_item_of_an_enumeration() -> None:
    matcher = _matcher("cervical spine", "thoracic spine", "lumbar spine")
    expected = [("cervical", "cervical spine"), ("thoracic", "thoracic spine"), ("lumbar spine", "lumbar spine")]
    assert _cues(matcher, "The cervical, thoracic and lumbar spine") == expected
    assert _cues(matcher, "The cervical, thoracic, and lumbar spine") == expected
    assert _cues(matcher, "cervical carcinoma and lumbar spine") == [("lumbar spine", "lumbar spine")]
    assert _cues(matcher, "thoracic; lumbar spine") == [("lumbar spine", "lumbar spine")]


def test_an_abbreviation_counts_only_if_the_document_defines_it() -> None:
    matcher = Matcher(
        ListedLabels(
            [
                Label("modality", "tomotherapy", "helical tomotherapy", "pref"),
                Label("modality", "tomotherapy", "HT", "alt", needs_definition=True),
            ]
        )
    )
    assert matcher.find("SBRT with HT") == []
    text = "SBRT with HT, ht, HTs and HT29"
    assert [text[m.start : m.end] for m in matcher.find(text, {"HT": "helical tomotherapy"})] == ["HT", "HTs"]
    assert matcher.find("HT", {"HT": "hypertension"}) == []


def test_a_definition_in_the_document_takes_precedence_over_a_label() -> None:
    matcher = _matcher("CT", "connective tissue", "PET/CT")
    assert _cues(matcher, "CT and PET/CT", CT="connective tissue") == [
        ("CT", "connective tissue"),
        ("PET/CT", "PET/CT"),
    ]


def test_expands_an_abbreviation_within_a_longer_label() -> None:
    matcher = _matcher("magnetic resonance imaging")
    assert _cues(matcher, "by MR imaging", MR="magnetic resonance") == [("MR imaging", "magnetic resonance imaging")]
    assert _cues(matcher, "3DX-2 imaging", **{"3DX-2": "magnetic resonance"}) == [
        ("3DX-2 imaging", "magnetic resonance imaging")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stereotactic body radiation therapy (SBRT)", {"SBRT": "stereotactic body radiation therapy"}),
        (
            "Single-session (SS) and multise-session (MS) stereotactic radiosurgery (SRS)",
            {"SS": "Single-session", "MS": "multise-session", "SRS": "stereotactic radiosurgery"},
        ),
        (
            "Three-dimensional conformal radiation therapy (3DCRT)",
            {"3DCRT": "Three-dimensional conformal radiation therapy"},
        ),
        ("the RFA (radiofrequency ablation) of", {"RFA": "radiofrequency ablation"}),
        ("six randomised controlled trials (RCTs; n = 4)", {"RCT": "randomised controlled trials"}),
        ("Percutaneous vertebroplasty (PVP)", {"PVP": "Percutaneous vertebroplasty"}),
        ("It was small. Quality of life (QoL)", {"QoL": "Quality of life"}),
        ("the first (HT) and then helical tomotherapy (HT)", {"HT": "helical tomotherapy"}),
        ("a phase (II) trial in Table 1 (see Fig 2), by hand (China), of pain (n = 5)", {}),
        ("radiotherapy (2011)", {}),
        ("(SBRT)", {}),
        ("()", {}),
    ],
)
def test_finds_the_abbreviations_that_a_text_defines(text: str, expected: dict[str, str]) -> None:
    assert defined_abbreviations(text) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Lumbar spine metastasis in cervical carcinoma", ["lumbar", "uterine_cervix"]),
        ("Cervical cancers treated by radiosurgery", ["uterine_cervix", "stereotactic_radiosurgery"]),
        ("Radiosurgery", ["stereotactic_radiosurgery"]),
        ("RT-PCR of HT-29 cells in MS", []),
        ("External beam and stereotactic body radiation therapy", ["conventional_ebrt", "sbrt"]),
        ("Nonsmall-cell lung cancer", ["nsclc"]),
        ("Cyber Knife", ["cyberknife"]),
        ("Vertébroplastie des métastases", []),
    ],
)
def test_matches_titles_with_the_shipped_vocabularies(title: str, expected: list[str]) -> None:
    assert _concepts(title) == expected


def test_regex_metacharacters_in_labels_have_no_effect() -> None:
    matcher = _matcher("a.*b", "(x+)+y", "[z]", "c|d", "e\\")
    assert _cues(matcher, "a.*b, acb, axxb, [z] c|d cd") == [("a.*b", "a.*b"), ("z", "[z]"), ("c|d", "c|d")]


def test_labels_in_other_scripts_match_only_themselves() -> None:
    matcher = _matcher("脊柱", "позвоночник", "العمود الفقري")
    text = "脊柱 转移, Позвоночник, العمود الفقري, 脊柱外科"
    assert [cue for cue, _ in _cues(matcher, text)] == ["脊柱", "Позвоночник", "العمود الفقري"]
    assert TOPICS.find("脊柱转移瘤的外科治疗 и лучевая терапия") == []


@pytest.mark.parametrize(
    "text",
    [
        "surgery " * 12_500,
        "s" * 100_000,
        "stereotactic body radiation " * 3_600,
        "thoracic, " * 10_000 + "thoracic and lumbar spine",
        "(" * 100_000,
        "(SB" * 33_000,
        "(SBRT) " * 14_000,
        "a\u0301" * 50_000,
        "1a" * 50_000,
        "SRS (" + "stereotactic radiosurgery (SRS) " * 3_000,
    ],
    ids=lambda text: text[:12],
)
def test_very_long_texts_do_not_hang(text: str) -> None:
    with must_end():
        TOPICS.find(text, defined_abbreviations(text) | {"SRS": "stereotactic radiosurgery"})


def test_accepts_no_labels_and_empty_texts() -> None:
    assert Matcher(ListedLabels([])).find("surgery") == []
    assert _matcher("*", "surgery").find("") == []


@given(st.text(alphabet=st.sampled_from("aAßİﬁé\u0301 -.,()²1SBRTsurgey\u00ad"), max_size=60))
def test_matches_of_any_text_are_ordered_and_within_its_bounds(text: str) -> None:
    matches = Matcher(ListedLabels(_labels())).find(text, {"SB": "surgery", "R": "a b"})
    bounds = [0, *(offset for match in matches for offset in (match.start, match.end)), len(text)]
    assert bounds == sorted(bounds)
    assert all(match.start < match.end for match in matches)


def _labels() -> Iterable[Label]:
    return [Label("s", word, word, "pref") for word in ("surgery", "a b", "SBRT", "e a", "fi", "1 a")]
