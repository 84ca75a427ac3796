"""The code version of an asset follows imports by content: only edits of code that the asset uses change it."""

import importlib
import linecache
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.common.code_version import code_version
from pipelines.common.import_graph import ImportGraph

# Dagster is imported for type checking only because its import takes seconds.
ASSETS = """
from typing import TYPE_CHECKING
{helper_import}
if TYPE_CHECKING:
    import dagster

LIMIT = 3
UNUSED_LIMIT = 4

def cheap(prices):
    return keep_valid(clean(prices))

def keep_valid(prices):
    return [price for price in prices if is_valid(price)]

def is_valid(price):
    return 0 < price < LIMIT

def expensive(prices):
    return prices
"""

HELPERS = """
from {rounding} import rounded

def clean(prices):
    return [rounded(price) for price in prices]
"""

ROUNDING = """
def rounded(price):
    return round(price, 2)
"""

UNRELATED = "FACTOR = 1\n"


class Tree:
    """A package `shop` in a temporary folder: an asset module, the helper module, the module it uses, and another."""

    def __init__(
        self, root: Path, *, assets: str, helpers: str, rounding: str, helper_import: str | None = None
    ) -> None:
        self.root = root
        self.assets = assets
        self.write(rounding, ROUNDING)
        self.write(helpers, HELPERS.format(rounding=rounding))
        self.write(assets, ASSETS.format(helper_import=helper_import or f"from {helpers} import clean"))
        self.write("shop.unrelated", UNRELATED)

    def path(self, module: str) -> Path:
        return self.root.joinpath(*module.split(".")).with_suffix(".py")

    def write(self, module: str, text: str) -> None:
        path = self.path(module)
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.relative_to(self.root).parents:
            if folder != Path():
                (self.root / folder / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")

    def edit(self, module: str, old: str, new: str) -> None:
        text = self.path(module).read_text(encoding="utf-8")
        assert text.count(old) == 1, text
        self.path(module).write_text(text.replace(old, new), encoding="utf-8")

    def move(self, module: str, target: str) -> None:
        self.write(target, self.path(module).read_text(encoding="utf-8"))
        self.path(module).unlink()

    def version(self, function: str = "cheap", module: str | None = None, packages: tuple[str, ...] = ("shop",)) -> str:
        """Compute the code version of a function from the present files, as a new process would."""
        unload_modules()
        imported = importlib.import_module(module or self.assets)
        return code_version(getattr(imported, function), graph=ImportGraph(packages))


def unload_modules() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in ("shop", "market")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    linecache.clearcache()


@pytest.fixture(autouse=True)
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the packages in the temporary folder importable."""
    monkeypatch.syspath_prepend(tmp_path)
    # A cached bytecode file hides an edit made in the same second.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    unload_modules()


def flat(root: Path) -> Tree:
    return Tree(root, assets="shop.price_assets", helpers="shop.cleaning", rounding="shop.rounding")


def nested(root: Path) -> Tree:
    return Tree(
        root,
        assets="shop.orchestration.assets.price_assets",
        helpers="shop.curate.cleaning",
        rounding="shop.common.rounding",
    )


LAYOUTS = pytest.mark.parametrize("layout", [flat, nested])


@LAYOUTS
def test_editing_another_function_of_an_asset_module_leaves_the_version(
    layout: Callable[[Path], Tree], tmp_path: Path
) -> None:
    tree = layout(tmp_path)
    before = tree.version()
    tree.edit(tree.assets, "def expensive(prices):\n    return prices", "def expensive(prices):\n    return prices[:9]")
    tree.edit(tree.assets, "UNUSED_LIMIT = 4", "UNUSED_LIMIT = 5")
    tree.write("shop.unrelated", "FACTOR = 2\n")
    assert tree.version() == before


@LAYOUTS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("keep_valid(clean(prices))", "keep_valid(clean(prices))[:9]"),
        ("if is_valid(price)]", "if is_valid(price) and price]"),
        ("0 < price < LIMIT", "1 < price < LIMIT"),
        ("\nLIMIT = 3", "\nLIMIT = 2"),
    ],
    ids=["the asset's function", "a helper that it calls", "a helper of the helper", "a constant"],
)
def test_editing_what_an_asset_uses_in_its_module_changes_the_version(
    layout: Callable[[Path], Tree], tmp_path: Path, old: str, new: str
) -> None:
    tree = layout(tmp_path)
    before = tree.version(), tree.version("expensive")
    tree.edit(tree.assets, old, new)
    assert tree.version() != before[0]
    assert tree.version("expensive") == before[1]


@LAYOUTS
def test_editing_a_module_that_an_asset_uses_changes_the_version(
    layout: Callable[[Path], Tree], tmp_path: Path
) -> None:
    tree = layout(tmp_path)
    versions = [tree.version()]
    for module in ("cleaning", "rounding"):
        (path,) = tmp_path.rglob(f"{module}.py")
        path.write_text(path.read_text(encoding="utf-8") + "\nEDITED = True\n", encoding="utf-8")
        versions.append(tree.version())
    assert len(set(versions)) == 3


@pytest.mark.parametrize(
    "helper_import",
    [
        "import shop.cleaning\nclean = shop.cleaning.clean",
        "from shop import cleaning\nclean = cleaning.clean",
        "from . import cleaning\nclean = cleaning.clean",
        "from .cleaning import clean",
        "def clean(prices):\n    from shop.cleaning import clean\n    return clean(prices)",
    ],
)
def test_every_form_of_import_is_followed(tmp_path: Path, helper_import: str) -> None:
    tree = Tree(
        tmp_path,
        assets="shop.price_assets",
        helpers="shop.cleaning",
        rounding="shop.rounding",
        helper_import=helper_import,
    )
    before = tree.version()
    tree.edit("shop.rounding", "round(price, 2)", "round(price, 1)")
    assert tree.version() != before


def test_a_constant_imported_from_a_module_is_followed(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.edit(tree.assets, "\nLIMIT = 3", "\nfrom shop.unrelated import FACTOR as LIMIT")
    before = tree.version()
    tree.write("shop.unrelated", "FACTOR = 2\n")
    assert tree.version() != before


def test_a_decorated_helper_is_followed(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.edit(tree.assets, "def is_valid", "from functools import cache\n\n@cache\ndef is_valid")
    before = tree.version()
    tree.edit(tree.assets, "0 < price", "1 < price")
    assert tree.version() != before


def test_a_module_that_imports_dagster_through_another_module_wires_assets(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.write("shop.factory", "if False:\n    import dagster\n\ndef make(function):\n    return function\n")
    tree.edit(tree.assets, "    import dagster\n", "    from shop.factory import make\n")
    before = tree.version()
    tree.edit(tree.assets, "UNUSED_LIMIT = 4", "UNUSED_LIMIT = 5")
    tree.edit("shop.factory", "return function", "return function or None")
    assert tree.version() == before


def test_a_module_that_wires_nothing_counts_as_a_whole(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    before = tree.version("clean", "shop.cleaning")
    tree.edit("shop.cleaning", "def clean", "UNUSED = 1\n\ndef clean")
    with_unused = tree.version("clean", "shop.cleaning")
    assert with_unused != before
    tree.edit("shop.rounding", "round(price, 2)", "round(price, 1)")
    assert tree.version("clean", "shop.cleaning") not in {before, with_unused}


def test_only_modules_of_the_given_packages_count(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.write("market.rates", UNRELATED)
    tree.edit("shop.rounding", "\ndef", "from market.rates import FACTOR\n\ndef")
    before = tree.version(), tree.version(packages=("shop", "market"))
    tree.write("market.rates", "FACTOR = 2\n")
    assert tree.version() == before[0]
    assert tree.version(packages=("shop", "market")) != before[1]


def test_rejects_a_function_outside_the_packages(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    with pytest.raises(ModuleNotFoundError, match=r"shop\.price_assets is not a module of market"):
        tree.version(packages=("market",))


def test_after_a_move_only_edited_code_is_out_of_date(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    before = tree.version(), tree.version("clean", "shop.cleaning")
    tree.move("shop.cleaning", "shop.curate.text.cleaning")
    tree.edit(tree.assets, "from shop.cleaning import clean", "from shop.curate.text.cleaning import clean")
    assert tree.version() == before[0]
    assert tree.version("clean", "shop.curate.text.cleaning") == before[1]
    # The module that imports this one has to be edited, and so counts as changed.
    tree.move("shop.rounding", "shop.common.rounding")
    tree.edit("shop.curate.text.cleaning", "shop.rounding", "shop.common.rounding")
    assert tree.version() != before[0]


def test_an_edit_after_a_move_is_seen(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.move("shop.cleaning", "shop.curate.cleaning")
    tree.edit(tree.assets, "from shop.cleaning", "from shop.curate.cleaning")
    tree.move("shop.price_assets", "shop.wiring.price_assets")
    tree.assets = "shop.wiring.price_assets"
    versions = [tree.version()]
    tree.edit("shop.curate.cleaning", "[rounded(price)", "[2 * rounded(price)")
    versions.append(tree.version())
    tree.edit(tree.assets, "0 < price", "1 < price")
    versions.append(tree.version())
    assert len(set(versions)) == 3
    tree.edit(tree.assets, "UNUSED_LIMIT = 4", "UNUSED_LIMIT = 5")
    assert tree.version() == versions[-1]


def test_exchanging_the_contents_of_two_modules_changes_the_version(tmp_path: Path) -> None:
    tree = flat(tmp_path)
    tree.edit("shop.cleaning", "def clean", "from shop.unrelated import FACTOR\n\ndef clean")
    before = tree.version()
    tree.write("shop.rounding", UNRELATED)
    tree.write("shop.unrelated", ROUNDING)
    tree.edit("shop.cleaning", "from shop.rounding import rounded", "from shop.unrelated import rounded")
    tree.edit("shop.cleaning", "from shop.unrelated import FACTOR", "from shop.rounding import FACTOR")
    assert tree.version() != before
