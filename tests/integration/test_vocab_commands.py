"""The commands for curators: `vocab check` names a broken line, and `vocab coverage` shows the share coded."""

import shutil
from pathlib import Path

from typer.testing import CliRunner

from pipelines.cli import app

VOCABULARIES = Path(__file__).parents[2] / "schemas" / "vocabularies"


def test_check_accepts_the_vocabularies_and_names_a_broken_line(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["vocab", "check"]).exit_code == 0
    folder = tmp_path / "vocabularies"
    shutil.copytree(VOCABULARIES, folder)
    lines = (folder / "region.csv").read_text(encoding="utf-8").splitlines()
    (folder / "region.csv").write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    broken = CliRunner().invoke(app, ["vocab", "check", "--vocabularies", str(folder)], env={"COLUMNS": "300"})
    assert broken.exit_code == 1
    assert "region.csv" in broken.output
    assert str(len(lines) + 1) in broken.output


def test_coverage_counts_subjects_and_coded_subjects(outputs: Path) -> None:
    result = CliRunner().invoke(app, ["vocab", "coverage", str(outputs / "latest")], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    rows = {line.split("│")[1].strip(): line.split("│") for line in result.output.splitlines() if line.count("│") == 5}
    assert [cell.strip() for cell in rows["modality"][2:4]] == ["34", "34"]
    assert rows["evidence"][2].strip() == "71"
