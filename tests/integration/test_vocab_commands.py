"""The curator's commands: a broken edit is refused with its place, and the coverage of a release is shown."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from pipelines.cli import app

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


def test_check_passes_and_names_a_broken_edit(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["vocab", "check"]).exit_code == 0
    folder = tmp_path / "vocabularies"
    shutil.copytree(VOCABULARIES, folder)
    lines = (folder / "region.csv").read_text(encoding="utf-8").splitlines()
    (folder / "region.csv").write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    broken = CliRunner().invoke(app, ["vocab", "check", "--vocabularies", str(folder)], env={"COLUMNS": "300"})
    assert broken.exit_code == 1
    assert "region.csv" in broken.output
    assert str(len(lines) + 1) in broken.output


def test_coverage_of_the_first_review(outputs: Path) -> None:
    shown = CliRunner().invoke(app, ["vocab", "coverage", str(outputs / "latest")], env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    words = {line.split("│")[1].strip(): line.split("│") for line in shown.output.splitlines() if line.count("│") == 5}
    assert [cell.strip() for cell in words["modality"][2:4]] == ["34", "34"]
    assert words["evidence"][2].strip() == "71"
