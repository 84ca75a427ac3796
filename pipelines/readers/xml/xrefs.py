"""The tagged citations of a block: elements that point at references (`xref`, in TEI `ref`), joined to printed markers.

Takes the tags' word for what an element points at; references that only a printed range between two of them implies are
added and marked. Citations in untagged words are found in `pipelines.extract.citations`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.document import Citation, Text
from pipelines.readers.xml.element_tree import Tree
from pipelines.readers.xml.ref_lists import RefLists

_DASHES = "-–—‐‑‒−"
_LIST_GAP = re.compile(r"[\s,;]*")
_RANGE_GAP = re.compile(rf"\s*[\])]?\s*[{_DASHES}]\s*[\[(]?\s*")
_NUMBER = re.compile(r"[\s\[(]*(\d{1,6})[\s\]),;]*")
_RANGE = re.compile(rf"[\s\[(]*(\d{{1,6}})\s*[{_DASHES}]\s*(\d{{1,6}})[\s\]),;]*")
_MAX_RANGE = 100
"""A wider range is taken for a mistake: only its ends are cited."""


def read_citations(
    tree: Tree, first: int, last: int, text: Text, offsets: Sequence[int], references: RefLists, element: str = "xref"
) -> tuple[Citation, ...]:
    """The citations in `tree.text_between(first, last)`, whose result is `text` and `offsets`.

    `element` is the name of the elements that point at references. Neighbours that only commas or a dash separate are
    one citation.
    """
    value = text.value
    citations: list[Citation] = []
    start = end = -1
    ref_nos: list[int] = []
    implied: list[bool] = []
    previous = ""
    for node in tree.elements_between(first, last - 1, element):
        if offsets[node + 1 - first] < 0:
            continue
        targets = _targets(tree, node, references)
        if not targets:
            continue
        xref_start, xref_end = offsets[node + 1 - first], offsets[tree.end_tags[node] + 1 - first]
        while xref_start < xref_end and value[xref_start] == " ":
            xref_start += 1
        printed = value[xref_start:xref_end]
        if not printed:
            continue
        gap = value[end:xref_start]
        if ref_nos and _RANGE_GAP.fullmatch(gap):
            between = _implied_between(ref_nos[-1], previous, targets[0], printed, references)
        elif ref_nos and _LIST_GAP.fullmatch(gap):
            between = ()
        else:
            if ref_nos:
                citations.append(_make_citation(start, end, ref_nos, implied))
            start, ref_nos, implied, between = xref_start, [], [], ()
        ref_nos += (*between, *targets)
        implied += [True] * len(between) + [False] * len(targets)
        if len(targets) == 1 and not printed.isdecimal():
            within = _range_within(targets[0], printed, references)
            ref_nos += within
            implied += [position < len(within) - 1 for position in range(len(within))]
        end, previous = max(xref_end, xref_start), printed
    if ref_nos:
        citations.append(_make_citation(start, end, ref_nos, implied))
    return tuple(citations)


def _make_citation(start: int, end: int, ref_nos: list[int], implied: list[bool]) -> Citation:
    """A citation that names each reference once; printed anywhere, a reference is not implied."""
    if len(ref_nos) == 1:
        return Citation(start, end, (ref_nos[0],), (implied[0],))
    members: dict[int, bool] = {}
    for ref_no, is_implied in zip(ref_nos, implied, strict=True):
        members[ref_no] = members.get(ref_no, True) and is_implied
    return Citation(start, end, tuple(members), tuple(members.values()))


def _targets(tree: Tree, node: int, references: RefLists) -> tuple[int, ...]:
    """The references that an element points at.

    `rid` has one id or several, separated by blanks; `target` (TEI) has a `#` before each.
    """
    attributes = tree.attributes(node)
    rid = attributes.get("rid") or attributes.get("target", "").replace("#", "")
    if not rid:
        return ()
    targets = references.targets.get(rid)
    if targets is not None:
        return targets
    return tuple(ref_no for target_id in rid.split() for ref_no in references.targets.get(target_id, ()))


def _implied_between(
    first: int, first_printed: str, last: int, last_printed: str, references: RefLists
) -> tuple[int, ...]:
    """The references between `12` and `15`, if both ends print the numbers of their targets."""
    low, high = _NUMBER.fullmatch(first_printed), _NUMBER.fullmatch(last_printed)
    if not low or not high or references.numbers[last] != int(high.group(1)):
        return ()
    return _numbered_after(first, int(low.group(1)), int(high.group(1)) - 1, references)


def _range_within(target: int, printed: str, references: RefLists) -> tuple[int, ...]:
    """The references of a range printed in one `xref` (`12–15`) after its target, which is 12."""
    match = _RANGE.fullmatch(printed)
    return _numbered_after(target, int(match.group(1)), int(match.group(2)), references) if match else ()


def _numbered_after(target: int, low: int, high: int, references: RefLists) -> tuple[int, ...]:
    """The references with numbers after `low` up to `high`, if `low` is the number of the target."""
    if references.numbers[target] != low or not low < high + 1 <= low + _MAX_RANGE:
        return ()
    return tuple(ref_no for number in range(low + 1, high + 1) for ref_no in references.by_number.get(number, ()))
