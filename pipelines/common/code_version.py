"""The version of the code behind an asset: a hash over the function and every module that it comes to use.

Imports are followed by module: a change anywhere in a module counts for everything that uses the module. Where a
module is located and what its folder is called do not matter, except that the module's name is part of the hash.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

OURS = ("pipelines", "schemas")
WIRING = "dagster"
"""A module that imports this wires many assets; a change to one of them must not make the others out of date."""


def code_version(*functions: Callable[..., Any]) -> str:
    """A short hash over the text of these functions and all modules of this project that they come to use.

    A function's own module counts as a whole, unless it wires assets (imports `WIRING`): then only what the function
    names counts, and helper functions beside it are followed in turn.
    """
    modules: set[str] = set()
    digest = hashlib.sha256(f"polars {version('polars')}\n".encode())
    waiting = [inspect.unwrap(function) for function in functions]
    seen: list[Callable[..., Any]] = []
    while waiting:
        function = waiting.pop(0)
        if function in seen:
            continue
        seen.append(function)
        digest.update(inspect.getsource(function).encode())
        used = _used_by(function)
        if WIRING in _imported_names(function.__module__):
            waiting += [item for item in used if inspect.isfunction(item) and item.__module__ == function.__module__]
            modules |= {name for name in map(_module_of, used) if name != function.__module__}
        else:
            modules |= {function.__module__, *map(_module_of, used)}
    for module in sorted(_with_imports(name for name in modules if name.split(".")[0] in OURS)):
        digest.update(f"{module} {_hash(module)}\n".encode())
    return digest.hexdigest()[:16]


def _used_by(function: Callable[..., Any]) -> list[Any]:
    """What a function names, in its body and in the types of its parameters."""
    used = [function.__globals__.get(name) for name in sorted(_names(function.__code__))]
    return used + [item for item in function.__annotations__.values() if not isinstance(item, str)]


def _module_of(item: Any) -> str:
    name = item.__name__ if isinstance(item, ModuleType) else getattr(item, "__module__", "")
    return name if isinstance(name, str) else ""


def _names(code: CodeType) -> set[str]:
    """All global names of a function's body, including those of the functions within it."""
    return set(code.co_names).union(*(_names(part) for part in code.co_consts if isinstance(part, CodeType)))


def _with_imports(modules: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += _imports(module)
    return found


@cache
def _imported_names(module: str) -> frozenset[str]:
    """Every module, and every name within a module, that a module imports anywhere in its text."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(_file(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(named)


@cache
def _imports(module: str) -> frozenset[str]:
    """The modules of this project that a module imports."""
    return frozenset(name for name in _imported_names(module) if name.split(".")[0] in OURS and _is_module(name))


@cache
def _is_module(name: str) -> bool:
    parent, _, own = name.rpartition(".")
    if name in sys.modules or not parent:
        return True
    folder = _file(parent).parent
    return _file(parent).name == "__init__.py" and ((folder / f"{own}.py").exists() or (folder / own).is_dir())


@cache
def _file(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{module}: has no file, so the version of the code cannot be determined")
    return Path(spec.origin)


@cache
def _hash(module: str) -> str:
    return hashlib.sha256(_file(module).read_bytes()).hexdigest()
