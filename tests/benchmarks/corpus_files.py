"""Finds and unpacks the development corpus for the benchmarks."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@contextmanager
def unpacked_corpus(directory: Path | None, *folders: str) -> Iterator[Path]:
    """Yield `directory`; if it is None, a temporary folder into which these folders of the archive are unpacked.

    Raises SystemExit if the archive is missing.
    """
    if directory is not None:
        yield directory
        return
    with _unpacked_archive("corpus-dev.tar.xz", "give an unpacked corpus with --corpus DIR", folders) as temporary:
        yield temporary / "corpus-dev"


@contextmanager
def unpacked_works(directory: Path | None) -> Iterator[Path]:
    """Yield `directory`; if it is None, a temporary folder with the articles of `works-dev.tar.xz`.

    Raises SystemExit if the archive is missing.
    """
    if directory is not None:
        yield directory
        return
    with _unpacked_archive("works-dev.tar.xz", "give a folder of JATS files with --works DIR", ("dev",)) as temporary:
        yield temporary / "dev"


@contextmanager
def unpacked_pairs(directory: Path | None) -> Iterator[Path]:
    """Yield `directory`; if it is None, a temporary folder with the pairs of PDF and JATS XML of `pdf-dev.tar`.

    Raises SystemExit if the archive is missing.
    """
    if directory is not None:
        yield directory
        return
    with _unpacked_archive("pdf-dev.tar", "give a folder of pairs with --pairs DIR", ("pdf-dev",)) as temporary:
        yield temporary / "pdf-dev"


@contextmanager
def _unpacked_archive(name: str, remedy: str, folders: Collection[str]) -> Iterator[Path]:
    """Yield a temporary folder with the members of an archive that are in one of these folders."""
    archive = SHARED / name
    if not archive.exists():
        raise SystemExit(f"{archive} does not exist; {remedy}.")
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(archive) as packed:
            members = [member for member in packed.getmembers() if set(folders) & set(Path(member.name).parts)]
            # Python before 3.11.4 has no filters; `filter="data"` would be an unknown argument.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(temporary, members=members)
        yield Path(temporary)
