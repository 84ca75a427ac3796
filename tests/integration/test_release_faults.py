"""Publishing that is killed, runs out of disk space, runs twice at once, or runs while others read."""

import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from pipelines.common.hashing import hash_file
from pipelines.release import ReleaseError
from pipelines.release.folders import latest_release, releases_folder
from pipelines.release.history import list_releases, prune_releases
from pipelines.release.promote import TEMPORARY_PREFIX
from pipelines.release.verify import check_release
from schemas.tables import SPECS
from tests.integration.release_frames import ROOT, frames_of, publish_as, release_id

N_KILLS = 14
N_REBUILDS = 50
REBUILDS_PER_ROUND = 5
"""After so many rebuilds in quick succession, the test waits until every reader has read the last one."""
N_READERS = 3


@pytest.fixture(scope="module")
def frames(outputs: Path) -> dict[str, pl.DataFrame]:
    return frames_of(outputs / "latest")


@pytest.fixture(scope="module")
def one_release(frames: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with the release `old`."""
    out = tmp_path_factory.mktemp("one")
    publish_as(frames, out, "old")
    return out


@pytest.fixture
def out(one_release: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one_release, tmp_path / "out", symlinks=True))


def is_complete(release: Path | None) -> bool:
    return release is not None and all(result.passed for result in check_release(release))


def run(code: str, *arguments: str | Path, stdin: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=stdin,
    )


PUBLISH = """
import os, signal, sys
from pathlib import Path
from tests.integration.release_frames import frames_of, publish_as

source, out, name, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
frames = frames_of(source)
steps = []

def watch(event, arguments):
    # Counts what Python writes; Polars and DuckDB write between these steps.
    if event in {"open", "os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "os.chmod"}:
        if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) == 0:
            # A file or folder that is opened to flush it counts; one that is opened for reading does not.
            if not (isinstance(arguments[0], (str, os.PathLike)) and arguments[1] is None):
                return
        if any(str(out) in str(part) for part in arguments[:2]):
            steps.append(event)
            if len(steps) == stop:
                os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
publish_as(frames, out, name)
print(len(steps), steps.index("os.symlink") + 1, len(steps) - steps[::-1].index("os.rename"))
"""


@pytest.fixture(scope="module")
def kill_points(one_release: Path, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """The steps at which a publish is killed: spread over all of it, and each of the last ones."""
    out = tmp_path_factory.mktemp("count") / "out"
    shutil.copytree(one_release, out, symlinks=True)
    done = run(PUBLISH, out / "latest", out, "new", "0")
    counted, errors = done.communicate(timeout=300)
    assert done.returncode == 0, errors
    n_steps, symlink, last_rename = map(int, counted.split())
    last = [symlink - 1, symlink, last_rename, n_steps]
    spread = [1 + (n_steps - 2) * part // (N_KILLS - len(last)) for part in range(N_KILLS - len(last))]
    points = sorted({*spread, *last})
    assert len(points) >= 10
    return points


def test_a_killed_publish_leaves_a_complete_latest_and_the_next_one_succeeds(
    one_release: Path, kill_points: list[int], frames: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    for point in kill_points:
        out = tmp_path / f"killed-at-{point}"
        shutil.copytree(one_release, out, symlinks=True)
        killed = run(PUBLISH, out / "latest", out, "new", str(point))
        _, errors = killed.communicate(timeout=300)
        assert killed.returncode == -9, f"step {point}: {errors}"
        latest = latest_release(out)
        assert latest is not None
        assert latest.name in (release_id("old"), release_id("new"))
        assert is_complete(latest), f"step {point}"
        following = publish_as(frames, out, "new")
        assert latest_release(out) == following.resolve()
        assert is_complete(following), f"step {point}"
        assert not list(releases_folder(out).glob(f"{TEMPORARY_PREFIX}*")), f"step {point}"
        shutil.rmtree(out)


def test_publish_replaces_a_damaged_release(out: Path, frames: dict[str, pl.DataFrame]) -> None:
    (out / "latest" / "parquet" / "claims.parquet").write_bytes(b"")
    assert not is_complete(latest_release(out))
    publish_as(frames, out, "old")
    assert is_complete(latest_release(out))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that has room for one release but not for two."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=13m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_reported_and_the_last_release_is_kept(
    small_disk: Path, frames: dict[str, pl.DataFrame]
) -> None:
    out = small_disk / "out"
    old = publish_as(frames, out, "old")
    with pytest.raises(ReleaseError, match=r"could not be written.*the previous release is unchanged.*Free disk space"):
        publish_as(frames, out, "new")
    assert latest_release(out) == old.resolve()
    assert is_complete(old)
    assert [path.name for path in releases_folder(out).iterdir()] == [old.name]


@pytest.mark.parametrize("size", ["1m", "2500k", "4500k", "7500k"])
def test_a_full_disk_gives_the_same_error_at_any_stage(
    size: str, small_disk: Path, frames: dict[str, pl.DataFrame]
) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(small_disk)], check=True)
    with pytest.raises(ReleaseError, match="could not be written"):
        publish_as(frames, small_disk / "out", "new")
    assert latest_release(small_disk / "out") is None


def test_publish_names_a_folder_that_cannot_be_written(frames: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    (tmp_path / "out").write_text("no folder")
    with pytest.raises(ReleaseError, match=r"out: the release could not be written"):
        publish_as(frames, tmp_path / "out", "new")


def test_reports_a_release_whose_builds_table_lacks_a_column(tmp_path: Path) -> None:
    release = tmp_path / "out" / "releases" / "r0"
    (release / "parquet").mkdir(parents=True)
    for name in SPECS:
        pl.DataFrame({"n_reviews": [1]}).write_parquet(release / "parquet" / f"{name}.parquet")
    files = sorted((release / "parquet").iterdir())
    manifest = "".join(f"{hash_file(path)}  parquet/{path.name}\n" for path in files)
    (release / "MANIFEST.sha256").write_text(manifest, encoding="utf-8")
    results = check_release(release)
    assert [result.passed for result in results] == [True, False]
    assert "builds.parquet: cannot be read" in results[1].detail
    assert "is_verbatim" in results[1].detail
    with pytest.raises(ReleaseError, match=r"builds\.parquet: cannot be read .*is_verbatim.*remove the folder"):
        list_releases(release.parents[1])


def test_a_second_publish_logs_that_it_waits(out: Path) -> None:
    lock = FileLock(out / ".publish.lock")
    lock.acquire()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.release_frames", str(out / "latest"), str(out), "new"],
        cwd=ROOT,
        text=True,
        stderr=subprocess.PIPE,
    )
    assert waiting.stderr is not None
    assert "another process is publishing there; waiting" in waiting.stderr.readline()
    latest = latest_release(out)
    assert latest is not None
    assert latest.name == release_id("old")
    lock.release()
    assert waiting.wait(timeout=120) == 0, waiting.stderr.read()
    waiting.stderr.close()
    latest = latest_release(out)
    assert latest is not None
    assert latest.name == release_id("new")


def test_two_publishes_at_once_give_two_complete_releases(out: Path) -> None:
    source = out / "latest"
    command = [sys.executable, "-m", "tests.integration.release_frames", str(source.resolve()), str(out)]
    both = [subprocess.Popen([*command, name], cwd=ROOT) for name in ("first", "second")]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    for name in ("old", "first", "second"):
        release = releases_folder(out) / release_id(name)
        assert is_complete(release)
        assert frames_of(release)["reviews"]["title"].to_list()[0] == (release_id(name))
    latest = latest_release(out)
    assert latest is not None
    assert latest.name in (release_id("first"), release_id("second"))


READER = """
import sys, time
from pathlib import Path
import duckdb

out, stop, has_read = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
has_read.mkdir()
seen = {}
while not stop.exists():
    with duckdb.connect(str(out / "latest" / "reviewmart.duckdb"), read_only=True) as mart:
        mart.execute("SET enable_progress_bar = false")  # DuckDB would print it to stdout on a slow machine.
        first = mart.execute("SELECT release_id FROM builds").fetchall()
        time.sleep(0.05)
        second = mart.execute("SELECT DISTINCT title FROM reviews").fetchall()
        counted = mart.execute("SELECT count(*) FROM v_reference_usage").fetchall()
        assert first == second and counted[0][0] > 0, (first, second, counted)
        seen[first[0][0]] = seen.get(first[0][0], 0) + 1
        (has_read / first[0][0]).touch()
    # A pause, so that three readers do not take the processors from the publishing process.
    time.sleep(0.1)
print(len(seen), sum(seen.values()))
"""


def wait_for_all(processes: "list[subprocess.Popen[str]]", files: list[Path]) -> None:
    """Wait until every file exists. Fails if a process has ended, because it cannot write its file any more."""
    while not all(path.exists() for path in files):
        assert [process.poll() for process in processes] == [None] * len(processes), "a reader ended too early"
        time.sleep(0.01)


def test_readers_never_see_errors_or_mixed_releases_while_fifty_are_published(
    out: Path, frames: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    stop = tmp_path / "stop"
    has_read = [tmp_path / f"read-by-{number}" for number in range(N_READERS)]
    readers = [run(READER, out, stop, folder) for folder in has_read]
    try:
        for number in range(N_REBUILDS):
            publish_as(frames, out, f"rebuild {number}")
            if number % REBUILDS_PER_ROUND == REBUILDS_PER_ROUND - 1:
                wait_for_all(readers, [folder / release_id(f"rebuild {number}") for folder in has_read])
                prune_releases(out, keep=2)
    finally:
        stop.touch()
        outputs_and_errors = [reader.communicate(timeout=60) for reader in readers]
    for reader, (counts, errors) in zip(readers, outputs_and_errors, strict=True):
        assert reader.returncode == 0, errors
        n_releases, n_reads = map(int, counts.split())
        assert n_releases >= N_REBUILDS // REBUILDS_PER_ROUND
        assert n_reads >= n_releases


def test_a_reader_can_finish_reading_a_removed_release(out: Path, frames: dict[str, pl.DataFrame]) -> None:
    reading = """
    import sys, duckdb
    with duckdb.connect(sys.argv[1], read_only=True) as mart:
        print(mart.execute("SELECT release_id FROM builds").fetchall()[0][0], flush=True)
        sys.stdin.readline()
        print(mart.execute("SELECT any_value(title) FROM reviews").fetchall()[0][0], mart.execute(
            "SELECT count(*) FROM table_cells").fetchall()[0][0])
    """
    reader = run(reading, out / "latest" / "reviewmart.duckdb", stdin=subprocess.PIPE)
    assert reader.stdout is not None
    assert reader.stdout.readline().strip() == release_id("old")
    new = publish_as(frames, out, "new")
    shutil.rmtree(releases_folder(out) / release_id("old"))
    output, errors = reader.communicate("\n", timeout=60)
    assert reader.returncode == 0, errors
    assert output.split() == [release_id("old"), str(frames["table_cells"].height)]
    assert latest_release(out) == new.resolve()


def test_identical_frames_give_identical_files_except_the_database(
    frames: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = publish_as(frames, tmp_path / "first", "same")
    time.sleep(1.1)
    second = publish_as(frames, tmp_path / "second", "same")
    differ = [
        path.relative_to(first).as_posix()
        for path in sorted(first.rglob("*"))
        if path.is_file() and path.read_bytes() != (second / path.relative_to(first)).read_bytes()
    ]
    assert set(differ) <= {"reviewmart.duckdb", "MANIFEST.sha256"}
    assert "2023-11-14" in (first / "CITATION.cff").read_text(encoding="utf-8")


def test_other_users_can_read_a_release(out: Path) -> None:
    assert (out / "latest").resolve().stat().st_mode & 0o755 == 0o755
    assert os.access(out / "latest" / "reviewmart.duckdb", os.R_OK)
