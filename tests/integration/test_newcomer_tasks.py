"""The four how-tos of CONTRIBUTING.md, followed in a copy of the project.

Each must work, and touch only the files that it names.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import mini_review

ROOT = Path(__file__).parents[2]


@dataclass
class Checkout:
    """A copy of the project, and the product files that were edited or created in it."""

    folder: Path
    touched: set[str] = field(default_factory=set)

    def edit(self, path: str, pattern: str, replacement: str) -> None:
        """Replace the only match of a regular expression in a file."""
        file = self.folder / path
        text, n_replaced = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert n_replaced == 1, f"{path}: {n_replaced} matches of {pattern}"
        file.write_text(text, encoding="utf-8")
        self.touched.add(path)

    def create(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text, encoding="utf-8")
        self.touched.add(path)

    def run(self, *arguments: str) -> str:
        """The output of `python arguments` in the copy. Fails if its exit status is not 0."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder), "COLUMNS": "400"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "project"
    for name in ("pipelines", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "CHANGELOG.md", folder)
    return Checkout(folder)


def files_in_how_to(heading: str) -> set[str]:
    """The product files that a section of CONTRIBUTING.md names."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"`((?:pipelines|schemas)/[\w/.<>]*[\w>]\.(?:py|csv))`", section))


def next_schema_version() -> str:
    """The version after the one in `published_schema.csv`, if a column is added."""
    lines = (ROOT / "schemas" / "published_schema.csv").read_text(encoding="utf-8").splitlines()
    major, minor, _ = lines[1].split(",")[0].split(".")
    return f"{major}.{int(minor) + 1}.0"


def test_a_column_on_references_takes_four_files(checkout: Checkout) -> None:
    checkout.edit(
        "pipelines/document.py", r"^    pmid: str \| None = None$", r"\g<0>\n    publisher: str | None = None"
    )
    checkout.edit("pipelines/readers/jats/ref_list.py", r'^    \*\("comment", ', r'    *("publisher-name", "comment", ')
    checkout.edit(
        "pipelines/readers/jats/ref_list.py",
        r"^        pmid=pmid,$",
        '\\g<0>\n        publisher=field("publisher-name"),',
    )
    checkout.edit(
        "pipelines/extract/reference_rows.py",
        r"^            note=fields\.note,$",
        r"\g<0>\n            publisher=fields.publisher,",
    )
    checkout.edit(
        "pipelines/extract/reference_rows.py", r"^    note: str \| None$", r"\g<0>\n    publisher: str | None"
    )
    checkout.edit(
        "schemas/tables/extracted.py",
        r"^    authors_truncated: pl\.Boolean",
        '    publisher: pl.String = column("Publisher as printed", nullable=True)\n\\g<0>',
    )
    faults = checkout.run(
        "-c",
        "from pipelines.tables.published_schema import find_announcement_faults\n"
        "print(*find_announcement_faults(), sep='\\n')",
    )
    assert "just schema" in faults
    checkout.run("-m", "pipelines.tables.published_schema")
    faults = checkout.run(
        "-c",
        "from pipelines.tables.published_schema import find_announcement_faults\n"
        "print(*find_announcement_faults(), sep='\\n')",
    )
    version = next_schema_version()
    assert faults.splitlines() == [
        f'CHANGELOG.md: add the heading "### Schema {version}" and describe the change below it'
    ]
    article = (ROOT / "tests" / "unit" / "jats" / "review.xml").read_text(encoding="utf-8")
    tagged = article.replace("<source>Rest</source>", "<source>Rest</source><publisher-name>Atlas</publisher-name>")
    (checkout.folder / "corpus").mkdir()
    (checkout.folder / "corpus" / "review.xml").write_text(tagged, encoding="utf-8")
    checkout.run("-m", "pipelines.cli", "build", "--corpus", "corpus", "--out", "outputs")
    published = checkout.run(
        "-c",
        "import duckdb\n"
        "mart = duckdb.connect('outputs/latest/reviewmart.duckdb', read_only=True)\n"
        "print(mart.execute('SELECT ref_no, publisher FROM bib_references WHERE publisher IS NOT NULL').fetchall())\n"
        "print(mart.execute('SELECT schema_version FROM builds').fetchall())",
    )
    assert published.splitlines() == ["[(2, 'Atlas')]", f"[('{version}',)]"]
    assert len(checkout.touched) <= 4
    assert checkout.touched <= files_in_how_to("Add a column to the references")


READER = '''"""Reviews in a toy format: the text of a review between two lines of equals signs."""

from dataclasses import replace

from pipelines.document import Document
from pipelines.readers.text import read_text

MARK = b"====\\n"


def decode_framed(data: bytes, name: str) -> str:  # noqa: ARG001
    return data.removeprefix(MARK).removesuffix(MARK).decode()


def read_framed(data: bytes, *, name: str) -> Document:
    return replace(read_text(decode_framed(data, name).encode(), name=name), format="framed")
'''

ENTRY = """        SourceFormat(
            name="framed",
            suffixes=(".framed",),
            may_be_gzipped=False,
            has_markup=False,
            is_like=lambda data: data.startswith(b"====\\\\n"),
            decode=decode_framed,
            read=read_framed,
        ),
"""


def test_a_source_format_takes_three_files(checkout: Checkout) -> None:
    checkout.create("pipelines/readers/framed.py", READER)
    checkout.edit(
        "pipelines/readers/formats.py",
        r"^from pipelines\.document import Document$",
        r"\g<0>\nfrom pipelines.readers.framed import decode_framed, read_framed",
    )
    checkout.edit("pipelines/readers/formats.py", r"^    for \w+ in \(\n", f"\\g<0>{ENTRY}")
    checkout.edit("schemas/tables/code_lists.py", r'"jats": "JATS XML"', r'\g<0>, "framed": "Framed text"')
    framed = b"====\n" + mini_review.text().encode() + b"====\n"
    (checkout.folder / "heel.framed").write_bytes(framed)
    added = checkout.run("-m", "pipelines.cli", "add", "heel.framed", "--id", "heel", "--raw", "raw")
    assert "Added raw/heel" in added
    assert 'format = "framed"' in (checkout.folder / "raw" / "heel" / "source.toml").read_text(encoding="utf-8")
    assert (checkout.folder / "raw" / "heel" / "source.framed").read_bytes() == framed
    (checkout.folder / "raw" / "toe.framed").write_bytes(framed.replace(b"10.9999/heel.2021.1", b"10.9999/toe.2021.1"))
    checkout.run("-m", "pipelines.cli", "build", "--raw", "raw", "--out", "outputs")
    published = checkout.run(
        "-c",
        "import duckdb\n"
        "mart = duckdb.connect('outputs/latest/reviewmart.duckdb', read_only=True)\n"
        "print(mart.execute('SELECT review_id, source_format FROM reviews ORDER BY review_id').fetchall())\n"
        "failed = mart.execute('SELECT count(*) FROM quality_checks WHERE NOT passed AND severity = $$error$$')\n"
        "print(failed.fetchall())",
    )
    assert published.splitlines() == ["[('heel', 'framed'), ('toe', 'framed')]", "[(0,)]"]
    assert len(checkout.touched) <= 3
    named = files_in_how_to("Add a source format")
    assert {path for path in checkout.touched if path != "pipelines/readers/framed.py"} <= named


def test_a_concept_scheme_takes_three_files(checkout: Checkout) -> None:
    checkout.create(
        "schemas/vocabularies/setting.csv",
        "concept_id,parent_id,pref_label,alt_labels,hidden_labels,abbreviations,definition,scope_note\n"
        "hospital,,Hospital,inpatient;ward,,,,\n"
        "primary_care,,Primary care,general practice,,,,\n",
    )
    checkout.edit(
        "schemas/vocabulary_files.py",
        r'^    VocabularyFile\("mappings\.csv", "mapping"\),$',
        '    VocabularyFile("setting.csv", "topic", scheme="setting", meaning="Settings of care"),\n\\g<0>',
    )
    assert "setting: 2 concepts" in checkout.run("-m", "pipelines.cli", "vocab", "check")
    published = checkout.run(
        "-c",
        "from pathlib import Path\n"
        "from pipelines.common.settings import VOCABULARIES\n"
        "from pipelines.definitions import defs\n"
        "from pipelines.tables.validation import validate\n"
        "from pipelines.vocabularies.csv_files import load_vocabularies\n"
        "from pipelines.vocabularies.schemes import concepts_frame\n"
        "frame = validate('concepts', concepts_frame(load_vocabularies(VOCABULARIES)))\n"
        "print(sorted(frame.filter(frame['scheme'] == 'setting')['concept_id']))",
    )
    assert published.splitlines() == ["['hospital', 'primary_care']"]
    assert len(checkout.touched) <= 3
    named = files_in_how_to("Add a concept scheme")
    assert {path.replace("setting", "<scheme>") for path in checkout.touched} <= named


MODEL = """

@table(
    layer="analysis",
    grain="review and title length",
    key=("review_id", "n_words"),
    foreign_keys=(TO_REVIEW,),
    column_sources={"review_id": "bib_references.review_id", "n_words n": "bib_references.title"},
)
class TitleLengths(ReviewTable):
    n_words: pl.Int32 = column("Words of the title", ge=1)
    n: pl.Int32 = _count("References whose title has that many words")
"""

FUNCTION = '''

def title_lengths(bib_references: pl.DataFrame) -> pl.DataFrame:
    """One row per review and number of words in the titles of its references."""
    words = bib_references.drop_nulls("title").with_columns(n_words=pl.col("title").str.split(" ").list.len())
    return finish(words.group_by("review_id", "n_words").agg(n=pl.len()), TitleLengths)
'''


def test_an_analysis_table_takes_three_files(checkout: Checkout) -> None:
    schema = (checkout.folder / "schemas/tables/analysis.py").read_text(encoding="utf-8")
    checkout.create("schemas/tables/analysis.py", schema + MODEL)
    module = "pipelines/analysis/cited_references.py"
    text = (checkout.folder / module).read_text(encoding="utf-8")
    checkout.create(
        module,
        text.replace("from schemas.tables.analysis import ", "from schemas.tables.analysis import TitleLengths, ")
        + FUNCTION,
    )
    checkout.edit(
        "pipelines/analysis/__init__.py",
        r"^(from pipelines\.analysis\.cited_references import .*)$",
        r"\1, title_lengths",
    )
    checkout.edit("pipelines/analysis/__init__.py", r"^        journal_ranking,$", r"\g<0>\n        title_lengths,")
    folder = checkout.folder / "raw" / "heel"
    mini_review.add_source(folder.parent, "heel", mini_review.text().encode())
    checkout.run("-m", "pipelines.cli", "build", "--raw", "raw", "--out", "outputs")
    published = checkout.run(
        "-c",
        "import duckdb\n"
        "mart = duckdb.connect('outputs/latest/reviewmart.duckdb', read_only=True)\n"
        "print(mart.execute('SELECT sum(n)::INT FROM title_lengths').fetchall())\n"
        "print(mart.execute('SELECT count(*) FROM bib_references WHERE title IS NOT NULL').fetchall())",
    )
    assert len(set(published.splitlines())) == 1
    assert "title_lengths" in (checkout.folder / "outputs/latest/codebook.md").read_text(encoding="utf-8")
    assert len(checkout.touched) <= 3
    named = files_in_how_to("Add an analysis table")
    assert {path for path in checkout.touched if path != module} <= named
