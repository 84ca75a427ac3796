"""The code version of an asset: a hash over the text of its function and of all project code that the function uses.

Imports are followed by module: a change anywhere in a module counts for everything that uses the module. Only contents
count, not the location of a module: after a move, only assets whose code had to be edited are out of date.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import inspect
import symtable
import textwrap
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

from pipelines.common.import_graph import ImportGraph, SourceModule, list_imports

PROJECT = ImportGraph(("pipelines", "schemas"))
"""The modules that count. Of other libraries only the version of Polars counts."""

ORCHESTRATOR = "dagster"
"""A module that imports this, itself or through project modules, wires assets: it brings many of them together, and an
edit of one asset must not make the others out of date."""

_DECORATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def code_version(*functions: Callable[..., Any], graph: ImportGraph = PROJECT) -> str:
    """Return a short hash over the text of these functions and of all modules of `graph` that they use.

    A function's own module counts as a whole. If it wires assets (see `ORCHESTRATOR`), only the function counts,
    together with the functions, classes and constants of the module that it uses, directly or through one another.

    Raises ModuleNotFoundError if a function is not defined in a module of `graph`.
    """
    texts: set[str] = set()
    modules: list[SourceModule] = []
    for function in map(inspect.unwrap, functions):
        module = graph.find(function.__module__)
        if module is None:
            raise ModuleNotFoundError(f"{function.__module__} is not a module of {', '.join(sorted(graph.packages))}")
        text = textwrap.dedent(inspect.getsource(function))
        if _wires_assets(module, graph):
            used_texts, used_modules = _follow_names(text, module, graph)
            texts |= used_texts
            modules += used_modules
        else:
            texts.add(text)
            modules.append(module)
    for module in graph.walk(modules):
        # By hash, not by name, so that a move does not count; with the imports, so that swapping two modules does.
        texts.add(" ".join([module.sha256, *(imported.sha256 for imported in graph.find_imported(module))]))
    return hashlib.sha256("\n".join([f"polars {version('polars')}", *sorted(texts)]).encode()).hexdigest()[:16]


def _wires_assets(module: SourceModule, graph: ImportGraph) -> bool:
    return any(
        name.partition(".")[0] == ORCHESTRATOR for reached in graph.walk([module]) for _, name in reached.imports
    )


def _follow_names(text: str, module: SourceModule, graph: ImportGraph) -> tuple[set[str], list[SourceModule]]:
    """Return the texts of a function and of the definitions beside it that it uses, and the modules they import."""
    texts: set[str] = set()
    modules: list[SourceModule] = []
    source = module.file.read_text(encoding="utf-8")
    definitions = _find_definitions(ast.parse(source), module)
    waiting = [(text, ast.parse(text).body[0])]
    while waiting:
        text, statement = waiting.pop()
        if text in texts:
            continue
        texts.add(text)
        imports = [*list_imports(statement, module.name, module.file)]  # within the function
        for name in sorted(_global_names(statement)):
            for definition in definitions.get(name, ()):
                if isinstance(definition, (ast.Import, ast.ImportFrom)):
                    imports += [pair for pair in list_imports(definition, module.name, module.file) if pair[0] == name]
                else:
                    lines = source.splitlines()[_first_line(definition) - 1 : definition.end_lineno]
                    waiting.append(("\n".join(lines), definition))
        for name, full_name in imports:
            imported = graph.find(full_name)
            if imported:
                modules.append(imported)
                texts.add(f"{name} {imported.sha256}")
    return texts, modules


def _find_definitions(tree: ast.Module, module: SourceModule) -> dict[str, list[ast.stmt]]:
    """Return the top-level statements of a module by the names that they define or import."""
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names = {name}
            case ast.Import() | ast.ImportFrom():
                names = {name for name, _ in list_imports(statement, module.name, module.file)}
            case _:
                stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
                names = {node.id for node in stored if isinstance(node.ctx, ast.Store)}
        for name in names:
            definitions.setdefault(name, []).append(statement)
    return definitions


def _global_names(statement: ast.stmt) -> set[str]:
    """Return the global names that a statement uses, except those in its decorators, which only wire it."""
    plain = copy.copy(statement)
    if isinstance(plain, _DECORATED):
        plain.decorator_list = []

    def visit(table: symtable.SymbolTable) -> Iterator[str]:
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (is_module or symbol.is_global()):
                yield symbol.get_name()
        for child in table.get_children():
            yield from visit(child)

    return set(visit(symtable.symtable(ast.unparse(plain), "<statement>", "exec")))


def _first_line(statement: ast.stmt) -> int:
    decorators = statement.decorator_list if isinstance(statement, _DECORATED) else []
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
