"""Values that modules hand to each other cannot be changed by one of them, and a misspelt field is an error."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil

import pytest

import pipelines
import schemas

DRAFTS = {
    *(
        "ArticlePart",
        "BlockReader",
        "BodyReader",
        "PrintedCell",
        "PrintedRow",
        "ReviewRows",
        "TableDraft",
        "TextReader",
    ),
    *("_Body", "_Draft", "_Line", "_ReadText"),
}
"""Filled step by step within one function or module."""

OUTERMOST = ("pipelines.cli", "pipelines.definitions", "pipelines.orchestration")
"""Packages whose classes Dagster makes or that only hold options."""


def list_data_classes() -> list[type]:
    """The data classes of the project, without those of the outermost packages."""
    names = [
        module.name
        for package in (pipelines, schemas)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not module.name.startswith(OUTERMOST)
    ]
    return [
        found
        for name in names
        for _, found in inspect.getmembers(importlib.import_module(name), inspect.isclass)
        if dataclasses.is_dataclass(found) and found.__module__ == name
    ]


@pytest.mark.parametrize("data_class", list_data_classes(), ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_a_data_class_takes_no_unknown_field_and_only_drafts_change(data_class: type) -> None:
    assert "__slots__" in vars(data_class)
    parameters = inspect.getattr_static(data_class, "__dataclass_params__")
    assert parameters.frozen == (data_class.__name__ not in DRAFTS)


def test_every_draft_exists() -> None:
    assert {found.__name__ for found in list_data_classes()} >= DRAFTS
