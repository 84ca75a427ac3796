"""Finds and unpacks the development corpus for the benchmarks."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
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
    archive = SHARED / "corpus-dev.tar.xz"
    if not archive.exists():
        raise SystemExit(f"{archive} does not exist; give an unpacked corpus with --corpus DIR.")
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(archive) as packed:
            members = [member for member in packed.getmembers() if set(folders) & set(Path(member.name).parts)]
            # Python before 3.11.4 has no filters; `filter="data"` would be an unknown argument.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(temporary, members=members)
        yield Path(temporary) / "corpus-dev"
