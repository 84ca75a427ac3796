"""The version of the code behind an asset: a hash over the modules that its function uses, and theirs.

Belongs here: following imports. It goes by modules: a change anywhere in a module counts for all who use the module.
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


def code_version(*functions: Callable[..., Any]) -> str:
    """A short hash over the text of these functions and over all modules of this project that they come to use."""
    modules: set[str] = set()
    digest = hashlib.sha256(f"polars {version('polars')}\n".encode())
    for function in map(inspect.unwrap, functions):
        digest.update(inspect.getsource(function).encode())
        modules |= _used_by(function)
    for module in sorted(_with_imports(modules)):
        digest.update(f"{module} {_hash(module)}\n".encode())
    return digest.hexdigest()[:16]


def _used_by(function: Callable[..., Any]) -> set[str]:
    """The modules of what a function names: in its body and in its parameters' types."""
    used = [function.__globals__.get(name) for name in _names(function.__code__)]
    used += [item for item in function.__annotations__.values() if not isinstance(item, str)]
    names = {item.__name__ if isinstance(item, ModuleType) else getattr(item, "__module__", "") for item in used}
    # A module beside which the assets stand imports all of them: only what the function names in it counts.
    if function.__module__.split(".")[1:2] != ["assets"]:
        names.add(function.__module__)
    return {name for name in names if isinstance(name, str) and name.split(".")[0] in OURS}


def _names(code: CodeType) -> set[str]:
    """All global names of a function's body, those of functions within it included."""
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
def _imports(module: str) -> frozenset[str]:
    """The modules of this project that a module imports, wherever in its text."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(_file(module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(name for name in named if name.split(".")[0] in OURS and _is_module(name))


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
        raise ModuleNotFoundError(f"{module}: has no file; the code's version cannot be told")
    return Path(spec.origin)


@cache
def _hash(module: str) -> str:
    return hashlib.sha256(_file(module).read_bytes()).hexdigest()
