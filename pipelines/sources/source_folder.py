"""Lists the reviews in a folder of sources and loads their bytes.

A review is either a folder with the source as received and a `source.toml` that describes it (as in raw/), or a plain
file, described by its name and bytes (as in a corpus). The bytes are verified against `source.toml` but not parsed;
that is left to the readers.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipelines.common.hashing import hash_files, hash_folder
from pipelines.readers.formats import FORMATS, endings_in_words, file_name_pattern, sniff_format
from pipelines.readers.unread_formats import START_BYTES, ZIP_MAGIC, find_unread_format

REVIEW_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
SOURCE_TOML = "source.toml"
PLAIN_FILE_NAME = file_name_pattern()
"""Matches the names of plain files that are reviews; the id of the review is derived from group 1."""
_MAX_ID_LENGTH = 100
_MAX_LISTED = 10

MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""The maximum size of a source file. The longest real articles are below 20 MB, compressed or not."""


class SourceError(ValueError):
    """A source cannot be used; the message names the file, the problem and the fix.

    Messages are published, so they name a file relative to the folder of sources: they are the same on any machine.
    """


class SourceChangedError(SourceError):
    """A source changed after it was listed."""


class SourceUnreadableError(SourceError):
    """The file system cannot read a source; a later attempt may succeed."""


class SourcesUnavailableError(OSError):
    """The file system cannot read a whole folder of sources, for example on a network share that is offline."""


class SourceToml(BaseModel):
    """The contents of `source.toml`.

    `sha256` is the hash of the file's bytes; `licence` and `origin` are free text. `title`, `doi` and `language`
    describe the source; if the source states them itself, its own values are published instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    file: str = Field(min_length=1, pattern=r"^[^/\\\x00]+$")
    format: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    title: str | None = None
    doi: str | None = Field(default=None, pattern=r"^10\.[0-9]{4,9}/\S+$")
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")
    origin: str | None = None
    licence: str | None = None

    @field_validator("format")
    @classmethod
    def check_format(cls, value: str) -> str:
        if value not in FORMATS:
            raise ValueError(f"unknown format '{value}'; use {' or '.join(FORMATS)}")
        return value


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A review in a folder of sources: `path` is its folder or its plain file.

    `sha256` is the hash of the names and contents of its files, `size` their total size in bytes. If they cannot be
    read, `read_error` is the error message and `sha256` its hash.
    """

    review_id: str
    path: Path
    sha256: str
    size: int
    read_error: str | None = None


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file in a folder of sources that is not taken for a review."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def reason(self) -> str:
        """What the file is, and how to convert it if it may be a review. Reads the file."""
        try:
            with self.path.open("rb") as file:
                data = file.read(START_BYTES)
                # A ZIP archive is recognised by its end; one that is too large is no review.
                if data.startswith(ZIP_MAGIC) and os.fstat(file.fileno()).st_size <= MAX_SOURCE_BYTES:
                    data += file.read()
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        if found := find_unread_format(data):
            return f"is {found.name}; {found.advice}"
        return f"its name does not end with {endings_in_words()}"


@dataclass(frozen=True, slots=True)
class LoadedSource:
    """A review's source; its bytes match the hash in `toml`. `path` is relative to the folder of sources."""

    review_id: str
    path: str
    data: bytes
    toml: SourceToml


def list_sources(folder: Path) -> list[ListedSource]:
    """The reviews in a folder of sources, sorted by review_id: its folders, and its files named as `PLAIN_FILE_NAME`.

    Hidden and other files are ignored. The name of a folder is its review_id; the id of a file is derived from its
    name. A review that cannot be read is listed with its `read_error`.

    Raises SourceError if the folder is missing or contains no review, SourcesUnavailableError if the folder or every
    review in it cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceError(f"{folder}: no such folder; name the folder of the sources with --raw or --corpus") from error
    except OSError as error:
        raise SourcesUnavailableError(f"{folder}: cannot be read ({error.strerror}); fix its permissions") from error
    kinds = {path: _classify_path(path) for path in paths}
    reviews = {path.name: path for path in paths if kinds[path] == "folder" and REVIEW_ID.fullmatch(path.name)}
    for path in paths:
        if kinds[path] == "file" and (match := PLAIN_FILE_NAME.fullmatch(path.name)):
            review_id = _make_valid_id(match.group(1))
        elif kinds[path] == "folder" and path.name not in reviews:
            # The name is not a valid id. Loading the source reports that, under this id.
            review_id = _make_valid_id(path.name)
        else:
            continue
        if not path.name.isprintable():
            raise SourceError(f"{folder}: the file name {path.name!a} is not printable UTF-8; rename the file")
        reviews[f"{review_id}-{_hash_name(path.name)}" if review_id in reviews else review_id] = path
    if not reviews:
        others = list_other_files(folder)
        raise SourceError(
            f"{folder}: contains no review; a review is a folder with its source and a {SOURCE_TOML}, see README.md, "
            f"or a plain file {endings_in_words()}"
            + "".join(f"\n  {other.name}: {other.reason}" for other in others[:_MAX_LISTED])
            + (f"\n  and {len(others) - _MAX_LISTED:,} more files" if len(others) > _MAX_LISTED else "")
        )
    sources = [_list_source(review_id, reviews[review_id]) for review_id in sorted(reviews)]
    if all(source.read_error for source in sources):
        raise SourcesUnavailableError(
            f"{folder}: no review in it can be read\n" + "\n".join(str(source.read_error) for source in sources)
        )
    return sources


def list_other_files(folder: Path) -> list[OtherFile]:
    """The files in a folder of sources that `list_sources` ignores, except README.md and hidden files, sorted by name.

    Raises SourcesUnavailableError if the folder cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise SourcesUnavailableError(f"{folder}: cannot be read ({error.strerror}); fix its permissions") from error
    return [
        OtherFile(path)
        for path in paths
        if path.name != "README.md" and _classify_path(path) == "file" and not PLAIN_FILE_NAME.fullmatch(path.name)
    ]


def has_review(folder: Path) -> bool:
    """Whether a folder contains a review, judged by names alone; README.md and hidden files are ignored."""
    return any(
        path.is_dir() or PLAIN_FILE_NAME.fullmatch(path.name)
        for path in folder.iterdir()
        if not path.name.startswith(".")
    )


def _classify_path(path: Path) -> Literal["folder", "file", "other"]:
    """The kind of a path, guessed from its name if the file system cannot read it or a link is broken."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return "other"  # deleted since the folder was listed
        return "file" if PLAIN_FILE_NAME.fullmatch(path.name) else "folder"
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def _list_source(review_id: str, path: Path) -> ListedSource:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
        files = [file for file in path.rglob("*") if file.is_file()] if is_folder else [path]
        digest = hash_folder(path) if is_folder else hash_files(path.parent, files)
        return ListedSource(review_id, path, digest, sum(file.stat().st_size for file in files))
    except OSError as error:
        failed = Path(error.filename or path)
        name = failed.relative_to(path.parent).as_posix() if failed.is_relative_to(path.parent) else path.name
        message = f"{name}: cannot be read ({error.strerror}); fix its permissions, restore it or remove it"
        return ListedSource(review_id, path, hashlib.sha256(message.encode()).hexdigest(), 0, message)


def load_source(listed: ListedSource) -> LoadedSource:
    """Load the source of a listed review.

    Raises SourceError if `source.toml` or the file is missing, if `source.toml` is invalid (see `SourceToml`), or if
    the file's bytes do not match its hash; SourceChangedError if the source changed after it was listed;
    SourceUnreadableError if the file system cannot read it.
    """
    if listed.read_error:
        raise SourceUnreadableError(listed.read_error)
    source = _load_folder(listed) if listed.path.is_dir() else _load_file(listed)
    if _list_source(listed.review_id, listed.path) != listed:
        raise SourceChangedError(f"{listed.path.name}: changed while it was read; build again")
    return source


def _load_file(listed: ListedSource) -> LoadedSource:
    """A plain file, with a description made from its name and bytes."""
    path = listed.path
    if "\\" in path.name:
        raise SourceError(f"{path.name}: has a backslash, which separates folders on other machines; rename the file")
    data = read_bytes(path, path.name, "fix its permissions")
    toml = SourceToml(file=path.name, format=sniff_format(data).name, sha256=hashlib.sha256(data).hexdigest())
    return LoadedSource(listed.review_id, path.name, data, toml)


def _load_folder(listed: ListedSource) -> LoadedSource:
    folder = listed.path
    if not REVIEW_ID.fullmatch(folder.name):
        raise SourceError(
            f"{folder.name}: '{folder.name}' is not a valid review id; name the folder with a-z, 0-9, '.', '_' and '-'"
        )
    toml_name = f"{folder.name}/{SOURCE_TOML}"
    toml = _read_toml(folder / SOURCE_TOML, toml_name)
    name = f"{folder.name}/{toml.file}"
    data = read_bytes(folder / toml.file, name, f"put the file there or fix `file` in {toml_name}")
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != toml.sha256:
        raise SourceError(
            f"{name}: the file is not the one that {SOURCE_TOML} describes\n"
            f"  sha256 in {SOURCE_TOML}: {toml.sha256}\n"
            f"  sha256 of the file:     {sha256}\n"
            f"  If the file was damaged, restore it; if it is a new version, write the new hash to {toml_name}."
        )
    return LoadedSource(folder.name, name, data, toml)


def read_bytes(path: Path, name: str, fix: str) -> bytes:
    """The file's bytes. Raises SourceError if it cannot be read, or, unread, if it exceeds `MAX_SOURCE_BYTES`.

    `name` is the name of the file in messages, `fix` the advice to give if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SOURCE_BYTES + 1) if os.fstat(file.fileno()).st_size <= MAX_SOURCE_BYTES else None
    except OSError as error:
        raise SourceUnreadableError(f"{name}: cannot be read ({error.strerror}); {fix}") from error
    if data is None or len(data) > MAX_SOURCE_BYTES:
        raise SourceError(
            f"{name}: larger than {MAX_SOURCE_BYTES // 1024 // 1024} MB, which is more than any article; "
            "split it into one file per article, or remove it"
        )
    return data


def _make_valid_id(name: str) -> str:
    """A review_id from a file name: lower case, without accents, other characters replaced by `-`."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    review_id = re.sub(r"[^a-z0-9._-]+", "-", ascii_name).lstrip("._-")
    if not review_id or len(review_id) > _MAX_ID_LENGTH:
        review_id = f"{review_id[:_MAX_ID_LENGTH]}-{_hash_name(name)}".lstrip("-")
    return review_id


def _hash_name(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:8]


def _read_toml(path: Path, name: str) -> SourceToml:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceError(
            f"{name}: missing; write one with file, format and sha256 (raw/README.md shows how), "
            "or put plain files side by side in a folder and name it with --corpus"
        ) from error
    except OSError as error:
        raise SourceUnreadableError(f"{name}: cannot be read ({error.strerror}); fix its permissions") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: byte {error.start} is not valid UTF-8; save the file as UTF-8") from error
    try:
        return SourceToml.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{name}: not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors(include_url=False)
        )
        raise SourceError(f"{name}: {problems}; see raw/README.md for the required keys") from error
