"""Which assets are out of date, and why: told from what their last materialisation was made of.

Belongs here: reading Dagster's records and comparing versions. What is done about it is decided in
`pipelines.orchestration.automation` (what a sensor rebuilds) and in the assets (what is published, what is reused).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import dagster as dg

DATA_VERSION = "dagster/data_version"
CODE_VERSION = "dagster/code_version"
INPUT_VERSION = "dagster/input_data_version/"


@dataclass(frozen=True, slots=True)
class Made:
    """What an asset's last materialisation was: its content, its code, and the content of each input it was made of."""

    data_version: str | None
    code_version: str | None
    inputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """An asset of the graph: the assets it is made of, its code, and the assets that one step makes along with it."""

    inputs: frozenset[str]
    code_version: str | None
    together: frozenset[str]


def graph_of(assets: Iterable[dg.AssetsDefinition]) -> dict[str, Node]:
    """The graph of these assets by their names, each after the assets that it is made of."""
    nodes: dict[str, Node] = {}
    for definition in assets:
        together = frozenset(spec.key.to_user_string() for spec in definition.specs)
        for spec in definition.specs:
            inputs = frozenset(dep.asset_key.to_user_string() for dep in spec.deps)
            nodes[spec.key.to_user_string()] = Node(inputs, spec.code_version, together)
    ordered: dict[str, Node] = {}

    def visit(name: str) -> None:
        if name in nodes and name not in ordered:
            for upstream in sorted(nodes[name].inputs):
                visit(upstream)
            ordered[name] = nodes[name]

    for name in sorted(nodes):
        visit(name)
    return ordered


def last_made(instance: dg.DagsterInstance, names: Iterable[str]) -> dict[str, Made]:
    """What each of these assets was made of when it was last materialised; those that never were are left out."""
    made = {}
    events = instance.get_latest_materialization_events([dg.AssetKey.from_user_string(name) for name in names])
    for key, entry in events.items():
        if entry is None or entry.asset_materialization is None:
            continue
        tags = entry.asset_materialization.tags or {}
        inputs = {
            tag.removeprefix(INPUT_VERSION): value for tag, value in tags.items() if tag.startswith(INPUT_VERSION)
        }
        made[key.to_user_string()] = Made(tags.get(DATA_VERSION), tags.get(CODE_VERSION), inputs)
    return made


def reason_to_make(node: Node, made: Made | None, inputs: Mapping[str, Made]) -> str | None:
    """Why an asset, taken by itself, has to be made anew; None where it would come out as it is."""
    if made is None:
        return "never made"
    if made.code_version != node.code_version:
        return "its code changed"
    for name in sorted(node.inputs):
        if name not in inputs:
            return f"{name} was never made"
        if made.inputs.get(name) != inputs[name].data_version:
            return f"{name} changed"
    return None


def stale(graph: Mapping[str, Node], made: Mapping[str, Made], files: Mapping[str, str]) -> dict[str, str]:
    """The assets to make anew, each with the reason; what is made of a stale asset is stale.

    `files` has the version, as it is now, of the assets that stand for files outside.
    """
    reasons: dict[str, str] = {}
    for name, node in graph.items():
        reason = reason_to_make(node, made.get(name), made)
        if reason is None and name in files and made[name].data_version != files[name]:
            reason = "its files changed"
        upstream = next((upstream for upstream in sorted(node.inputs) if upstream in reasons), None)
        if reason is None and upstream is not None:
            reason = f"{upstream}: {reasons[upstream]}" if ": " not in reasons[upstream] else reasons[upstream]
        if reason is not None:
            reasons[name] = reason
    # A step makes all its assets or none.
    for name in list(reasons):
        for sibling in graph[name].together:
            reasons.setdefault(sibling, f"made along with {name}")
    return reasons
