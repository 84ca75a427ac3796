"""Coverage-guided fuzzing of what reads foreign bytes: the text reader, the JATS reader and the reference parser.

    python -m tests.fuzz {text,jats,jats-built,references} [--seeds FOLDER] [options of libFuzzer]

Needs `pip install atheris lxml` and nothing else of the project's dependencies; pytest does not run it. What it looks
for: any exception but `ReadError`, an input that takes longer than `-timeout` seconds, memory beyond `-rss_limit_mb`,
and offsets that do not lie in the source. An input that fails is left as `crash-*` or `timeout-*` in the current
folder; it becomes a unit test beside the reader's others. `--seeds` is a folder of real files to begin from. Bytes
that change at random are seldom XML, so `jats-built` makes articles of JATS's own tags in any order and nesting.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipelines"]):
    from pipelines.document import Document
    from pipelines.extract.reference_parser import parse_reference
    from pipelines.readers.errors import ReadError
    from pipelines.readers.jats import read_jats
    from pipelines.readers.text import read_text

DEFAULTS = {"-timeout": "25", "-rss_limit_mb": "2048", "-max_len": "20000"}
NAME = "fuzz"


def text(data: bytes) -> None:
    try:
        document = read_text(data, name=NAME)
    except ReadError as error:
        require(str(error).startswith(NAME), f"a refusal that does not name the file: {error}")
        return
    look_at(document)


def jats(data: bytes) -> None:
    try:
        document = read_jats(data, name=NAME)
    except ReadError as error:
        require(str(error).startswith(NAME), f"a refusal that does not name the file: {error}")
        return
    look_at(document)


TAG_NAMES = """
sec title p italic bold sup sub xref table-wrap label caption table thead tbody tr th td fn table-wrap-foot list
list-item ref-list ref element-citation mixed-citation citation-alternatives person-group name surname
given-names article-title source year volume issue fpage lpage pub-id collab etal abstract body back front
article-meta contrib-group contrib aff kwd funding-source award-group license alternatives inline-formula
tex-math disp-quote boxed-text fig sub-article response named-content ext-link break
"""
TAGS = TAG_NAMES.split()
ATTRIBUTES = (
    "", ' id="r1"', ' rid="r1"', ' rid="r1 r2 t1"', ' ref-type="bibr" rid="r2"', ' colspan="3"', ' rowspan="9"',
    ' rowspan="0"', ' pub-id-type="doi"', ' person-group-type="editor"', ' publication-type="journal"', ' id="r2"',
)  # fmt: skip
WORDS = (
    "",
    " ",
    "x",
    "1",
    "–",
    "2019",
    "12,14–16",
    "&amp;",
    "&#x2013;",
    "\n",
    "<!-- c -->",
    "<?pi?>",
    "10.1/a",
    "et al.",
)


def jats_built(data: bytes) -> None:
    """Each byte is a step: open a tag, close one, or say a word."""
    parts, unclosed = ["<article><front/>"], ["article"]
    for step in data:
        if step < 128 and len(unclosed) < 60:
            tag = TAGS[step % len(TAGS)]
            parts.append(f"<{tag}{ATTRIBUTES[step * 7 % len(ATTRIBUTES)]}>")
            unclosed.append(tag)
        elif step < 192 and len(unclosed) > 1:
            parts.append(f"</{unclosed.pop()}>")
        else:
            parts.append(WORDS[step % len(WORDS)])
    jats("".join([*parts, *(f"</{tag}>" for tag in reversed(unclosed))]).encode())


def references(data: bytes) -> None:
    entry = data.decode("utf-8", "replace")
    parsed = parse_reference(entry)
    require(parse_reference(entry) == parsed, "the same entry is parsed in two ways")
    for field, (start, end) in parsed.places.items():
        require(0 <= start <= end <= len(entry), f"{field} lies outside the entry")


def look_at(document: Document) -> None:
    """Every place that the document names lies in its source."""
    length = len(document.source)
    for repair in document.repairs:
        require(0 <= repair.span.start <= repair.span.end <= length, f"{repair} lies outside the source")
    for block in document.blocks:
        span = block.text.span
        require(span is None or 0 <= span.start <= span.end <= length, f"{span} lies outside the source")


def require(holds: object, said: str) -> None:
    if not holds:
        raise AssertionError(said)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "text": text,
    "jats": jats,
    "jats-built": jats_built,
    "references": references,
}


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in TARGETS:
        sys.exit(__doc__)
    target, options = arguments[0], arguments[1:]
    seeds: list[str] = []
    if "--seeds" in options:
        at = options.index("--seeds")
        seeds = [options[at + 1]]
        del options[at : at + 2]
        if not Path(seeds[0]).is_dir():
            sys.exit(f"{seeds[0]}: no such folder of seeds")
    given = {option.partition("=")[0] for option in options}
    options += [f"{name}={value}" for name, value in DEFAULTS.items() if name not in given]
    atheris.Setup([f"fuzz {target}", *options, *seeds], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
