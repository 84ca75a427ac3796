"""A file → a source in raw/: its folder, its bytes, and a `source.toml` that says what it is and asks for the rest.

Nothing is read for the tables here; the title and the DOI are taken from what the reader finds, where it finds them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipelines.document import Document
from pipelines.readers.errors import ReadError
from pipelines.readers.formats import GZIP_MAGIC, SourceFormat, sniff_format
from pipelines.sources.source_folder import (
    REVIEW_ID,
    SOURCE_TOML,
    SourceError,
    SourceToml,
    holds_review,
    list_sources,
    load_source,
    read_bytes,
)

ASKED = ("title", "doi", "language", "origin", "licence")
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class Added:
    """The new folder, and which keys of its source.toml wait for an answer."""

    folder: Path
    asked: list[str]


def add_source(file: Path, raw: Path, review_id: str | None = None) -> Added:
    """Put a file into raw/ under `review_id`, or an id made from its title or name.

    The folder appears whole, in one step. Raises SourceError where the file cannot be read, is there already (by its
    bytes), or the id is no id or taken; nothing is left in raw/ then.
    """
    data = read_bytes(file, str(file), "name the file of a review")
    digest = hashlib.sha256(data).hexdigest()
    _refuse_known(raw, digest, file)
    source_format = sniff_format(data)
    try:
        document = source_format.read(data, name=file.name)
    except ReadError as error:
        raise SourceError(str(error)) from error
    found = _found(document)
    name = review_id or _id_of(found.get("title") or file.stem)
    if not REVIEW_ID.fullmatch(name):
        raise SourceError(f"'{name}' is no review id; give one with --id, made of a-z, 0-9, '.', '_' and '-'")
    folder = raw / name
    if folder.exists():
        raise SourceError(f"{folder}: is there already; give another id with --id")
    # Hidden, so that neither a sensor nor a build takes up half of it.
    aside = raw / f".new-{name}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        target = f"source{source_format.suffixes[0]}" + (".gz" if data.startswith(GZIP_MAGIC) else "")
        (aside / target).write_bytes(data)
        (aside / SOURCE_TOML).write_text(_toml(target, source_format, digest, found), encoding="utf-8")
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Added(folder, [key for key in ASKED if key not in found])


def _refuse_known(raw: Path, digest: str, file: Path) -> None:
    for listed in list_sources(raw) if raw.is_dir() and holds_review(raw) else []:
        try:
            known = load_source(listed).about.sha256
        except SourceError:
            continue
        if known == digest:
            raise SourceError(f"{file}: its bytes are those of review {listed.review_id}, which is in {raw} already")


def _found(document: Document) -> dict[str, str]:
    """What the source itself says of what it is; the keys are those of source.toml."""
    front = document.front
    said = {
        "title": front.title.value if front.title else None,
        "doi": front.doi,
        "language": front.language,
        "licence": front.licence,
    }
    folded = {key: " ".join(value.split()) for key, value in said.items() if value}
    return {key: value for key, value in folded.items() if _fits(key, value)}


def _fits(key: str, value: str) -> bool:
    try:
        SourceToml.model_validate({"file": "source", "format": "text", "sha256": "0" * 64, key: value})
    except ValidationError:
        return False
    return True


def _id_of(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return short if len(short) <= LONGEST_ID else short[: LONGEST_ID + 1].rpartition("-")[0]


def _toml(file: str, source_format: SourceFormat, digest: str, found: dict[str, str]) -> str:
    lines = [
        "# What this source is. The build refuses the file when its bytes are not the ones named here.",
        f"file = {_quoted(file)}",
        f"format = {_quoted(source_format.name)}",
        f"sha256 = {_quoted(digest)}",
    ]
    lines += [f"{key} = {_quoted(found[key])}" for key in ASKED if key in found]
    missing = [key for key in ASKED if key not in found]
    if missing:
        lines.append("# Not found in the source: fill in what you know, and take the '#' away.")
        lines += [f'# {key} = ""' for key in missing]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    # A JSON string is a basic string of TOML, but for the DEL character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
