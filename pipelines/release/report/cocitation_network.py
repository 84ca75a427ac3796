"""The layout of a co-citation network: works that sentences cite together lie close to each other."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.report.queries import Row

SEED = 7
"""The start of the layout, fixed so that the same pairs give the same picture."""

N_LABELS = 20
"""Nodes with a label in the picture; more would cover each other."""


def lay_out_network(pairs: Sequence[Row]) -> list[Row]:
    """Nodes and edges of a network, with their places, from pairs with key_a, label_a, n_a, key_b, label_b, n_b and n.

    Returns one row per edge (kind `edge`, from x, y to x2, y2) and then one per node (kind `node`), with places between
    0 and 1 and the number of sentences n. `is_labelled` marks the largest nodes. The layout is that of Fruchterman and
    Reingold (doi 10.1002/spe.4380211102).
    """
    if not pairs:
        return []
    # Imported late because it takes long.
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    for pair in pairs:
        graph.add_node(pair["key_a"], label=pair["label_a"], n=pair["n_a"])
        graph.add_node(pair["key_b"], label=pair["label_b"], n=pair["n_b"])
        graph.add_edge(pair["key_a"], pair["key_b"], weight=pair["n"])
    # A larger distance than the default keeps labels apart; the random start is the same each time.
    places = nx.spring_layout(graph, k=3 / len(graph) ** 0.5, iterations=100, seed=SEED)
    left, bottom = (min(place[axis] for place in places.values()) for axis in (0, 1))
    width, height = (max(place[axis] for place in places.values()) - low for axis, low in ((0, left), (1, bottom)))

    def locate(key: str) -> tuple[float, float]:
        x, y = places[key]
        return round(float((x - left) / (width or 1)), 3), round(float((y - bottom) / (height or 1)), 3)

    edges: list[Row] = []
    for pair in pairs:
        (x, y), (x2, y2) = locate(pair["key_a"]), locate(pair["key_b"])
        label = f"{pair['label_a']} and {pair['label_b']}"
        edges.append({"kind": "edge", "x": x, "y": y, "x2": x2, "y2": y2, "n": pair["n"], "label": label})
    largest = sorted(graph, key=lambda key: (-graph.nodes[key]["n"], len(key), key))[:N_LABELS]
    nodes = [
        {"kind": "node", "x": x, "y": y, "n": data["n"], "label": data["label"], "is_labelled": key in largest}
        for key, data in graph.nodes(data=True)
        for x, y in [locate(key)]
    ]
    return edges + nodes
