"""A folder of sources: which reviews it holds, and their bytes.

A review is a folder with the source as received and `source.toml`, which says what it is (so in raw/), or a plain file,
of which everything is derived (so in a corpus). Here they are only listed, read and held to what `source.toml` names.
What the bytes say is the readers' matter.
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

REVIEW_ID = re.compile(r"[a-z0-9][a-z0-9._-]*")
SOURCE_TOML = "source.toml"
PLAIN_FILE = file_name_pattern()
"""The names of plain files that are taken for reviews; group 1 is what a review's id is made of."""
_LONGEST_ID = 100

MAX_BYTES = 64 * 1024 * 1024
"""The most a source's file may hold. The longest real articles are below 20 MB, packed or not."""


class SourceError(ValueError):
    """A source cannot be taken in; the message names the file, what is wrong and what to do.

    Of a source of a folder, the file is named from that folder on: what is published of it is the same on any machine.
    """


class SourceChangedError(SourceError):
    """A source is not what it was when it was listed."""


class SourceUnreadableError(SourceError):
    """The file system refuses a source's bytes; it may give them another time."""


class SourcesAwayError(OSError):
    """The file system refuses a whole folder of sources, as where it is a share that is away."""


class SourceToml(BaseModel):
    """The contents of `source.toml`.

    `sha256` is the hash of the file's bytes; `licence` and `origin` are words for people. `title`, `doi` and
    `language` say what the source is; where the source itself states them, the source's own words are published.
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
    def is_known(cls, value: str) -> str:
        if value not in FORMATS:
            raise ValueError(f"'{value}' is unknown; write {' or '.join(FORMATS)}")
        return value


@dataclass(frozen=True, slots=True)
class Listed:
    """A review of a folder of sources: `path` is its folder, or the plain file that it is.

    `sha256` is the hash of the names and contents of its files, `size` their bytes. Where the file system refuses them,
    `refused` says so, and the hash is of its words.
    """

    review_id: str
    path: Path
    sha256: str
    size: int
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A review's source, its bytes those that `about` names. `path` is relative to the folder of sources."""

    review_id: str
    path: str
    data: bytes
    about: SourceToml


def list_sources(folder: Path) -> list[Listed]:
    """The reviews of a folder of sources, by review_id: its folders, and its files of the names `PLAIN_FILE`.

    Hidden ones and other files are none. A folder's name is its review_id, a file's id is made from its name. One that
    cannot be read is listed with what the file system says.

    Raises SourceError where the folder is missing or holds no review, SourcesAwayError where the file system refuses
    it, or every review in it.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceError(f"{folder}: no such folder; name the folder of the sources with --raw or --corpus") from error
    except OSError as error:
        raise SourcesAwayError(f"{folder}: cannot be read ({error.strerror}); mend its permissions") from error
    kinds = {path: _kind(path) for path in paths}
    found = {path.name: path for path in paths if kinds[path] == "folder" and REVIEW_ID.fullmatch(path.name)}
    for path in paths:
        if kinds[path] == "file" and (name := PLAIN_FILE.fullmatch(path.name)):
            review_id = _safe_id(name.group(1))
        elif kinds[path] == "folder" and path.name not in found:
            review_id = _safe_id(path.name)  # under which it is told that the name is none
        else:
            continue
        if not path.name.isprintable():
            raise SourceError(f"{folder}: the file name {path.name!a} is not printable UTF-8; rename the file")
        found[f"{review_id}-{_short_hash(path.name)}" if review_id in found else review_id] = path
    if not found:
        raise SourceError(
            f"{folder}: holds no review; a review is a folder with its source and a {SOURCE_TOML}, see README.md, "
            f"or a plain file {endings_in_words()}"
        )
    listed = [_listed(review_id, found[review_id]) for review_id in sorted(found)]
    if all(one.refused for one in listed):
        raise SourcesAwayError(
            f"{folder}: no review in it can be read\n" + "\n".join(str(one.refused) for one in listed)
        )
    return listed


def holds_review(folder: Path) -> bool:
    """Whether anything in a folder is a review by its name; README.md and hidden files are none."""
    return any(
        path.is_dir() or PLAIN_FILE.fullmatch(path.name) for path in folder.iterdir() if not path.name.startswith(".")
    )


def _kind(path: Path) -> Literal["folder", "file", "other"]:
    """What stands there; by its name alone where the file system refuses to say, or a link leads nowhere."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.is_symlink():
            return "other"  # gone since the folder was listed
        return "file" if PLAIN_FILE.fullmatch(path.name) else "folder"
    return "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"


def _listed(review_id: str, path: Path) -> Listed:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
        files = [file for file in path.rglob("*") if file.is_file()] if is_folder else [path]
        digest = hash_folder(path) if is_folder else hash_files(path.parent, files)
        return Listed(review_id, path, digest, sum(file.stat().st_size for file in files))
    except OSError as error:
        named = Path(error.filename or path)
        name = named.relative_to(path.parent).as_posix() if named.is_relative_to(path.parent) else path.name
        words = f"{name}: cannot be read ({error.strerror}); mend its permissions, put it back or take it away"
        return Listed(review_id, path, hashlib.sha256(words.encode()).hexdigest(), 0, words)


def load_source(listed: Listed) -> Source:
    """The source of a listed review.

    Raises SourceError where `source.toml` or the file is missing, where `source.toml` is not as `SourceToml`
    says, and where the file's bytes are others than those it names; SourceChangedError where it is no longer
    what was listed; SourceUnreadableError where the file system refuses it.
    """
    if listed.refused:
        raise SourceUnreadableError(listed.refused)
    source = _load_folder(listed) if listed.path.is_dir() else _load_file(listed)
    if _listed(listed.review_id, listed.path) != listed:
        raise SourceChangedError(f"{listed.path.name}: changed while it was read; build again")
    return source


def _load_file(listed: Listed) -> Source:
    """A plain file, described by what it is; its name and its bytes are all there is to go by."""
    path = listed.path
    if "\\" in path.name:
        raise SourceError(f"{path.name}: holds a backslash, which on other machines parts folders; rename the file")
    data = read_bytes(path, path.name, "mend its permissions")
    about = SourceToml(file=path.name, format=sniff_format(data).name, sha256=hashlib.sha256(data).hexdigest())
    return Source(listed.review_id, path.name, data, about)


def _load_folder(listed: Listed) -> Source:
    folder = listed.path
    if not REVIEW_ID.fullmatch(folder.name):
        raise SourceError(
            f"{folder.name}: '{folder.name}' is no review id; name the folder with a-z, 0-9, '.', '_' and '-'"
        )
    toml = f"{folder.name}/{SOURCE_TOML}"
    about = _read_toml(folder / SOURCE_TOML, toml)
    name = f"{folder.name}/{about.file}"
    data = read_bytes(folder / about.file, name, f"put the file there or mend `file` in {toml}")
    found = hashlib.sha256(data).hexdigest()
    if found != about.sha256:
        raise SourceError(
            f"{name}: the file is not the one that {SOURCE_TOML} describes\n"
            f"  sha256 in {SOURCE_TOML}: {about.sha256}\n"
            f"  sha256 of the file:     {found}\n"
            f"  If the file was damaged, put the original back; if it is a new version, write the new hash into {toml}."
        )
    return Source(folder.name, name, data, about)


def read_bytes(path: Path, name: str, mend: str) -> bytes:
    """The file's bytes. Raises SourceError, with nothing read, where they are more than `MAX_BYTES`.

    `name` is what the file is called in a message, `mend` what to do where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1) if os.fstat(file.fileno()).st_size <= MAX_BYTES else None
    except OSError as error:
        raise SourceUnreadableError(f"{name}: cannot be read ({error.strerror}); {mend}") from error
    if data is None or len(data) > MAX_BYTES:
        raise SourceError(
            f"{name}: holds more than {MAX_BYTES // 1024 // 1024} MB, more than any article; "
            "split it into articles, one a file, or take it away"
        )
    return data


def _safe_id(name: str) -> str:
    """A file's name as a review_id: small letters without accents, and `-` for what an id may not hold."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    safe = re.sub(r"[^a-z0-9._-]+", "-", plain).lstrip("._-")
    if not safe or len(safe) > _LONGEST_ID:
        safe = f"{safe[:_LONGEST_ID]}-{_short_hash(name)}".lstrip("-")
    return safe


def _short_hash(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:8]


def _read_toml(path: Path, name: str) -> SourceToml:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SourceError(
            f"{name}: missing; write one that names file, format and sha256 (raw/README.md shows how), "
            "or put plain files side by side and name their folder with --corpus"
        ) from error
    except OSError as error:
        raise SourceUnreadableError(f"{name}: cannot be read ({error.strerror}); mend its permissions") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    try:
        return SourceToml.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{name}: is no TOML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors(include_url=False)
        )
        raise SourceError(f"{name}: {wrong}; see raw/README.md for what it must hold") from error
