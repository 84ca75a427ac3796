"""The modules of some packages and their imports, read from the source files without importing the modules."""

from __future__ import annotations

import ast
import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec, resolve_name
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceModule:
    """A module's source file and its hash. `imports` are the names that it imports, each with its full name."""

    name: str
    file: Path
    sha256: str
    imports: tuple[tuple[str, str], ...]


class ImportGraph:
    """The modules of some top-level packages. Each file is read once; later edits are not seen."""

    def __init__(self, packages: Collection[str]) -> None:
        self.packages = frozenset(packages)
        self._modules: dict[str, SourceModule | None] = {}

    def find(self, name: str) -> SourceModule | None:
        """Return the module with this full name; None if the name is that of another package or of an object."""
        if name not in self._modules:
            file = self._find_file(name)
            self._modules[name] = _read_module(name, file) if file else None
        return self._modules[name]

    def find_imported(self, module: SourceModule) -> list[SourceModule]:
        """Return the modules that a module imports anywhere in its text."""
        names = dict.fromkeys(full_name for _, full_name in module.imports)
        return [imported for name in names if (imported := self.find(name))]

    def walk(self, modules: Iterable[SourceModule]) -> Iterator[SourceModule]:
        """Yield these modules and all modules that they import, directly or through one another, the nearest first."""
        reached: set[str] = set()
        waiting = deque(modules)
        while waiting:
            module = waiting.popleft()
            if module.name not in reached:
                reached.add(module.name)
                yield module
                waiting += self.find_imported(module)

    def _find_file(self, name: str) -> Path | None:
        if name.partition(".")[0] not in self.packages:
            return None
        parent_name, _, own_name = name.rpartition(".")
        if not parent_name:
            spec = find_spec(name)
            return Path(spec.origin) if spec and spec.origin else None
        # Not with find_spec: it would import the parent, which may be only half imported at this moment.
        parent = self.find(parent_name)
        if parent is None or parent.file.name != "__init__.py":
            return None
        folder = parent.file.parent
        candidates = (folder / own_name / "__init__.py", folder / f"{own_name}.py")
        return next((file for file in candidates if file.is_file()), None)


def list_imports(tree: ast.AST, module: str, file: Path) -> Iterator[tuple[str, str]]:
    """Yield the names that a part of a module's text imports, each with its full name.

    `from a import b` gives `a` and `a.b` for `b`, which may be a module or an object in `a`.
    """
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], alias.name
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                yield alias.asname or alias.name, origin
                yield alias.asname or alias.name, f"{origin}.{alias.name}"


def _read_module(name: str, file: Path) -> SourceModule:
    data = file.read_bytes()
    return SourceModule(name, file, hashlib.sha256(data).hexdigest(), tuple(list_imports(ast.parse(data), name, file)))
