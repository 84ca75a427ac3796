"""Sensors, schedules, jobs and checks: when runs are requested, when they fail, and with which message."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.checks import rules as checks
from pipelines.checks.policies import POLICIES
from pipelines.checks.rule_result import RuleResult
from pipelines.orchestration import sensors
from pipelines.orchestration.failure_policy import raise_as_failure, retry_only_io_errors
from pipelines.orchestration.jobs import ForgetOldRunsForm, RebuildOneReviewForm, VerifyReleaseForm
from pipelines.orchestration.sensors import GRACE_SECONDS, read_seconds
from pipelines.sources.source_folder import SourceError, list_sources
from tests import mini_review
from tests.integration.operations import Deployment
from tests.mini_review import add_source

OTHER = mini_review.text(front=mini_review.FRONT.replace("heel.2021.1", "toe.2022.7"))


@pytest.fixture
def unbuilt(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment before its first run."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield Deployment.create(tmp_path, instance)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment after its first rebuild."""
    with dg.DagsterInstance.ephemeral() as instance:
        deployment = Deployment.create(tmp_path_factory.mktemp("deployment"), instance)
        outcome = deployment.run("rebuild_all")
        assert outcome.success, outcome.failures
        yield deployment


def skip_reason(result: object) -> str:
    """The reason of a skipped tick. Fails if the sensor requested a run."""
    assert isinstance(result, dg.SkipReason), result
    return result.skip_message or ""


def test_sensors_and_schedules_are_off_by_default(unbuilt: Deployment) -> None:
    repository = unbuilt.definitions.get_repository_def()
    assert {sensor.default_status for sensor in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}
    assert {schedule.default_status for schedule in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}


def test_rejects_a_tick_interval_that_is_not_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWMART_SENSOR_SECONDS", "soon")
    with pytest.raises(ValueError, match="REVIEWMART_SENSOR_SECONDS is 'soon'; set a whole number"):
        read_seconds("REVIEWMART_SENSOR_SECONDS", "30")


def test_the_weekly_schedule_rebuilds_everything(unbuilt: Deployment) -> None:
    schedule = unbuilt.definitions.get_repository_def().get_schedule_def("weekly_rebuild")
    assert schedule.cron_schedule == "0 5 * * 1"
    tick = schedule.evaluate_tick(dg.build_schedule_context(instance=unbuilt.instance))
    assert schedule.job_name == "rebuild_all"
    assert [request.asset_selection for request in tick.run_requests or []] == [None]


def test_requests_everything_once_at_the_second_tick(unbuilt: Deployment) -> None:
    assert len(unbuilt.request("changes_in_raw")) > 40
    # A run that fails is not requested again before something changes.
    assert "nothing has changed" in skip_reason(unbuilt.tick("changes_in_raw"))


def test_requests_no_run_without_a_change(built: Deployment) -> None:
    skip_reason(built.tick("changes_in_raw"))
    assert "their contents are unchanged" in skip_reason(built.tick("changes_in_raw"))
    assert "nothing has changed" in skip_reason(built.tick("changes_in_raw"))
    os.utime(built.raw / "heel" / "source.txt")
    assert "stay unchanged for one tick" in skip_reason(built.tick("changes_in_raw"))
    assert "their contents are unchanged" in skip_reason(built.tick("changes_in_raw"))


def test_picks_up_new_changed_and_removed_sources(built: Deployment) -> None:
    folder = add_source(built.raw, "toe", OTHER.encode())
    assert built.run("rebuild_changed", built.request("changes_in_raw")).success
    reviews = built.out / "latest" / "parquet" / "reviews.parquet"
    assert pl.read_parquet(reviews)["review_id"].to_list() == ["heel", "toe"]
    add_source(built.raw, "toe", OTHER.replace("Heel spurs hurt.", "Toes hurt.").encode())
    requested = built.request("changes_in_raw")
    assert "journal_words" not in {key.to_user_string() for key in requested}
    outcome = built.run("rebuild_changed", requested)
    assert outcome.success
    assert "sentences" in outcome.computed
    shutil.rmtree(folder)
    outcome = built.run("rebuild_changed", built.request("changes_in_raw"))
    assert outcome.success
    assert pl.read_parquet(reviews)["review_id"].to_list() == ["heel"]
    assert not outcome.checks["builds", "drift"].passed
    assert "toe: only in the last release" in (outcome.checks["builds", "drift"].description or "")


def test_waits_for_a_file_that_is_being_copied(built: Deployment) -> None:
    data = OTHER.encode()
    folder = add_source(built.raw, "slow", data)
    (folder / "source.txt").write_bytes(data[:200])
    skip_reason(built.tick("changes_in_raw"))
    for _ in range(2):
        reason = skip_reason(built.tick("changes_in_raw"))
        assert "completely copied" in reason
        assert "slow" in reason
    (folder / "source.txt").write_bytes(data[:900])
    assert "stay unchanged for one tick" in skip_reason(built.tick("changes_in_raw"))
    (folder / "source.txt").write_bytes(data)
    assert "reviews" in {key.to_user_string() for key in built.request("changes_in_raw")}
    shutil.rmtree(folder)


def test_quarantines_a_source_that_stays_incomplete(built: Deployment) -> None:
    folder = add_source(built.raw, "cut", OTHER.encode())
    (folder / "source.txt").write_bytes(OTHER.encode()[:200])
    before = time.time() - GRACE_SECONDS - 60
    for path in (folder / "source.txt", folder / "source.toml", folder):
        os.utime(path, (before, before))
    outcome = built.run("rebuild_changed", built.request("changes_in_raw"))
    assert outcome.success, outcome.failures
    check = outcome.checks["quarantined_sources", "all_sources_read"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "cut" in (check.description or "")
    assert "sha256" in (check.description or "")
    parquet = built.out / "latest" / "parquet"
    assert pl.read_parquet(parquet / "quarantined_sources.parquet")["review_id"].to_list() == ["cut"]
    assert pl.read_parquet(parquet / "reviews.parquet")["review_id"].to_list() == ["heel"]
    shutil.rmtree(folder)


def test_requests_no_run_while_another_is_in_progress(built: Deployment) -> None:
    folder = add_source(built.raw, "more", OTHER.encode())
    job = built.definitions.resolve_job_def("rebuild_all")
    run = built.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    skip_reason(built.tick("changes_in_raw"))
    assert f"run {run.run_id[:8]} is in progress" in skip_reason(built.tick("changes_in_raw"))
    built.instance.delete_run(run.run_id)
    assert isinstance(built.tick("changes_in_raw"), dg.SensorResult)
    shutil.rmtree(folder)


def test_a_broken_vocabulary_file_stops_the_run_and_is_named_with_the_line(built: Deployment) -> None:
    assert built.run("rebuild_changed").success
    release = built.latest_release_id()
    path = built.folder / "vocabularies" / "imaging.csv"
    good = path.read_bytes()
    path.write_bytes(good + b"ct,,Again,,,,,\n")
    outcome = built.run("rebuild_changed")
    path.write_bytes(good)
    assert not outcome.success
    assert not outcome.retried
    first_line = next(iter(outcome.failures.values())).splitlines()[0]
    assert "imaging.csv" in first_line
    assert f"line {good.count(bytes([10])) + 1}" in first_line
    assert built.latest_release_id() == release


def test_only_io_errors_are_retried() -> None:
    with pytest.raises(OSError, match="disk"), retry_only_io_errors():
        raise OSError("disk full")
    for error in (SourceError("raw/toe: no such file; put it back"), KeyError("toe")):
        with pytest.raises(dg.Failure, match="toe") as raised, retry_only_io_errors():
            raise error
        assert not raised.value.allow_retries


def test_self_explanatory_errors_stop_the_run_with_their_message_and_others_pass() -> None:
    with pytest.raises(dg.Failure) as raised, raise_as_failure():
        raise SourceError("raw/toe: no such file; put it back")
    assert raised.value.description == "raw/toe: no such file; put it back"
    assert not raised.value.allow_retries
    with pytest.raises(KeyError), raise_as_failure():
        raise KeyError("toe")


def test_a_failed_check_of_severity_error_stops_the_release(built: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    release = built.latest_release_id()

    def find_fault(frames: checks.Frames) -> RuleResult:  # noqa: ARG001
        return RuleResult.from_findings(4, ["heel, marker 1: 2 stated, 1 found"])

    broken = checks.Rule("mentions_counted", "citation_mentions", find_fault)
    rules = [broken if rule.policy == broken.policy else rule for rule in checks.RULES]
    monkeypatch.setattr(checks, "RULES", rules)
    outcome = built.run("rebuild_all")
    assert set(outcome.failures) == {"release"}, outcome.failures
    assert not outcome.retried
    first_line = outcome.failures["release"].splitlines()[0]
    assert first_line.startswith("mentions_counted_of_citation_mentions: heel, marker 1: 2 stated, 1 found; fix")
    check = outcome.checks["citation_mentions", "mentions_counted"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert check.metadata["findings"].value == 1
    assert built.latest_release_id() == release
    monkeypatch.undo()
    assert built.run("rebuild_all").success


def test_waits_if_the_folder_of_sources_is_empty(built: Deployment, tmp_path: Path) -> None:
    assert built.run("rebuild_changed").success
    shutil.move(built.raw / "heel", tmp_path / "heel")
    skip_reason(built.tick("changes_in_raw"))
    reasons = [skip_reason(built.tick("changes_in_raw")) for _ in range(2)]
    shutil.move(tmp_path / "heel", built.raw / "heel")
    assert all("contains no review" in reason for reason in reasons), reasons
    skip_reason(built.tick("changes_in_raw"))
    assert "their contents are unchanged" in skip_reason(built.tick("changes_in_raw"))


def test_ignores_files_deleted_during_a_tick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_source(tmp_path, "heel", OTHER.encode())
    add_source(tmp_path, "toe", b"not whole", sha256="0" * 64)
    (tmp_path / "linked.xml").symlink_to(tmp_path / "nowhere.xml")
    (tmp_path / "short.txt").write_text("here when the folder is listed")
    listed = list_sources(tmp_path)
    assert [source.review_id for source in listed] == ["heel", "linked", "short", "toe"]
    (tmp_path / "short.txt").unlink()
    monkeypatch.setattr(sensors, "list_sources", lambda _: listed)
    (problem,) = sensors.find_incomplete_sources(tmp_path, time.time())
    assert problem.startswith("toe/source.txt: the file is not the one")
    before = sensors.hash_file_states(folder)
    rglob = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda path, pattern: [*rglob(path, pattern), path / "gone.txt"])
    monkeypatch.setattr(Path, "is_file", lambda path: path.suffix in {".txt", ".toml"})
    assert sensors.hash_file_states(folder) == before


def test_a_missing_folder_of_sources_stops_the_run_and_keeps_the_release(built: Deployment, tmp_path: Path) -> None:
    release = built.latest_release_id()
    shutil.move(built.raw, tmp_path / "away")
    outcome = built.run("rebuild_changed")
    shutil.move(tmp_path / "away", built.raw)
    assert "no such folder" in outcome.failures["sources"].splitlines()[0]
    assert built.latest_release_id() == release


def test_verifies_the_newest_release_and_names_a_damaged_file(built: Deployment) -> None:
    assert built.run("verify_newest_release", run_config={}).success
    assert not built.run("verify_newest_release", run_config={"release_id": "r000000000000"}).success
    path = (built.out / "latest" / "codebook.md").resolve()
    good = path.read_bytes()
    path.write_bytes(good + b" ")
    outcome = built.run("verify_newest_release", run_config={})
    path.write_bytes(good)
    assert not outcome.success
    assert "codebook.md: changed" in outcome.failures["verify"]


@pytest.mark.parametrize(
    ("job", "config"),
    [
        ("verify_newest_release", {"release_id": "yesterday"}),
        ("forget_old_runs", {"days": 1}),
        ("forget_old_runs", {"days": "many"}),
        ("rebuild_one_review", {}),
        ("rebuild_one_review", {"review_id": "no-such-review"}),
        ("rebuild_one_review", {"review_id": "heel", "colour": "red"}),
    ],
)
def test_rejects_bad_values_before_a_run_exists(built: Deployment, job: str, config: dict[str, object]) -> None:
    before = built.instance.get_runs_count()
    with pytest.raises((dg.DagsterInvalidConfigError, dg.DagsterError)):
        built.run(job, run_config=config)
    assert built.instance.get_runs_count() == before


def test_describes_every_field_of_a_form() -> None:
    forms = (RebuildOneReviewForm, VerifyReleaseForm, ForgetOldRunsForm)
    assert all(field.description for form in forms for field in form.model_fields.values())


def test_forgets_old_runs_except_those_that_made_the_present_tables(built: Deployment) -> None:
    assert built.run("forget_old_runs", run_config={"days": 7}).success
    assert built.instance.get_runs_count() > 0
    assert built.run("rebuild_changed").reused


def test_every_check_is_reported_with_a_reason_and_metadata(built: Deployment) -> None:
    assert all(policy.reason.endswith(".") and policy.guards.endswith(".") for policy in POLICIES.values())
    outcome = built.run("rebuild_all")
    assert {name for _, name in outcome.checks} == set(POLICIES)
    for (table, name), check in outcome.checks.items():
        assert check.passed or check.severity == dg.AssetCheckSeverity.WARN, (table, name, check.description)
        assert check.metadata, (table, name)
