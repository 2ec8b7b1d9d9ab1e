"""The four packages as a graph: no circles, no long functions, one meaning for each name of a module.

That imports point downwards is in `test_layers.py`.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("adapters", "bot", "genai", "storage")
LONGEST_FUNCTION = 50


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its dotted name, a package by its own."""
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    assert len(files) > 200
    return {_name(file): ast.parse(file.read_text(encoding="utf-8")) for file in files}


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _at_run_time(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What is executed when a module is imported, but for what only a type checker reads."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) != "TYPE_CHECKING":
            yield from _at_run_time([*node.body, *node.orelse])
        elif isinstance(node, ast.Try | ast.With | ast.ClassDef):
            yield from _at_run_time(node.body)


def _imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in _at_run_time(tree.body):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (inside & modules().keys()) or {str(node.module)}
    return names & modules().keys()


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {name: _imported(tree) for name, tree in modules().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" <- ".join(error.args[1])) from None


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{name}.{node.name}": length
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


SHARED = {
    "panels": "lines with buttons as a platform draws them",
    "standing": "panels that have one place in a thread, and are changed there",
    "sandbox": "reading what strangers send in a process with limits; of bot, handed on to adapters",
    "adapter": "a platform, put together",
    "admin": "what a workspace's admins set by commands",
    "api": "calls to a platform's own API",
    "attachments": "what people attach to a message, fetched and read",
    "brainstorms": "facilitated brainstorms: tables, queries, values",
    "channel": "where one reply is shown",
    "commands": "what people can ask for by name",
    "completion": "what fits while somebody types",
    "config": "settings read out of a TOML file",
    "conversations": "questions and answers: tables, queries",
    "dataset": "what one training learns from",
    "engine": "what runs a model for many requests at once",
    "ensemble": "several models that answer as one",
    "errors": "what can go wrong in a room, each error with its sentence",
    "evaluation": "figures of how good something is",
    "event": "what a person did on a platform, as the inbox keeps it",
    "feedback": "what people think of ideas, and what is learned from it",
    "generator": "what writes text for a request",
    "handler": "answers what the inbox kept, on one platform",
    "ideas": "ideas as they are written, shown and kept",
    "inbox": "events that are kept until they are answered",
    "incoming": "from a platform's payloads into the inbox",
    "interactions": "what people do by buttons, forms and native commands",
    "likeness": "whether two texts say the same",
    "lora": "low-rank adapters of a model",
    "markdown": "a model's Markdown as a platform may show it",
    "measure": "figures of how good, or how alike, something is",
    "modals": "forms as a platform draws them",
    "people": "persons and their accounts: tables, queries",
    "personal_data": "personal data in texts: found, redacted, measured",
    "places": "workspaces and channels, and what holds there",
    "policy": "the rules of moderation in one place",
    "rendering": "from replies to a platform's messages",
    "reranking": "choosing among more ideas than are shown",
    "sending": "messages of one answer, sent, changed and found again",
    "settings": "a room's part of the configuration",
    "streamed_message": "a message that grows while it is written",
    "taste": "what a person is likely to like",
    "tokenizer": "words cut into a model's tokens",
    "train": "one training, from its settings to its result",
    "workspaces": "what workspaces and platforms keep: tables, queries",
}
"""Names that several rooms use, and the one thing that each of them means there."""

NAMED_AS_TYPED = ("bot.commands.", "bot.cli.")
"""Rooms whose files are called as their commands are typed, whatever serves these elsewhere is called the same."""


def test_a_modules_name_means_one_thing() -> None:
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for name in modules():
        if not name.startswith(NAMED_AS_TYPED) and not name.endswith("__main__"):
            by_name[name.rpartition(".")[2]].append(name)
    twice = {name: found for name, found in by_name.items() if len(found) > 1 and name not in SHARED}
    assert twice == {}


def test_a_start_imports_nothing_large_that_a_first_list_does_not_need() -> None:
    large = ("sklearn", "scipy", "pandas", "matplotlib", "torch")
    program = (
        "import sys, bot.cli, bot.app; from bot.core.commands import all_commands; all_commands();"
        "from genai.text import NGRAMS, embedder; embedder(NGRAMS)(['a stamp card', 'a photo walk']);"
        f"print(*[name for name in {large} if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
