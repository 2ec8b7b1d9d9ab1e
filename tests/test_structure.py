"""The house stays as it is drawn: what serves people knows nothing of what trains and measures models."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORKSHOP = ("genai.training", "genai.evaluation", "bot.evaluation")
"""Training and evaluation: heavy to import, with libraries that an ordinary installation lacks."""
USERS = (*WORKSHOP, "bot.cli")
"""Who may import the workshop: itself, and the command line, which does so when a command asks for it."""
ENTRY = "bot.__main__"
"""Starts the command line, and is the only one to import that."""


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imported(file: Path) -> Iterator[str]:
    """All that a file imports, at its top, late, for types only, or by name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            yield from (str(value.value) for value in node.args if isinstance(value, ast.Constant))


def test_what_serves_never_imports_what_trains_or_measures() -> None:
    files = [
        file for package in ("adapters", "bot", "genai", "storage") for file in (ROOT / package).rglob("*.py")
    ]
    serving = [file for file in files if not is_within(module_of(file), USERS)]
    assert len(serving) > 200
    wrong = {
        module_of(file): found
        for file in serving
        if (found := sorted(name for name in imported(file) if is_within(name, USERS)))
        and module_of(file) != ENTRY
    }
    assert wrong == {}
