"""What all studies share: their options, their stored tables, and what those were made by.

A study prints its tables and, with ``--write``, stores them under ``tests/studies/tables`` with a
digest of the code that made them: the syntax trees, docstrings left out, of the study and of every
module of ``procmem`` that it imports. ``test_studies.py`` compares the digests, so that a table
cannot outlive the code it was made by.
"""

import argparse
import ast
import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from procmem.lab.statistics import bootstrap_interval

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TABLES = HERE / "tables"
OFFERS = {"__init__.py", "lazy.py"}
"""Files that only pass names on: their imports are followed, their own lines change no figure."""
PICTURES = ROOT / "procmem" / "show"
"""What draws changes no figure either."""


def run(script, report, **defaults):
    """Run a study: print what ``report(options, executor)`` yields, line by line, and store it.

    ``defaults`` are options with their defaults, such as ``agents=50``.
    """
    parser = argparse.ArgumentParser(description=Path(script).stem)
    for name, value in defaults.items():
        parser.add_argument(f"--{name}", type=type(value), default=value)
    parser.add_argument("--validation", action="store_true", help="not the examination rooms")
    parser.add_argument("--write", action="store_true", help="store the tables")
    options = parser.parse_args()
    lines = []
    with ProcessPoolExecutor() as executor:
        for line in report(options, executor):
            print(line, flush=True)
            lines.append(line)
    if options.write:
        TABLES.mkdir(exist_ok=True)
        text = "\n".join([f"<!-- {digest(script)} -->", *lines]) + "\n"
        table_of(script).write_text(text, encoding="utf-8")


def table_of(script):
    """Return the path of the stored table of a study."""
    return TABLES / f"{Path(script).stem}.md"


def row_of_returns(label, returns):
    """Return a table's row: share of solved rooms, mean return, its interval.

    ``returns`` has shape (agents, rooms); a room that was not solved returns 0.
    """
    low, high = bootstrap_interval(returns, np.mean)
    solved, mean = (returns > 0).mean(), returns.mean()
    return f"| {label} | {solved:.1%} | {mean:.3f} [{low:.3f}, {high:.3f}] |"


def digest(script):
    """Return a short text that changes with the code that a study runs, but not with its words."""
    found, waiting = {}, [Path(script).resolve(), HERE / "study.py"]
    while waiting:
        path = waiting.pop()
        if path not in found and PICTURES not in path.parents:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found[path] = "" if path.name in OFFERS else ast.dump(_without_docstrings(tree))
            waiting += [file for name in _imported(tree) for file in _files(name)]
    code = "\n".join(found[path] for path in sorted(found))
    return hashlib.blake2b(code.encode(), digest_size=8).hexdigest()


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _files(module):
    """Return the file of a module of the package or of another study, if it is one."""
    path = ROOT.joinpath(*module.split("."))
    options = (path.with_suffix(".py"), path / "__init__.py", HERE / f"{module}.py")
    return [file for file in options if file.is_file() and ROOT in file.parents]


def _without_docstrings(tree):
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [
                one
                for one in body
                if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
            ]
    return tree
