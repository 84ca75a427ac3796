"""Which forms make one work, from pairs of forms: pairs are joined, the strongest first, unless works would contradict.

Takes the forms of `work_records` and the pairs of `form_pairs`.
"""

from __future__ import annotations

import polars as pl

from pipelines.link.form_pairs import IDENTIFIER_RULES, RULES, WorkSample, contradicts


class _Works:
    """Disjoint sets of forms. Each has the identifiers of its forms, and a form that speaks for it."""

    def __init__(self, forms: pl.DataFrame) -> None:
        self.parent = list(range(len(forms)))
        self.size: list[int] = forms["n_records"].to_list()
        self.sample = [WorkSample(*row) for row in forms.select("title", "author", "year").iter_rows()]
        self.identifiers = {
            name: {number: {value} for number, value in enumerate(forms[name].to_list()) if value is not None}
            for name in ("doi", "pmid")
        }

    def find(self, form: int) -> int:
        """The form that speaks for the work of `form`."""
        parent = self.parent
        while parent[form] != form:
            parent[form] = parent[parent[form]]
            form = parent[form]
        return form

    def join(self, form_a: int, form_b: int, *, by_identifier: bool) -> bool:
        """Put the works of two forms together and return True, unless they contradict each other."""
        a, b = self.find(form_a), self.find(form_b)
        if a == b:
            return True
        if by_identifier:
            if contradicts(self.sample[a], self.sample[b]):
                return False
        elif self._has_other_identifiers(a, b):
            return False
        if self._rank(b) > self._rank(a):
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        for values in self.identifiers.values():
            if b in values:
                values[a] = values.get(a, set()) | values.pop(b)
        return True

    def _rank(self, work: int) -> tuple[int, int, int]:
        return sum(value is not None for value in self.sample[work]), self.size[work], -work

    def _has_other_identifiers(self, a: int, b: int) -> bool:
        known = [(values[a], values[b]) for values in self.identifiers.values() if a in values and b in values]
        return bool(known) and all(first.isdisjoint(second) for first, second in known)


def group_forms(forms: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per form: `form_no`, `group_no` (the lowest form of its work), `rule_id` and `score`.

    `rule_id` and `score` are those of the strongest pair that joins the form to its work; NULL for a work of one form.
    """
    ordered = pairs.sort(
        pl.col("rule_id").replace_strict({rule: min(rank, len(IDENTIFIER_RULES)) for rank, rule in enumerate(RULES)}),
        "score",
        "form_a",
        "form_b",
        descending=[False, True, False, False],
    )
    works = _Works(forms)
    joins: dict[int, tuple[str, float]] = {}
    for form_a, form_b, rule_id, score in ordered.iter_rows():
        if works.join(form_a, form_b, by_identifier=rule_id in IDENTIFIER_RULES):
            joins.setdefault(form_a, (rule_id, score))
            joins.setdefault(form_b, (rule_id, score))
    roots = [works.find(form) for form in range(len(forms))]
    strongest = pl.DataFrame(
        [(form, *join) for form, join in joins.items()],
        schema={"form_no": pl.UInt32, "rule_id": pl.String, "score": pl.Float64},
        orient="row",
    )
    return (
        forms.select("form_no", root=pl.Series(roots, dtype=pl.UInt32))
        .select("form_no", group_no=pl.col("form_no").min().over("root"))
        .join(strongest, on="form_no", how="left", maintain_order="left")
    )
