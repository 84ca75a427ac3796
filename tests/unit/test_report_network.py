"""The layout of the co-citation network."""

from pipelines.release.report.cocitation_network import N_LABELS, lay_out_network


def pair(a: int, b: int, n: int = 1) -> dict[str, object]:
    return {
        "key_a": str(a),
        "label_a": f"A {a}",
        "n_a": a,
        "key_b": str(b),
        "label_b": f"A {b}",
        "n_b": b,
        "n": n,
    }


def test_no_pairs_make_no_network() -> None:
    assert lay_out_network([]) == []


def test_rows_are_edges_then_nodes_within_the_picture() -> None:
    rows = lay_out_network([pair(1, 2, 5), pair(2, 3)])
    assert [row["kind"] for row in rows] == ["edge", "edge", "node", "node", "node"]
    assert [row["n"] for row in rows] == [5, 1, 1, 2, 3]
    assert rows[0]["label"] == "A 1 and A 2"
    nodes = {row["label"]: (row["x"], row["y"]) for row in rows if row["kind"] == "node"}
    assert (rows[0]["x"], rows[0]["y"]) == nodes["A 1"]
    assert (rows[0]["x2"], rows[0]["y2"]) == nodes["A 2"]
    assert min(x for x, _ in nodes.values()) == 0
    assert max(x for x, _ in nodes.values()) == 1


def test_same_pairs_give_the_same_picture() -> None:
    pairs = [pair(a, b) for a in range(1, 9) for b in range(a + 1, 9)]
    assert lay_out_network(pairs) == lay_out_network(pairs)


def test_only_the_largest_nodes_have_labels() -> None:
    rows = lay_out_network([pair(1, other) for other in range(2, 40)])
    labelled = {row["label"] for row in rows if row.get("is_labelled")}
    assert labelled == {f"A {n}" for n in range(40 - N_LABELS, 40)}
