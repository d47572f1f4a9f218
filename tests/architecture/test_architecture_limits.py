"""The house's limits of size and shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import alliance_nlp

PACKAGE = Path(alliance_nlp.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
# Migrations are generated, and frozen once released: their length says nothing of our code.
WRITTEN = [path for path in MODULES if path.parent.name != "versions"]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> Iterator[tuple[Function, bool]]:
    """Yield (function, is it a method)."""
    tree = _tree(path)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield child, isinstance(node, ast.ClassDef)


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_modules_are_found() -> None:
    assert len(WRITTEN) > 80


def test_modules_stay_under_400_lines() -> None:
    long = {
        _name(path): n
        for path in WRITTEN
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_functions_stay_under_50_lines() -> None:
    long = {
        f"{_name(path)}:{function.name}": n
        for path in WRITTEN
        for function, _ in _functions(path)
        if (n := (function.end_lineno or 0) - function.lineno + 1) > 50
    }
    assert not long


def test_functions_take_at_most_three_positional_parameters() -> None:
    many = {}
    for path in WRITTEN:
        for function, is_method in _functions(path):
            names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
            if is_method and names[:1] in (["self"], ["cls"]):
                names = names[1:]
            if len(names) > 3 and not _is_foreign(function):
                many[f"{_name(path)}:{function.name}"] = len(names)
    assert not many


def _is_foreign(function: Function) -> bool:
    """Tell whether a library dictates the signature."""
    decorators = {ast.unparse(decorator) for decorator in function.decorator_list}
    is_spacy_factory = any(text.startswith("Language.factory") for text in decorators)
    return is_spacy_factory or function.name in {"__exit__", "settings_customise_sources"}


def test_no_module_is_called_utils_or_its_like() -> None:
    names = {part for path in MODULES for part in (path.stem, *path.relative_to(PACKAGE).parts)}
    assert not names & FORBIDDEN_NAMES


def test_every_module_and_public_function_has_a_docstring() -> None:
    bare = []
    for path in WRITTEN:
        tree = _tree(path)
        if not ast.get_docstring(tree):
            bare.append(_name(path))
        for node in tree.body:
            is_public = isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                bare.append(f"{_name(path)}:{node.name}")
    assert not bare
