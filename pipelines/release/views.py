"""The views and macros of the DuckDB file: the common questions of an analyst, each with a comment.

A view only joins, labels and counts what the tables hold; a number that needs explaining belongs to the analysis layer.
Everything here is read by DuckDB 1.2 as well as by the newest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from pipelines.tables.sql import identifier, literal
from schemas.tables import SPECS


@dataclass(frozen=True, slots=True)
class View:
    """`columns` describes the view's own columns; any other is described as in the first table of `tables` that has it.

    `sql` is the query; views may use the ones before them.
    """

    name: str
    sql: str
    comment: str
    tables: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)

    def describe(self, column: str) -> str:
        """What a column of the view means. KeyError names a column that nothing describes."""
        if column in self.columns:
            return self.columns[column]
        for table in self.tables:
            for declared in SPECS[table].columns:
                if declared.name == column:
                    return declared.description
        raise KeyError(f"{self.name}.{column} is described neither in the view's columns nor in {self.tables}")


@dataclass(frozen=True, slots=True)
class Macro:
    """A table macro: a view with parameters. `example` is a call that shows how."""

    name: str
    parameters: tuple[str, ...]
    sql: str
    comment: str
    example: str


def add_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every view and macro, with a comment on each and on each column of a view, where the tables stand."""
    for view in VIEWS:
        connection.execute(f"CREATE VIEW {view.name} AS {view.sql.strip()}")
        connection.execute(f"COMMENT ON VIEW {view.name} IS {literal(view.comment)}")
        for column, *_ in connection.execute(f"DESCRIBE {view.name}").fetchall():
            comment = literal(view.describe(column))
            connection.execute(f"COMMENT ON COLUMN {view.name}.{identifier(column)} IS {comment}")
    for macro in MACROS:
        parameters = ", ".join(macro.parameters)
        comment = literal(f"{macro.comment} Example: {macro.example}")
        connection.execute(f"CREATE MACRO {macro.name}({parameters}) AS TABLE {macro.sql.strip()}")
        connection.execute(f"COMMENT ON MACRO TABLE {macro.name} IS {comment}")


REFERENCE = "First author's surname and year, for reading; two references may share one; NULL where neither is known"
REF_NOS = "Those references, in ascending order"


def _labels(condition: str) -> str:
    """An aggregate: the labels of the concepts `c` in rows where the condition holds, joined by '; '."""
    return f"string_agg(DISTINCT c.pref_label, '; ' ORDER BY c.pref_label) FILTER (WHERE {condition})"


VIEWS: tuple[View, ...] = (
    View(
        name="v_references",
        comment=(
            "One row a reference: label, title, journal, year, the designs its words state, the modalities its title "
            "names, and how the review uses it."
        ),
        tables=("bib_references", "reference_usage"),
        columns={
            "reference": REFERENCE,
            "journal": "Title abbreviation of the journal; as printed where the vocabulary does not know it",
            "designs": "Designs that words state, joined by '; '; NULL where none is stated",
            "ocebm_level": "Strongest OCEBM 2011 level among those designs; NULL where none carries one",
            "modalities": "Modalities that the title names, joined by '; '",
        },
        sql="""
WITH designs AS (
  SELECT review_id, ref_no,
    string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS designs,
    min(ocebm_level) AS ocebm_level
  FROM reference_designs AS d JOIN concepts AS c ON c.scheme = 'evidence' AND c.concept_id = d.design_id
  WHERE d.basis = 'stated' AND d.design_id <> 'not_stated'
  GROUP BY ALL
), modalities AS (
  SELECT review_id, ref_no, string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS modalities
  FROM reference_topics AS t JOIN concepts AS c USING (scheme, concept_id)
  WHERE scheme = 'modality'
  GROUP BY ALL
)
SELECT r.review_id, r.ref_no, nullif(concat_ws(' ', a.surname, r.year), '') AS reference, r.title,
  coalesce(j.abbreviation, r.journal_raw) AS journal, r.year, r.doi, r.pmid,
  d.designs, d.ocebm_level, m.modalities,
  u.n_mentions, u.n_sentences, u.first_section, u.only_in_groups_prose, u.has_study_row
FROM bib_references AS r
LEFT JOIN reference_authors AS a ON a.review_id = r.review_id AND a.ref_no = r.ref_no AND a.position = 1
LEFT JOIN journals AS j ON j.journal_id = r.journal_id
LEFT JOIN designs AS d ON d.review_id = r.review_id AND d.ref_no = r.ref_no
LEFT JOIN modalities AS m ON m.review_id = r.review_id AND m.ref_no = r.ref_no
LEFT JOIN reference_usage AS u ON u.review_id = r.review_id AND u.ref_no = r.ref_no
ORDER BY r.review_id, r.ref_no
""",
    ),
    View(
        name="v_reference_usage",
        comment=(
            "One row a reference, the most used first: mentions in prose and tables, sentences, sections, and whether "
            "it only ever comes in a group."
        ),
        tables=("reference_usage", "bib_references"),
        columns={"reference": REFERENCE},
        sql="""
SELECT u.review_id, u.ref_no, r.reference, r.title, u.n_mentions, u.n_mentions_total, u.share_mentions,
  u.n_mentions_prose, u.n_mentions_table, u.n_mentions_alone, u.n_mentions_alone_prose, u.n_sentences, u.n_sections,
  u.first_section, u.smallest_group, u.only_in_groups, u.only_in_groups_prose, u.n_table_rows, u.n_study_rows,
  u.has_table_row, u.has_study_row
FROM reference_usage AS u JOIN v_references AS r USING (review_id, ref_no)
ORDER BY u.review_id, u.n_mentions DESC, u.ref_no
""",
    ),
    View(
        name="v_references_by_year",
        comment="One row a year between a review's oldest and newest reference, years without one included.",
        tables=("bib_references",),
        columns={
            "n": "References of this year",
            "n_cumulative": "References of this year and before",
            "n_total": "References with a year",
            "share": "n / n_total",
        },
        sql="""
WITH years AS (
  SELECT review_id, unnest(range(first_year, last_year + 1))::INTEGER AS year, n_total
  FROM (
    SELECT review_id, min(year) AS first_year, max(year) AS last_year, count(year) AS n_total
    FROM bib_references WHERE year IS NOT NULL GROUP BY review_id
  )
)
SELECT y.review_id, y.year, count(r.ref_no) AS n,
  sum(count(r.ref_no)) OVER (PARTITION BY y.review_id ORDER BY y.year)::BIGINT AS n_cumulative,
  y.n_total, count(r.ref_no) / y.n_total AS share
FROM years AS y LEFT JOIN bib_references AS r ON r.review_id = y.review_id AND r.year = y.year
GROUP BY y.review_id, y.year, y.n_total
ORDER BY y.review_id, y.year
""",
    ),
    View(
        name="v_references_by_decade",
        comment="One row a decade of a review's references, decades without one included.",
        tables=("bib_references",),
        columns={
            "decade": "First year of the decade: 1980 is 1980 to 1989",
            "n": "References of this decade",
            "n_total": "References with a year",
            "share": "n / n_total",
        },
        sql="""
SELECT review_id, year // 10 * 10 AS decade, sum(n)::BIGINT AS n, n_total, sum(n) / n_total AS share
FROM v_references_by_year
GROUP BY review_id, decade, n_total
ORDER BY review_id, decade
""",
    ),
    View(
        name="v_modality_by_year",
        comment=(
            "One row a year and level-1 modality, with zeros: references whose title names it and study rows that "
            "report it. The narrower modalities are in modality_trends."
        ),
        tables=("modality_trends",),
        columns={"modality": "Preferred label of the modality"},
        sql="""
SELECT t.review_id, t.year, t.modality_id, c.pref_label AS modality, t.n_references, t.n_references_total,
  t.share_references, t.n_studies, t.n_studies_total, t.share_studies
FROM modality_trends AS t JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = t.modality_id
WHERE t.level = 1
ORDER BY t.review_id, t.year, t.modality_id
""",
    ),
    View(
        name="v_designs_by_modality",
        comment=(
            "One row a level-1 modality and a study design that occur together: which kinds of evidence the review "
            "cites for which treatment. A reference that names two modalities counts for both; only references with a "
            "year are counted."
        ),
        tables=("publication_trends",),
        columns={
            "modality": "Preferred label of the modality; Not stated where the title names none",
            "design": "Preferred label of the design",
            "n": "References of this modality and design",
            "n_total": "References of this modality; one with two designs counts twice",
            "share": "n / n_total",
        },
        sql="""
SELECT t.review_id, t.modality_id, coalesce(m.pref_label, 'Not stated') AS modality, t.design_id,
  d.pref_label AS design, sum(t.n)::BIGINT AS n,
  sum(sum(t.n)) OVER (PARTITION BY t.review_id, t.modality_id)::BIGINT AS n_total,
  sum(t.n) / sum(sum(t.n)) OVER (PARTITION BY t.review_id, t.modality_id) AS share
FROM publication_trends AS t
LEFT JOIN concepts AS m ON m.scheme = 'modality' AND m.concept_id = t.modality_id
LEFT JOIN concepts AS d ON d.scheme = 'evidence' AND d.concept_id = t.design_id
GROUP BY t.review_id, t.modality_id, m.pref_label, t.design_id, d.pref_label
ORDER BY t.review_id, t.modality_id, n DESC, t.design_id
""",
    ),
    View(
        name="v_claims",
        comment=(
            "One row a claim of a study or of an option's point: what is claimed of which modality, in codes and in "
            "the words of the source."
        ),
        tables=("claims",),
        columns={
            "subject": "The study as its row names it, or the option as printed",
            "subject_kind": "study or option",
            "modalities": "Modalities that the claim is about, joined by '; '; NULL where none is named",
            "outcome": "Preferred label of the outcome",
            "comparator": "Preferred label of the modality it is compared with",
        },
        sql="""
WITH about AS (
  SELECT review_id, claim_id, string_agg(c.pref_label, '; ' ORDER BY c.pref_label) AS modalities
  FROM claim_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.modality_id
  GROUP BY ALL
)
SELECT k.review_id, k.claim_id, coalesce(s.study_label, o.option) AS subject,
  CASE WHEN k.point_no IS NULL THEN 'study' ELSE 'option' END AS subject_kind,
  k.table_no, k.row_no, k.point_no, k.ref_no, a.modalities, k.outcome_id, oc.pref_label AS outcome, k.direction,
  k.polarity, k.comparator_concept_id, cc.pref_label AS comparator, k.is_hedged, k.text, k.cue_text,
  k.start_char, k.end_char, k.rule_id, k.confidence
FROM claims AS k
LEFT JOIN studies AS s USING (review_id, table_no, row_no)
LEFT JOIN options AS o USING (review_id, table_no, row_no)
LEFT JOIN about AS a USING (review_id, claim_id)
LEFT JOIN concepts AS oc ON oc.scheme = 'outcome' AND oc.concept_id = k.outcome_id
LEFT JOIN concepts AS cc ON cc.scheme = 'modality' AND cc.concept_id = k.comparator_concept_id
ORDER BY k.review_id, k.claim_id
""",
    ),
    View(
        name="v_evidence_gap_map",
        comment=(
            "One row a level-1 modality and an outcome of the vocabulary, empty cells included: how many claims of "
            "studies there are in each direction, and on which references they rest. A gap is what this review's "
            "evidence tables do not say, not what nobody knows."
        ),
        tables=("claim_modalities", "claims", "evidence_map"),
        columns={
            "modality": "Preferred label of the level-1 modality",
            "outcome": "Preferred label of the outcome",
            "n_claims": "Claims of studies of this modality on this outcome",
            "n_improved": "Claims among them with the direction improved",
            "n_no_difference": "Claims among them with the direction no_difference",
            "n_worsened": "Claims among them with the direction worsened",
            "n_safe_tolerable": "Claims among them with the direction safe_tolerable",
            "n_not_directional": "Claims among them with the direction not_directional",
            "n_studies": "Rows of evidence tables that make the claims",
            "n_references": "References of those rows",
            "ref_nos": REF_NOS,
            "strongest_level": "Strongest OCEBM 2011 level among the designs that those references state",
            "is_gap": "Whether no study of the modality makes a claim on the outcome",
        },
        sql="""
WITH claimed AS (
  SELECT DISTINCT m.review_id, m.modality_group_id, k.outcome_id, k.direction, k.claim_id, k.table_no, k.row_no,
    k.ref_no
  FROM claim_modalities AS m JOIN claims AS k USING (review_id, claim_id)
  WHERE k.point_no IS NULL
), modalities AS (
  SELECT DISTINCT r.review_id, c.concept_id AS modality_group_id, c.pref_label AS modality
  FROM claimed AS r, concepts AS c WHERE c.scheme = 'modality' AND c.level = 1
  UNION
  SELECT DISTINCT review_id, modality_group_id, 'Not stated' FROM claimed WHERE modality_group_id = 'not_stated'
), levels AS (
  SELECT review_id, modality_group_id, outcome_id, min(strongest_level) AS strongest_level
  FROM evidence_map GROUP BY ALL
)
SELECT m.review_id, m.modality_group_id, m.modality, o.concept_id AS outcome_id, o.pref_label AS outcome,
  count(DISTINCT k.claim_id) AS n_claims,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'improved') AS n_improved,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'no_difference') AS n_no_difference,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'worsened') AS n_worsened,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'safe_tolerable') AS n_safe_tolerable,
  count(DISTINCT k.claim_id) FILTER (WHERE k.direction = 'not_directional') AS n_not_directional,
  count(DISTINCT (k.table_no, k.row_no)) FILTER (WHERE k.claim_id IS NOT NULL) AS n_studies,
  count(DISTINCT k.ref_no) AS n_references,
  array_to_string(list_sort(list(DISTINCT k.ref_no) FILTER (WHERE k.ref_no IS NOT NULL))::VARCHAR[], '; ') AS ref_nos,
  any_value(l.strongest_level) AS strongest_level,
  count(k.claim_id) = 0 AS is_gap
FROM modalities AS m
JOIN concepts AS o ON o.scheme = 'outcome'
LEFT JOIN claimed AS k
  ON k.review_id = m.review_id AND k.modality_group_id = m.modality_group_id AND k.outcome_id = o.concept_id
LEFT JOIN levels AS l
  ON l.review_id = m.review_id AND l.modality_group_id = m.modality_group_id AND l.outcome_id = o.concept_id
GROUP BY m.review_id, m.modality_group_id, m.modality, o.concept_id, o.pref_label
HAVING o.concept_id <> 'not_stated' OR count(k.claim_id) > 0
ORDER BY m.review_id, m.modality_group_id, o.concept_id
""",
    ),
    View(
        name="v_studies_wide",
        comment=(
            "One row a study of an evidence table: its reference, its modalities by role, its outcomes by direction, "
            "the designs its reference states, and the verbatim cells."
        ),
        tables=("studies", "reference_usage"),
        columns={
            "reference": REFERENCE,
            "reference_year": "Year of the reference, which may differ from the year that the label names",
            "primary_modalities": "Modalities in the role primary, joined by '; '",
            "adjuvant_modalities": "Modalities in the role adjuvant",
            "concurrent_modalities": "Modalities in the role concurrent",
            "component_modalities": "Modalities in the role component",
            "comparator_modalities": "Modalities in the role comparator",
            "improved": "Outcomes claimed to be improved, joined by '; '",
            "no_difference": "Outcomes claimed not to differ",
            "worsened": "Outcomes claimed to be worsened",
            "safe_tolerable": "Outcomes claimed to be safe or tolerable",
            "not_directional": "Outcomes spoken of without a direction",
            "designs": "Designs that the reference's words state, joined by '; '",
            "ocebm_level": "Strongest OCEBM 2011 level among those designs",
        },
        sql=f"""
WITH modalities AS (
  SELECT review_id, table_no, row_no,
    {_labels("role = 'primary'")} AS primary_modalities,
    {_labels("role = 'adjuvant'")} AS adjuvant_modalities,
    {_labels("role = 'concurrent'")} AS concurrent_modalities,
    {_labels("role = 'component'")} AS component_modalities,
    {_labels("role = 'comparator'")} AS comparator_modalities
  FROM study_modalities AS m JOIN concepts AS c ON c.scheme = 'modality' AND c.concept_id = m.concept_id
  GROUP BY ALL
), outcomes AS (
  SELECT review_id, table_no, row_no,
    {_labels("direction = 'improved'")} AS improved,
    {_labels("direction = 'no_difference'")} AS no_difference,
    {_labels("direction = 'worsened'")} AS worsened,
    {_labels("direction = 'safe_tolerable'")} AS safe_tolerable,
    {_labels("direction = 'not_directional'")} AS not_directional
  FROM claims AS k JOIN concepts AS c ON c.scheme = 'outcome' AND c.concept_id = k.outcome_id
  GROUP BY ALL
)
SELECT s.review_id, s.table_no, s.row_no, s.study_label, s.ref_no, r.reference, r.year AS reference_year,
  s.label_matches_reference, m.primary_modalities, m.adjuvant_modalities, m.concurrent_modalities,
  m.component_modalities, m.comparator_modalities, o.improved, o.no_difference, o.worsened, o.safe_tolerable,
  o.not_directional, r.designs, r.ocebm_level, r.n_mentions, s.method, s.outcome
FROM studies AS s
LEFT JOIN v_references AS r USING (review_id, ref_no)
LEFT JOIN modalities AS m USING (review_id, table_no, row_no)
LEFT JOIN outcomes AS o USING (review_id, table_no, row_no)
ORDER BY s.review_id, s.table_no, s.row_no
""",
    ),
    View(
        name="v_option_references",
        comment="One row an option of a comparison table and a reference that its row cites.",
        tables=("options", "bib_references"),
        columns={"reference": REFERENCE},
        sql="""
SELECT DISTINCT o.review_id, o.table_no, o.row_no, o.option, n.ref_no, r.reference, r.title
FROM options AS o
JOIN citation_markers AS k USING (review_id, table_no, row_no)
JOIN citation_mentions AS n USING (review_id, marker_id)
JOIN v_references AS r USING (review_id, ref_no)
ORDER BY o.review_id, o.table_no, o.row_no, n.ref_no
""",
    ),
    View(
        name="v_section_references",
        comment=(
            "One row a section, cited in or not: how much of its own prose (its subsections left aside) is cited, and "
            "on which references it rests."
        ),
        tables=("sections",),
        columns={
            "n_sentences": "Sentences of the section",
            "n_cited_sentences": "Sentences among them that hold a marker",
            "share_cited_sentences": "n_cited_sentences / n_sentences; NULL in a section without sentences",
            "n_markers": "Citation markers in the section",
            "n_mentions": "Mentions of references, ranges expanded",
            "n_references": "References mentioned, each counted once",
            "n_references_only_here": "References among them that no other section mentions",
            "ref_nos": REF_NOS,
        },
        sql="""
WITH spoken AS (
  SELECT review_id, section_id, count(*) AS n_sentences, count(*) FILTER (WHERE is_cited) AS n_cited_sentences
  FROM sentences GROUP BY ALL
), mentioned AS (
  SELECT k.review_id, k.section_id, n.ref_no, count(*) AS n_mentions,
    count(*) OVER (PARTITION BY k.review_id, n.ref_no) AS n_sections
  FROM citation_markers AS k JOIN citation_mentions AS n USING (review_id, marker_id)
  WHERE k.context = 'prose'
  GROUP BY k.review_id, k.section_id, n.ref_no
), marked AS (
  SELECT review_id, section_id, count(*) AS n_markers FROM citation_markers WHERE context = 'prose' GROUP BY ALL
), rests AS (
  SELECT review_id, section_id, sum(n_mentions)::BIGINT AS n_mentions, count(*) AS n_references,
    count(*) FILTER (WHERE n_sections = 1) AS n_references_only_here,
    string_agg(ref_no::VARCHAR, '; ' ORDER BY ref_no) AS ref_nos
  FROM mentioned GROUP BY ALL
)
SELECT s.review_id, s.section_id, s.level, s.heading, s.kind,
  coalesce(p.n_sentences, 0) AS n_sentences, coalesce(p.n_cited_sentences, 0) AS n_cited_sentences,
  p.n_cited_sentences / p.n_sentences AS share_cited_sentences,
  coalesce(k.n_markers, 0) AS n_markers, coalesce(r.n_mentions, 0) AS n_mentions,
  coalesce(r.n_references, 0) AS n_references, coalesce(r.n_references_only_here, 0) AS n_references_only_here,
  r.ref_nos
FROM sections AS s
LEFT JOIN spoken AS p USING (review_id, section_id)
LEFT JOIN marked AS k USING (review_id, section_id)
LEFT JOIN rests AS r USING (review_id, section_id)
ORDER BY s.review_id, s.section_id
""",
    ),
    View(
        name="v_cocitations",
        comment="One row two references cited together, with their labels, the most often together first.",
        tables=("cocitations",),
        columns={"reference_a": REFERENCE, "reference_b": REFERENCE},
        sql="""
SELECT c.review_id, c.ref_no_a, a.reference AS reference_a, c.ref_no_b, b.reference AS reference_b,
  c.n_sentences, c.n_sentences_either, c.jaccard, c.n_markers_prose, c.n_markers_table
FROM cocitations AS c
JOIN v_references AS a ON a.review_id = c.review_id AND a.ref_no = c.ref_no_a
JOIN v_references AS b ON b.review_id = c.review_id AND b.ref_no = c.ref_no_b
ORDER BY c.review_id, c.n_sentences DESC, c.n_markers_prose + c.n_markers_table DESC, c.ref_no_a, c.ref_no_b
""",
    ),
    View(
        name="v_self_citations",
        comment=(
            "One row an author of the review and a reference that lists an author of the same surname and first "
            "initial, accents and case set aside. Candidates, for two people may share a name; and a lower bound, for "
            "author lists are cut off."
        ),
        tables=("review_authors", "bib_references"),
        columns={"listed_as": "The author as the reference lists them", "reference": REFERENCE},
        sql="""
SELECT v.review_id, v.position, v.name, a.ref_no, r.reference, r.title, a.name_raw AS listed_as
FROM review_authors AS v
JOIN reference_authors AS a
  ON a.review_id = v.review_id
  AND lower(strip_accents(a.surname)) = lower(strip_accents(v.surname))
  AND lower(strip_accents(left(a.initials, 1))) = lower(strip_accents(left(v.given_names, 1)))
JOIN v_references AS r ON r.review_id = a.review_id AND r.ref_no = a.ref_no
ORDER BY v.review_id, v.position, a.ref_no
""",
    ),
)

MACROS: tuple[Macro, ...] = (
    Macro(
        name="mentions_of",
        parameters=("of_review", "of_ref"),
        comment="Every place where a review uses a reference, in order: the sentence, or the first cell of the row.",
        example="FROM mentions_of('spine-metastases-review', 42)",
        sql="""
SELECT k.context, coalesce(s.heading, t.label) AS place, k.row_no, k.marker_text, k.n_refs,
  coalesce(p.text, c.text) AS text, k.start_char, k.end_char
FROM citation_mentions AS n
JOIN citation_markers AS k USING (review_id, marker_id)
LEFT JOIN sections AS s USING (review_id, section_id)
LEFT JOIN sentences AS p ON p.review_id = k.review_id AND p.sentence_id = k.sentence_id
LEFT JOIN source_tables AS t ON t.review_id = k.review_id AND t.table_no = k.table_no
LEFT JOIN table_cells AS c
  ON c.review_id = k.review_id AND c.table_no = k.table_no AND c.row_no = k.row_no AND c.column_no = 1
WHERE n.review_id = of_review AND n.ref_no = of_ref
ORDER BY k.marker_id
""",
    ),
    Macro(
        name="cited_with",
        parameters=("of_review", "of_ref"),
        comment="The references that a review cites together with one, the most often together first.",
        example="FROM cited_with('spine-metastases-review', 42)",
        sql="""
SELECT c.ref_no, r.reference, r.title, c.n_sentences, c.jaccard, c.n_markers_prose, c.n_markers_table
FROM (
  SELECT review_id, ref_no_b AS ref_no, n_sentences, jaccard, n_markers_prose, n_markers_table
  FROM cocitations WHERE review_id = of_review AND ref_no_a = of_ref
  UNION ALL
  SELECT review_id, ref_no_a, n_sentences, jaccard, n_markers_prose, n_markers_table
  FROM cocitations WHERE review_id = of_review AND ref_no_b = of_ref
) AS c JOIN v_references AS r USING (review_id, ref_no)
ORDER BY c.n_sentences DESC, c.n_markers_prose + c.n_markers_table DESC, c.ref_no
""",
    ),
    Macro(
        name="narrower",
        parameters=("of_scheme", "of_concept"),
        comment="A concept and every one under it.",
        example="FROM studies JOIN study_modalities USING (review_id, table_no, row_no) "
        "WHERE concept_id IN (SELECT concept_id FROM narrower('modality', 'surgery'))",
        sql="""
WITH RECURSIVE below AS (
  SELECT concept_id, pref_label, level FROM concepts WHERE scheme = of_scheme AND concept_id = of_concept
  UNION ALL
  SELECT c.concept_id, c.pref_label, c.level
  FROM concepts AS c JOIN below AS b ON c.parent_id = b.concept_id WHERE c.scheme = of_scheme
)
SELECT concept_id, pref_label, level FROM below ORDER BY level, concept_id
""",
    ),
    Macro(
        name="modality_by_period",
        parameters=("of_review", "years_a_period"),
        comment=(
            "References and study rows of each level-1 modality in periods of so many years, with zeros; periods begin "
            "at multiples of their length."
        ),
        example="FROM modality_by_period('spine-metastases-review', 10)",
        sql="""
SELECT year // years_a_period * years_a_period AS period_start, modality, sum(n_references)::BIGINT AS n_references,
  sum(n_references_total)::BIGINT AS n_references_total,
  sum(n_references) / nullif(sum(n_references_total), 0) AS share_references,
  sum(n_studies)::BIGINT AS n_studies, sum(n_studies_total)::BIGINT AS n_studies_total,
  sum(n_studies) / nullif(sum(n_studies_total), 0) AS share_studies
FROM v_modality_by_year
WHERE review_id = of_review
GROUP BY period_start, modality
ORDER BY period_start, modality
""",
    ),
)
