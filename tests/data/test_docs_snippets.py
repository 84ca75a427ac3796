"""Every snippet in the README and the cookbook runs on the built release and prints the output on the page.

A fenced `sql`, `python` or `r` block is a snippet; a fenced `text` block directly below it is its output. To update the
outputs on the pages from a release, run `python -m tests.data.test_docs_snippets outputs` and review the diff.
"""

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/cookbook.md")

SNIPPET = re.compile(
    r"^```(?P<language>sql|python|r)\n(?P<code>.*?)^```\n(?P<gap>\n*)(?:^```text\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Snippet:
    page: str
    line: int
    language: str
    code: str
    output: str | None


def snippets(page: str) -> Iterator[Snippet]:
    path = ROOT / page
    if not path.exists():
        return
    text = path.read_text(encoding="utf-8")
    for match in SNIPPET.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Snippet(page, line, match["language"], match["code"], match["output"])


def _cell(value: object) -> str:
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool) else str(value)


def aligned(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table as text: numbers aligned right, other values left, NULL spelled out."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(name), *(len(row[place]) for row in cells), 1) for place, name in enumerate(names)]
    is_number = [
        all(isinstance(row[place], int | float) and not isinstance(row[place], bool) for row in rows) and bool(rows)
        for place in range(len(names))
    ]

    def line(values: Sequence[str]) -> str:
        padded = (
            value.rjust(width) if right else value.ljust(width)
            for value, width, right in zip(values, widths, is_number, strict=True)
        )
        return "  ".join(padded).rstrip() + "\n"

    return line(names) + line(["-" * width for width in widths]) + "".join(line(row) for row in cells)


def run_sql(database: Path, code: str) -> str:
    with duckdb.connect(str(database), read_only=True) as connection:
        result = connection.execute(code)
        return aligned([column[0] for column in result.description or []], result.fetchall())


def run_python(outputs: Path, code: str) -> str:
    """Run the code as a reader would in the checkout, with the test's output folder as outputs/."""
    printed = io.StringIO()
    here = Path.cwd()
    os.chdir(outputs.parent)
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code.replace("outputs/", f"{outputs.name}/"), "<snippet>", "exec"), {})
    finally:
        os.chdir(here)
    return printed.getvalue()


def run_r(outputs: Path, code: str) -> str:
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code.replace("outputs/", f"{outputs.name}/")],
        cwd=outputs.parent,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n") + "\n"


def run(snippet: Snippet, outputs: Path) -> str:
    match snippet.language:
        case "sql":
            return run_sql(outputs / "latest" / "reviewmart.duckdb", snippet.code)
        case "r":
            return run_r(outputs, snippet.code)
        case _:
            return run_python(outputs, snippet.code)


ALL = [snippet for page in PAGES for snippet in snippets(page)]


@pytest.mark.parametrize("snippet", ALL, ids=lambda snippet: f"{snippet.page}:{snippet.line}")
def test_a_snippet_prints_the_output_on_the_page(snippet: Snippet, outputs: Path) -> None:
    if snippet.language == "r" and shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed (Debian: r-base-core)")
    printed = run(snippet, outputs)
    if snippet.output is not None:
        assert printed == snippet.output, f"{snippet.page}:{snippet.line} prints something else"


def test_the_cookbook_answers_fifteen_questions() -> None:
    answered = [snippet for snippet in snippets("docs/cookbook.md") if snippet.language == "sql"]
    assert len(answered) >= 15
    assert all(snippet.output is not None for snippet in answered)


def test_tables_align_numbers_right_and_text_left() -> None:
    assert aligned(["n", "word"], [(5, "a"), (10, None)]) == " n  word\n--  ----\n 5  a\n10  NULL\n"
    assert aligned(["n"], []) == "n\n-\n"


def write_outputs(outputs: Path) -> None:
    for page in PAGES:
        path = ROOT / page
        if not path.exists():
            continue

        def rerun(match: re.Match[str], page: str = page) -> str:
            if match["output"] is None:
                return match[0]
            printed = run(Snippet(page, 0, match["language"], match["code"], None), outputs)
            return f"```{match['language']}\n{match['code']}```\n{match['gap']}```text\n{printed}```\n"

        path.write_text(SNIPPET.sub(rerun, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write_outputs(Path(sys.argv[1]))
