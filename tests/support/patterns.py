"""Every regular expression of the project, and texts that would make a careless one slow.

Patterns are found in the source: the argument of each call of `re`, evaluated in its module.
"""

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("adapters", "bot", "genai", "storage")
_METHODS = frozenset({"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})
_FUNCTIONS = frozenset(f"re.{name}" for name in _METHODS | {"compile"})
_PROBES = "aA1 \n.-_'@é的,:;!?\"()[]<>*#/+$%&=|~`^{}\\\t0zZ9"


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it stands, and the methods that it is used with."""

    place: str
    pattern: re.Pattern[str]
    methods: frozenset[str] = _METHODS

    @property
    def scans(self) -> bool:
        """Whether a match is looked for all over a text, not only at its start."""
        return bool(self.methods - {"match", "fullmatch"})


Makers = Mapping[str, Callable[[], Iterable[re.Pattern[str]]]]


def project_patterns(makers: Makers) -> list[Found]:
    """The patterns of the project; `makers` give those of places where evaluating the source would not do."""
    found = [Found(place, pattern) for place, make in makers.items() for pattern in make()]
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "re." in (source := path.read_text(encoding="utf-8")):
                found += _read_module(path, ast.parse(source), makers)
    return found


def _read_module(path: Path, tree: ast.Module, makers: Makers) -> Iterator[Found]:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    calls = list(_calls(tree))
    names = vars(importlib.import_module(name)) if calls else {}
    for call, owner in calls:
        place = f"{name}:{owner}"
        if place in makers:
            continue
        pattern = re.compile(_evaluated(call.args[0], names), _flags(call, names))
        yield Found(f"{place}:{call.lineno}", pattern, _uses(call, tree, owner))


def _calls(tree: ast.AST, owner: str = "") -> Iterator[tuple[ast.Call, str]]:
    """Each call of a function of `re` with a pattern, and the name that it is assigned to or used in."""
    for node in ast.iter_child_nodes(tree):
        inner = _owner(node) or owner
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _FUNCTIONS:
            yield node, inner
        yield from _calls(node, inner)


def _owner(node: ast.AST) -> str:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return target.id if isinstance(target, ast.Name) and target.id.isupper() else ""
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""


def _evaluated(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """The value of an expression; what only the function around it knows becomes some word."""
    code, known = compile(ast.Expression(node), "pattern", "eval"), dict(names)
    while True:
        try:
            return eval(code, known)  # noqa: S307
        except NameError as error:
            known[error.name] = _Word("word")


class _Word(str):
    """Stands for what is known at run time only, whatever is asked of it."""

    def __getattr__(self, _name: str) -> "_Word":
        return self


def _flags(call: ast.Call, names: Mapping[str, Any]) -> Any:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    if call.func.attr == "compile" or call.func.attr in {
        "search",
        "match",
        "fullmatch",
        "findall",
        "finditer",
    }:  # type: ignore[attr-defined]
        at = 1 if call.func.attr == "compile" else 2  # type: ignore[attr-defined]
        given += call.args[at : at + 1]
    return _evaluated(given[0], names) if given else 0


def _uses(call: ast.Call, tree: ast.Module, owner: str) -> frozenset[str]:
    """The methods that the pattern is used with in its module; all of them where it is handed on."""
    method = call.func.attr  # type: ignore[attr-defined]
    if method != "compile":
        return frozenset({method})
    attributes = [
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_name(node.value, owner)
    ]
    loads = [
        node
        for node in ast.walk(tree)
        if _is_name(node, owner) and isinstance(node.ctx, ast.Load)  # type: ignore[attr-defined]
    ]
    used = frozenset(node.attr for node in attributes)
    return used if used and len(loads) == len(attributes) and used <= _METHODS else _METHODS


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


# Texts that would make a careless pattern slow.


@dataclass(frozen=True, slots=True)
class Pump:
    """A text of any length: a beginning, a part over and over, an end that spoils the match."""

    before: str
    part: str
    after: str

    def text(self, length: int) -> str:
        """About `length` characters of it."""
        times = max(1, (length - len(self.before) - len(self.after)) // len(self.part))
        return self.before + self.part * times + self.after


def pumps(pattern: re.Pattern[str]) -> Iterator[Pump]:
    """Texts made of the pattern's own parts, each repetition pumped up, and of single characters."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    whole = _sample(tree)
    seen: set[Pump] = set()
    for pump in (*_inner(tree, ""), *_plain(whole)):
        if pump.part and pump not in seen:
            seen.add(pump)
            yield pump


def _plain(whole: str) -> Iterator[Pump]:
    for char in _PROBES[:12]:
        yield Pump("", char, "")
        yield Pump("", char, "\x01")
    for part in (whole, whole[:-1], f"{whole} ", f"{whole[:-1]} "):
        yield Pump("", part, "")


def _inner(tree: Any, before: str) -> Iterator[Pump]:
    """A pump for each repetition in the tree; `before` is what leads there."""
    for kind, value in tree:
        for part in _parts(kind, value):
            yield from _inner(part, before)
        if kind in _REPEATS and value[1] > 8:
            for part in _samples(value[2]):
                for end in ("", "\x01", " \x01"):
                    yield Pump(before, part, end)
                    yield Pump("", before + part, end)
                yield Pump(before, part + " ", "\x01")
        before += _sample([(kind, value)])


_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


def _parts(kind: Any, value: Any) -> list[Any]:
    if kind in _REPEATS:
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[-1]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (op.ASSERT, op.ASSERT_NOT) else []


def _samples(tree: Any) -> Iterator[str]:
    """A text that `tree` matches, and for a single class a few of its characters."""
    yield _sample(tree)
    if len(tree) == 1 and tree[0][0] in (op.IN, op.ANY, op.NOT_LITERAL, op.CATEGORY):
        yield from (char for char in _PROBES[:12] if _holds(tree[0], char))


def _sample(tree: Any) -> str:
    return "".join(_one(kind, value) for kind, value in tree)


def _one(kind: Any, value: Any) -> str:
    """A short text that one node matches; nothing for a position."""
    if kind is op.LITERAL:
        return chr(value)
    if kind in (op.IN, op.ANY, op.NOT_LITERAL, op.CATEGORY):
        return next((char for char in _PROBES if _holds((kind, value), char)), "a")
    if kind in _REPEATS:
        return _sample(value[2]) * max(1, value[0])
    if kind is op.BRANCH:
        return _sample(value[1][0])
    if kind is op.SUBPATTERN:
        return _sample(value[-1])
    return _sample(value) if kind is op.ATOMIC_GROUP else ""


def _holds(node: Any, char: str) -> bool:
    """Whether a class holds `char`, by asking the engine."""
    kind, value = node
    if kind is op.ANY:
        return char != "\n"
    if kind is op.NOT_LITERAL:
        return ord(char) != value
    members = value if kind is op.IN else [(kind, value)]
    negated = bool(members) and members[0][0] is op.NEGATE
    return any(_member(one, char) for one in members[negated:]) != negated


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _member(member: Any, char: str) -> bool:
    kind, value = member
    if kind is op.LITERAL:
        return ord(char) == value
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return bool(re.match(_CATEGORIES[value], char))
