"""Find the assets that are out of date, and why, by comparing versions with those of their latest materialisation.

This module only reads Dagster's records. Sensors decide which assets to rebuild, and assets whether to reuse a frame or
to publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import dagster as dg

DATA_VERSION_TAG = "dagster/data_version"
CODE_VERSION_TAG = "dagster/code_version"
INPUT_VERSION_TAG_PREFIX = "dagster/input_data_version/"


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """The versions recorded with a materialisation: of the asset's data, of its code, and of the data of each input."""

    data_version: str | None
    code_version: str | None
    input_versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AssetNode:
    """An asset in the graph. `siblings` are the assets that the same step makes, including the asset itself."""

    inputs: frozenset[str]
    code_version: str | None
    siblings: frozenset[str]


def build_asset_graph(assets: Iterable[dg.AssetsDefinition]) -> dict[str, AssetNode]:
    """Return the graph of these assets by name, in topological order."""
    nodes: dict[str, AssetNode] = {}
    for definition in assets:
        siblings = frozenset(spec.key.to_user_string() for spec in definition.specs)
        for spec in definition.specs:
            inputs = frozenset(dep.asset_key.to_user_string() for dep in spec.deps)
            nodes[spec.key.to_user_string()] = AssetNode(inputs, spec.code_version, siblings)
    ordered: dict[str, AssetNode] = {}

    def visit(name: str) -> None:
        if name in nodes and name not in ordered:
            for upstream in sorted(nodes[name].inputs):
                visit(upstream)
            ordered[name] = nodes[name]

    for name in sorted(nodes):
        visit(name)
    return ordered


def latest_records(instance: dg.DagsterInstance, names: Iterable[str]) -> dict[str, AssetRecord]:
    """Return the record of the latest materialisation of each asset; assets never materialised are left out."""
    records = {}
    events = instance.get_latest_materialization_events([dg.AssetKey.from_user_string(name) for name in names])
    for key, entry in events.items():
        if entry is None or entry.asset_materialization is None:
            continue
        tags = entry.asset_materialization.tags or {}
        input_versions = {
            tag.removeprefix(INPUT_VERSION_TAG_PREFIX): value
            for tag, value in tags.items()
            if tag.startswith(INPUT_VERSION_TAG_PREFIX)
        }
        records[key.to_user_string()] = AssetRecord(
            tags.get(DATA_VERSION_TAG), tags.get(CODE_VERSION_TAG), input_versions
        )
    return records


def find_staleness_reason(
    node: AssetNode, record: AssetRecord | None, input_records: Mapping[str, AssetRecord]
) -> str | None:
    """Return why an asset is out of date compared with its direct inputs, or None if it is up to date."""
    if record is None:
        return "never made"
    if record.code_version != node.code_version:
        return "its code changed"
    for name in sorted(node.inputs):
        if name not in input_records:
            return f"{name} was never made"
        if record.input_versions.get(name) != input_records[name].data_version:
            return f"{name} changed"
    return None


def find_stale_assets(
    graph: Mapping[str, AssetNode], records: Mapping[str, AssetRecord], file_versions: Mapping[str, str]
) -> dict[str, str]:
    """Return the assets that are out of date with the reason; an asset downstream of a stale asset is stale.

    `file_versions` contains the present data versions of the assets that represent files outside Dagster.
    """
    reasons: dict[str, str] = {}
    for name, node in graph.items():
        reason = find_staleness_reason(node, records.get(name), records)
        if reason is None and name in file_versions and records[name].data_version != file_versions[name]:
            reason = "its files changed"
        upstream = next((upstream for upstream in sorted(node.inputs) if upstream in reasons), None)
        if reason is None and upstream is not None:
            reason = f"{upstream}: {reasons[upstream]}" if ": " not in reasons[upstream] else reasons[upstream]
        if reason is not None:
            reasons[name] = reason
    # A step makes all of its assets or none.
    for name in list(reasons):
        for sibling in graph[name].siblings:
            reasons.setdefault(sibling, f"made together with {name}")
    return reasons
