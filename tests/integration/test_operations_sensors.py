"""What the sensors and schedules ask for, and when they wait; a source that cannot be read; what a failed run says."""

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
from pipelines.orchestration.jobs import OneReview
from pipelines.orchestration.sensors import GRACE, whole_seconds
from pipelines.orchestration.table_asset import tried_again_for_files_only
from pipelines.sources.source_folder import SourceError, list_sources
from tests import mini_review
from tests.integration.operations import World
from tests.mini_review import add_source

OTHER = mini_review.text(front=mini_review.FRONT.replace("heel.2021.1", "toe.2022.7"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world in which nothing was built yet."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield World.start(tmp_path, instance)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with dg.DagsterInstance.ephemeral() as instance:
        world = World.start(tmp_path_factory.mktemp("world"), instance)
        ran = world.run("rebuild_all")
        assert ran.success, ran.failures
        yield world


def skipped(result: object) -> str:
    assert isinstance(result, dg.SkipReason), result
    return result.skip_message or ""


def test_all_is_off_until_switched_on(world: World) -> None:
    repository = world.definitions.get_repository_def()
    assert {sensor.default_status for sensor in repository.sensor_defs} == {dg.DefaultSensorStatus.STOPPED}
    assert {schedule.default_status for schedule in repository.schedule_defs} == {dg.DefaultScheduleStatus.STOPPED}


def test_a_setting_that_is_no_number_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEWMART_SENSOR_SECONDS", "soon")
    with pytest.raises(ValueError, match="REVIEWMART_SENSOR_SECONDS is 'soon'; set a whole number"):
        whole_seconds("REVIEWMART_SENSOR_SECONDS", "30")


def test_the_schedule_asks_for_a_rebuild_of_all(world: World) -> None:
    schedule = world.definitions.get_repository_def().get_schedule_def("weekly_rebuild")
    assert schedule.cron_schedule == "0 5 * * 1"
    tick = schedule.evaluate_tick(dg.build_schedule_context(instance=world.instance))
    assert schedule.job_name == "rebuild_all"
    assert [request.asset_selection for request in tick.run_requests or []] == [None]


def test_the_first_tick_waits_and_the_second_asks_for_everything_once(world: World) -> None:
    asked = world.requested("changes_in_raw")
    assert len(asked) > 40
    # Asked for once: a run that fails is not asked for again before something changes.
    assert "nothing has changed" in skipped(world.tick("changes_in_raw"))


def test_no_run_without_a_change(built: World) -> None:
    skipped(built.tick("changes_in_raw"))
    assert "what they hold is the same" in skipped(built.tick("changes_in_raw"))
    assert "nothing has changed" in skipped(built.tick("changes_in_raw"))
    os.utime(built.raw / "heel" / "source.txt")
    assert "still for a tick" in skipped(built.tick("changes_in_raw"))
    assert "what they hold is the same" in skipped(built.tick("changes_in_raw"))


def test_a_source_is_taken_up_changed_and_removed(built: World) -> None:
    folder = add_source(built.raw, "toe", OTHER.encode())
    assert built.run("rebuild_changed", built.requested("changes_in_raw")).success
    reviews = built.out / "latest" / "parquet" / "reviews.parquet"
    assert pl.read_parquet(reviews)["review_id"].to_list() == ["heel", "toe"]
    add_source(built.raw, "toe", OTHER.replace("Heel spurs hurt.", "Toes hurt.").encode())
    asked = built.requested("changes_in_raw")
    assert not {"concepts", "journals"} & {key.to_user_string() for key in asked}
    ran = built.run("rebuild_changed", asked)
    assert ran.success
    assert "sentences" in ran.computed
    shutil.rmtree(folder)
    ran = built.run("rebuild_changed", built.requested("changes_in_raw"))
    assert ran.success
    assert pl.read_parquet(reviews)["review_id"].to_list() == ["heel"]
    assert not ran.checks["builds", "drift"].passed
    assert "toe: the last release has it" in (ran.checks["builds", "drift"].description or "")


def test_a_half_copied_file_is_waited_for(built: World) -> None:
    data = OTHER.encode()
    folder = add_source(built.raw, "slow", data)
    (folder / "source.txt").write_bytes(data[:200])
    skipped(built.tick("changes_in_raw"))
    for _ in range(2):
        reason = skipped(built.tick("changes_in_raw"))
        assert "arrive whole" in reason
        assert "slow" in reason
    (folder / "source.txt").write_bytes(data[:900])
    assert "still for a tick" in skipped(built.tick("changes_in_raw"))
    (folder / "source.txt").write_bytes(data)
    assert "reviews" in {key.to_user_string() for key in built.requested("changes_in_raw")}
    shutil.rmtree(folder)


def test_a_file_that_stays_incomplete_is_left_out_with_its_reason(built: World) -> None:
    folder = add_source(built.raw, "cut", OTHER.encode())
    (folder / "source.txt").write_bytes(OTHER.encode()[:200])
    before = time.time() - GRACE - 60
    for path in (folder / "source.txt", folder / "source.toml", folder):
        os.utime(path, (before, before))
    ran = built.run("rebuild_changed", built.requested("changes_in_raw"))
    assert ran.success, ran.failures
    check = ran.checks["quarantined_sources", "all_sources_read"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "cut" in (check.description or "")
    assert "sha256" in (check.description or "")
    parquet = built.out / "latest" / "parquet"
    assert pl.read_parquet(parquet / "quarantined_sources.parquet")["review_id"].to_list() == ["cut"]
    assert pl.read_parquet(parquet / "reviews.parquet")["review_id"].to_list() == ["heel"]
    shutil.rmtree(folder)


def test_while_a_run_goes_on_no_other_is_asked_for(built: World) -> None:
    folder = add_source(built.raw, "more", OTHER.encode())
    job = built.definitions.resolve_job_def("rebuild_all")
    run = built.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    skipped(built.tick("changes_in_raw"))
    assert f"run {run.run_id[:8]} is going on" in skipped(built.tick("changes_in_raw"))
    built.instance.delete_run(run.run_id)
    assert isinstance(built.tick("changes_in_raw"), dg.SensorResult)
    shutil.rmtree(folder)


def test_a_broken_edit_stops_the_run_with_file_line_and_mend(built: World) -> None:
    assert built.run("rebuild_changed").success
    release = built.release()
    path = built.folder / "vocabularies" / "imaging.csv"
    good = path.read_bytes()
    path.write_bytes(good + b"ct,,Again,,,,,\n")
    ran = built.run("rebuild_changed")
    path.write_bytes(good)
    assert not ran.success
    assert not ran.retried
    first_line = next(iter(ran.failures.values())).splitlines()[0]
    assert "imaging.csv" in first_line
    assert f"line {good.count(bytes([10])) + 1}" in first_line
    assert built.release() == release


def test_only_what_the_file_system_refuses_is_tried_again() -> None:
    with pytest.raises(OSError, match="disk"), tried_again_for_files_only():
        raise OSError("disk full")
    for error in (SourceError("raw/toe: no such file; put it back"), KeyError("toe")):
        with pytest.raises(dg.Failure, match="toe") as raised, tried_again_for_files_only():
            raise error
        assert not raised.value.allow_retries


def test_a_failed_error_check_is_red_and_stops_the_release(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    release = built.release()

    def look(frames: checks.Frames) -> RuleResult:  # noqa: ARG001
        return RuleResult(4, ["heel, marker 1: 2 stated, 1 found"])

    broken = checks.Rule("mentions_counted", "citation_mentions", look)
    rules = [broken if rule.policy == broken.policy else rule for rule in checks.RULES]
    monkeypatch.setattr(checks, "RULES", rules)
    ran = built.run("rebuild_all")
    assert set(ran.failures) == {"release"}, ran.failures
    assert not ran.retried
    first_line = ran.failures["release"].splitlines()[0]
    assert first_line.startswith("mentions_counted_of_citation_mentions: heel, marker 1: 2 stated, 1 found; mend")
    check = ran.checks["citation_mentions", "mentions_counted"]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert check.metadata["findings"].value == 1
    assert built.release() == release
    monkeypatch.undo()
    assert built.run("rebuild_all").success


def test_an_empty_folder_of_sources_is_waited_for(built: World, tmp_path: Path) -> None:
    shutil.move(built.raw / "heel", tmp_path / "heel")
    skipped(built.tick("changes_in_raw"))
    reasons = [skipped(built.tick("changes_in_raw")) for _ in range(2)]
    shutil.move(tmp_path / "heel", built.raw / "heel")
    assert all("holds no review" in reason for reason in reasons), reasons
    skipped(built.tick("changes_in_raw"))
    assert "what they hold is the same" in skipped(built.tick("changes_in_raw"))


def test_a_file_that_vanishes_while_a_sensor_looks_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_source(tmp_path, "heel", OTHER.encode())
    add_source(tmp_path, "toe", b"not whole", sha256="0" * 64)
    (tmp_path / "linked.xml").symlink_to(tmp_path / "nowhere.xml")
    (tmp_path / "short.txt").write_text("here when the folder is listed")
    listed = list_sources(tmp_path)
    assert [source.review_id for source in listed] == ["heel", "linked", "short", "toe"]
    (tmp_path / "short.txt").unlink()
    monkeypatch.setattr(sensors, "list_sources", lambda _: listed)
    (waited,) = sensors.arriving(tmp_path, time.time())
    assert waited.startswith("toe/source.txt: the file is not the one")
    before = sensors.signature(folder)
    finds = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda path, pattern: [*finds(path, pattern), path / "gone.txt"])
    monkeypatch.setattr(Path, "is_file", lambda path: path.suffix in {".txt", ".toml"})
    assert sensors.signature(folder) == before


def test_no_source_at_all_stops_the_run_and_leaves_the_release(built: World, tmp_path: Path) -> None:
    release = built.release()
    shutil.move(built.raw, tmp_path / "away")
    ran = built.run("rebuild_changed")
    shutil.move(tmp_path / "away", built.raw)
    assert "no such folder" in ran.failures["sources"].splitlines()[0]
    assert built.release() == release


def test_the_newest_release_is_verified_and_damage_is_named(built: World) -> None:
    assert built.run("verify_newest_release", run_config={}).success
    assert not built.run("verify_newest_release", run_config={"release_id": "r000000000000"}).success
    path = (built.out / "latest" / "codebook.md").resolve()
    good = path.read_bytes()
    path.write_bytes(good + b" ")
    ran = built.run("verify_newest_release", run_config={})
    path.write_bytes(good)
    assert not ran.success
    assert "codebook.md: changed" in ran.failures["verify"]


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
def test_bad_values_are_refused_before_there_is_a_run(built: World, job: str, config: dict[str, object]) -> None:
    before = built.instance.get_runs_count()
    with pytest.raises((dg.DagsterInvalidConfigError, dg.DagsterError)):
        built.run(job, run_config=config)
    assert built.instance.get_runs_count() == before


def test_every_field_of_a_form_is_described() -> None:
    assert all(field.description for field in OneReview.model_fields.values())


def test_old_runs_are_forgotten_but_none_that_made_what_stands(built: World) -> None:
    assert built.run("forget_old_runs", run_config={"days": 7}).success
    assert built.instance.get_runs_count() > 0
    assert built.run("rebuild_changed").kept


def test_every_check_has_a_reason_and_every_error_stops(built: World) -> None:
    assert all(policy.reason.endswith(".") and policy.guards.endswith(".") for policy in POLICIES.values())
    ran = built.run("rebuild_all")
    assert {name for _, name in ran.checks} == set(POLICIES)
    for (table, name), check in ran.checks.items():
        assert check.passed or check.severity == dg.AssetCheckSeverity.WARN, (table, name, check.description)
        assert check.metadata, (table, name)
