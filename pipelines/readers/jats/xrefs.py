"""The tagged citations of a block: `xref` elements to references, joined to the markers as they are printed.

Which references an `xref` names is the tagging's word; what a printed range between two of them implies is added and
told apart. Finding citations in untagged words is no concern of this module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.document import Citation, Text
from pipelines.readers.jats.element_tree import Tree
from pipelines.readers.jats.ref_list import References

_DASHES = "-–—‐‑‒−"
_LIST_GAP = re.compile(r"[\s,;]*")
_RANGE_GAP = re.compile(rf"\s*[\])]?\s*[{_DASHES}]\s*[\[(]?\s*")
_NUMBER = re.compile(r"[\s\[(]*(\d{1,6})[\s\]),;]*")
_RANGE = re.compile(rf"[\s\[(]*(\d{{1,6}})\s*[{_DASHES}]\s*(\d{{1,6}})[\s\]),;]*")
_LONGEST_RANGE = 100


def read_citations(
    tree: Tree, first: int, last: int, text: Text, offsets: Sequence[int], references: References
) -> tuple[Citation, ...]:
    """The citations in `text`, which is `tree.flow(first, last)`; neighbours parted by commas or a dash are one."""
    value = text.value
    citations: list[Citation] = []
    start = end = -1
    ref_nos: list[int] = []
    implied: list[bool] = []
    before = ""
    for node in tree.between(first, last - 1, "xref"):
        if offsets[node + 1 - first] < 0:
            continue
        targets = _targets(tree, node, references)
        if not targets:
            continue
        here, there = offsets[node + 1 - first], offsets[tree.closes[node] + 1 - first]
        while here < there and value[here] == " ":
            here += 1
        printed = value[here:there]
        if not printed:
            continue
        gap = value[end:here]
        if ref_nos and _RANGE_GAP.fullmatch(gap):
            between = _between(ref_nos[-1], before, targets[0], printed, references)
        elif ref_nos and _LIST_GAP.fullmatch(gap):
            between = ()
        else:
            if ref_nos:
                citations.append(_citation(start, end, ref_nos, implied))
            start, ref_nos, implied, between = here, [], [], ()
        ref_nos += (*between, *targets)
        implied += [True] * len(between) + [False] * len(targets)
        if len(targets) == 1 and not printed.isdecimal():
            within = _within(targets[0], printed, references)
            ref_nos += within
            implied += [number < len(within) - 1 for number in range(len(within))]
        end, before = max(there, here), printed
    if ref_nos:
        citations.append(_citation(start, end, ref_nos, implied))
    return tuple(citations)


def _citation(start: int, end: int, ref_nos: list[int], implied: list[bool]) -> Citation:
    if len(ref_nos) == 1:
        return Citation(start, end, (ref_nos[0],), (implied[0],))
    known: dict[int, bool] = {}
    for ref_no, is_implied in zip(ref_nos, implied, strict=True):
        known[ref_no] = known.get(ref_no, True) and is_implied
    return Citation(start, end, tuple(known), tuple(known.values()))


def _targets(tree: Tree, node: int, references: References) -> tuple[int, ...]:
    rid = tree.attributes(node).get("rid")
    if not rid:
        return ()
    known = references.targets.get(rid)
    if known is not None:
        return known
    return tuple(ref_no for one in rid.split() for ref_no in references.targets.get(one, ()))


def _between(first: int, first_printed: str, last: int, last_printed: str, references: References) -> tuple[int, ...]:
    """The references that `12` – `15` implies, provided that both ends print the numbers of what they point at."""
    low, high = _NUMBER.fullmatch(first_printed), _NUMBER.fullmatch(last_printed)
    if not low or not high or references.numbers[last] != int(high.group(1)):
        return ()
    return _numbered(first, int(low.group(1)), int(high.group(1)) - 1, references)


def _within(target: int, printed: str, references: References) -> tuple[int, ...]:
    """The references that `12–15` in one `xref` names beyond its target, which is 12; the last is printed itself."""
    match = _RANGE.fullmatch(printed)
    return _numbered(target, int(match.group(1)), int(match.group(2)), references) if match else ()


def _numbered(target: int, low: int, high: int, references: References) -> tuple[int, ...]:
    if references.numbers[target] != low or not low < high + 1 <= low + _LONGEST_RANGE:
        return ()
    return tuple(ref_no for number in range(low + 1, high + 1) for ref_no in references.by_number.get(number, ()))
