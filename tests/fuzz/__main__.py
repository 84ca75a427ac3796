"""Coverage-guided fuzzing of the readers of text, JATS and PDF and of the reference parser.

    python -m tests.fuzz {text,jats,jats-built,pdf,pdf-built,references} [--seeds FOLDER] [options of libFuzzer]

Requires `pip install atheris` besides the project's dependencies; pytest does not run it. An input fails if it raises
an exception other than `ReadError`, takes longer than `-timeout` seconds, uses more memory than `-rss_limit_mb` or
yields offsets outside the source. A failing input is saved as `crash-*` or `timeout-*` in the current folder; make
it a unit test of the reader. `--seeds` is a folder of real files to start from. Random bytes are seldom well-formed
XML, so `jats-built` builds articles from JATS tags in random order and nesting, and `pdf-built` builds pages from words
and lines at random places.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import atheris

with atheris.instrument_imports(include=["pipelines"]):
    from pipelines.document import Document
    from pipelines.extract.reference_parser import parse_reference
    from pipelines.readers.errors import ReadError
    from pipelines.readers.jats import read_jats
    from pipelines.readers.pdf import read_pages_of_review, read_pdf
    from pipelines.readers.pdf.page_contents import Font, Glyph, Page, Rule
    from pipelines.readers.text import read_text

DEFAULTS = {"-timeout": "25", "-rss_limit_mb": "2048", "-max_len": "20000"}
NAME = "fuzz"


class Reader(Protocol):
    def __call__(self, data: bytes, *, name: str) -> Document: ...


def fuzz_reader(read: Reader, data: bytes) -> None:
    """Read bytes; they may be refused with the name of the file, or give a document whose spans are in its source."""
    try:
        document = read(data, name=NAME)
    except ReadError as error:
        require(str(error).startswith(NAME), f"the message of the ReadError does not name the file: {error}")
        return
    require_valid_spans(document)


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


def fuzz_built_jats(data: bytes) -> None:
    """Read an article that is built from the bytes: each opens a tag, closes one, or adds a word."""
    parts, open_tags = ["<article><front/>"], ["article"]
    for step in data:
        if step < 128 and len(open_tags) < 60:
            tag = TAGS[step % len(TAGS)]
            parts.append(f"<{tag}{ATTRIBUTES[step * 7 % len(ATTRIBUTES)]}>")
            open_tags.append(tag)
        elif step < 192 and len(open_tags) > 1:
            parts.append(f"</{open_tags.pop()}>")
        else:
            parts.append(WORDS[step % len(WORDS)])
    fuzz_reader(read_jats, "".join([*parts, *(f"</{tag}>" for tag in reversed(open_tags))]).encode())


FONTS = [Font("A", is_bold=False, is_italic=False), Font("A-Bold", is_bold=True, is_italic=False)]
PRINTED = (
    *("References", "Table 1", "Table 1 (continued)", "1. Moss A. Heel pain. Foot J 1999; 1: 2-3.", "Introduction"),
    *("2.1. Search. We searched", "treat-", "ment of pain in the heels of runners and walkers.", "12,3", "Fig. 2", "4"),
    *("Abstract", "Ada Quill", "[5]", "©", "•", "x", "", "¨"),
)


def fuzz_built_pdf(data: bytes) -> None:
    """Read pages that are built from the bytes: each five place words or a line."""
    pages = [Page(1, 600.0, 800.0, 0, [], [], [], FONTS, 0)]
    for place in range(0, len(data) - 4, 5):
        what, across, down, size, font = data[place : place + 5]
        x, y, points = across * 2.4, down * 3.2, 4.0 + size % 16
        if what > 250 and len(pages) < 9:
            pages.append(Page(len(pages) + 1, 600.0, 800.0, 0, [], [], [], FONTS, 0))
        elif what > 220:
            pages[-1].horizontal_rules.append(Rule(x, y, x + size * 2, y))
        else:
            for number, char in enumerate(PRINTED[what % len(PRINTED)]):
                left = x + number * points / 2
                glyph = Glyph(char, left, left + points / 2, y - points, y, y, points, font % 2)
                pages[-1].glyphs.append(glyph)
    try:
        document = read_pages_of_review(pages, name=NAME)
    except ReadError:
        return
    require_valid_spans(document)
    ends = [box.end for box in document.page_boxes]
    require(all(end <= len(document.source) for end in ends), "a box is outside the source")


def fuzz_references(data: bytes) -> None:
    entry = data.decode("utf-8", "replace")
    parsed = parse_reference(entry)
    require(parse_reference(entry) == parsed, "parsing the same entry twice gives different results")
    for field, (start, end) in parsed.places.items():
        require(0 <= start <= end <= len(entry), f"the span of {field} is outside the entry")


def require_valid_spans(document: Document) -> None:
    """Raise AssertionError if a repair or a block has a span outside the source."""
    length = len(document.source)
    for repair in document.repairs:
        require(0 <= repair.span.start <= repair.span.end <= length, f"{repair} is outside the source")
    for block in document.blocks:
        span = block.text.span
        require(span is None or 0 <= span.start <= span.end <= length, f"{span} is outside the source")


def require(condition: object, message: str) -> None:
    if not condition:
        raise AssertionError(message)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "text": partial(fuzz_reader, read_text),
    "jats": partial(fuzz_reader, read_jats),
    "jats-built": fuzz_built_jats,
    "pdf": partial(fuzz_reader, read_pdf),
    "pdf-built": fuzz_built_pdf,
    "references": fuzz_references,
}


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in TARGETS:
        sys.exit(__doc__)
    target, options = arguments[0], arguments[1:]
    seeds: list[str] = []
    if "--seeds" in options:
        index = options.index("--seeds")
        seeds = [options[index + 1]]
        del options[index : index + 2]
        if not Path(seeds[0]).is_dir():
            sys.exit(f"{seeds[0]}: the folder of seeds does not exist")
    set_by_user = {option.partition("=")[0] for option in options}
    options += [f"{name}={value}" for name, value in DEFAULTS.items() if name not in set_by_user]
    atheris.Setup([f"fuzz {target}", *options, *seeds], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
