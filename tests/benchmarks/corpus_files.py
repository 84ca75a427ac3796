"""Where the development corpus is, unpacked or not. What is measured on it is in the other modules."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@contextmanager
def unpacked_corpus(directory: Path | None, *folders: str) -> Iterator[Path]:
    """The unpacked corpus; where none is named, these folders of the archive's in a temporary one.

    Raises SystemExit where there is no archive either.
    """
    if directory is not None:
        yield directory
        return
    archive = SHARED / "corpus-dev.tar.xz"
    if not archive.exists():
        raise SystemExit(f"{archive} is not there; name an unpacked corpus with --corpus DIR.")
    with tempfile.TemporaryDirectory() as temporary:
        with tarfile.open(archive) as packed:
            members = [member for member in packed.getmembers() if set(folders) & set(Path(member.name).parts)]
            packed.extractall(temporary, members=members, filter="data")
        yield Path(temporary) / "corpus-dev"
