"""Registers a file as a source: creates its folder in raw/, with a copy of the file and a `source.toml`.

Values that the source states (title, DOI, language, licence) are filled in; the others are left for the user to
complete. No tables are extracted here.
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
    has_review,
    list_sources,
    load_source,
    read_bytes,
)

DESCRIPTIVE_KEYS = ("title", "doi", "language", "origin", "licence")
"""The keys of source.toml that the user completes if the source does not state them."""

MAX_ID_LENGTH = 60


@dataclass(frozen=True, slots=True)
class RegisteredSource:
    """The new folder, and the keys of its source.toml that the user has yet to complete."""

    folder: Path
    missing_keys: list[str]


def add_source(file: Path, raw: Path, review_id: str | None = None) -> RegisteredSource:
    """Add a file to raw/ under `review_id`, or under an id derived from its title or name.

    The folder appears complete, in one step. Raises SourceError, and leaves raw/ unchanged, if the file cannot be read
    or is already in raw/ (same bytes), or if the id is invalid or taken.
    """
    data = read_bytes(file, str(file), "name the file of a review")
    digest = hashlib.sha256(data).hexdigest()
    _refuse_duplicate(raw, digest, file)
    source_format = sniff_format(data)
    try:
        document = source_format.read(data, name=file.name)
    except ReadError as error:
        raise SourceError(str(error)) from error
    description = _read_description(document)
    name = review_id or _make_review_id(description.get("title") or file.stem)
    if not REVIEW_ID.fullmatch(name):
        raise SourceError(f"'{name}' is not a valid review id; use --id with a-z, 0-9, '.', '_' and '-'")
    folder = raw / name
    if folder.exists():
        raise SourceError(f"{folder}: already exists; choose another id with --id")
    # Hidden, so that no sensor or build reads an incomplete folder.
    temporary = raw / f".new-{name}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        target = f"source{source_format.suffixes[0]}" + (".gz" if data.startswith(GZIP_MAGIC) else "")
        (temporary / target).write_bytes(data)
        source_toml = _render_source_toml(target, source_format, digest, description)
        (temporary / SOURCE_TOML).write_text(source_toml, encoding="utf-8")
        temporary.replace(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return RegisteredSource(folder, [key for key in DESCRIPTIVE_KEYS if key not in description])


def _refuse_duplicate(raw: Path, digest: str, file: Path) -> None:
    for listed in list_sources(raw) if raw.is_dir() and has_review(raw) else []:
        try:
            listed_digest = load_source(listed).toml.sha256
        except SourceError:
            continue
        if listed_digest == digest:
            raise SourceError(f"{file}: {raw} already has a file with the same bytes, in review {listed.review_id}")


def _read_description(document: Document) -> dict[str, str]:
    """The valid values that the source itself states, by their key in source.toml."""
    front = document.front
    stated = {
        "title": front.title.value if front.title else None,
        "doi": front.doi,
        "language": front.language,
        "licence": front.licence,
    }
    one_line = {key: " ".join(value.split()) for key, value in stated.items() if value}
    return {key: value for key, value in one_line.items() if _is_valid(key, value)}


def _is_valid(key: str, value: str) -> bool:
    try:
        SourceToml.model_validate({"file": "source", "format": "text", "sha256": "0" * 64, key: value})
    except ValidationError:
        return False
    return True


def _make_review_id(title: str) -> str:
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    review_id = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")
    return review_id if len(review_id) <= MAX_ID_LENGTH else review_id[: MAX_ID_LENGTH + 1].rpartition("-")[0]


def _render_source_toml(file: str, source_format: SourceFormat, digest: str, description: dict[str, str]) -> str:
    lines = [
        "# Describes this source. The build rejects the file if its bytes do not have this sha256.",
        f"file = {_quote(file)}",
        f"format = {_quote(source_format.name)}",
        f"sha256 = {_quote(digest)}",
    ]
    lines += [f"{key} = {_quote(description[key])}" for key in DESCRIPTIVE_KEYS if key in description]
    missing = [key for key in DESCRIPTIVE_KEYS if key not in description]
    if missing:
        lines.append("# Not found in the source: fill in what you know and remove the '#'.")
        lines += [f'# {key} = ""' for key in missing]
    return "\n".join(lines) + "\n"


def _quote(value: str) -> str:
    # A JSON string is a valid TOML string, except for the DEL character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
