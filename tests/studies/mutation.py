"""How many small errors in the core its tests notice: `python tests/studies/mutation.py`.

A mutant is a module with one small error in it. It is caught if the module's own test file,
`test_contract.py` or the module's part of `test_bad_calls.py` fails or takes too long. A seeded
sample of each module's mutants is tried, one by one, in a temporary copy. Survivors that do the
same as the original count all the same.

With 20 mutants, a module's score is known to about 15 percentage points, the sum of all to 4. Needs
POSIX.
"""

import argparse
import ast
import os
import random
import resource
import shutil
import signal
import sys
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import TemporaryDirectory

import gymnasium.utils.env_checker  # noqa: F401 (what tests import is imported only once)
import hypothesis.strategies  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_CORE = {"__init__", "doorkey", "neural", "office", "rehearsal", "retention"}
# Without plugins, whose start takes longer than most tests.
OPTIONS = ["-xq", "-o", "addopts=", "-p", "no:cacheprovider"]

# Modules that are tested elsewhere, too.
ELSEWHERE = {
    "search": ["gridworld", "rehearsal"],
    "selection": ["library", "agent"],
    "skill": ["skill", "library"],  # what a library asks of a skill
}

BOTH_WAYS = "Lt-LtE Gt-GtE Eq-NotEq Is-IsNot In-NotIn Add-Sub Mult-Div BitOr-BitAnd And-Or"
ONE_WAY = "FloorDiv-Mult Mod-FloorDiv Pow-Mult MatMult-Mult BitXor-BitAnd USub-UAdd"
PAIRS = [pair.split("-") for pair in BOTH_WAYS.split()]
PAIRS += [pair[::-1] for pair in PAIRS] + [pair.split("-") for pair in ONE_WAY.split()]
OPERATORS = {getattr(ast, right): getattr(ast, wrong) for right, wrong in PAIRS}
REMOVABLE = ast.Expr | ast.Assign | ast.AugAssign | ast.If | ast.Raise | ast.Break | ast.Continue
MAY_BE_NONE = ("Return.value", "arguments.defaults", "arguments.kw_defaults")


def places(node):
    """Yield ``(line, role, container, key)`` of each node below; it is ``container[key]``."""
    for field, value in ast.iter_fields(node):
        several = isinstance(value, list)
        container, keys = (value, range(len(value))) if several else (vars(node), [field])
        for key in keys if field not in ("annotation", "returns", "exc", "cause") else ():
            if isinstance(below := container[key], ast.AST):
                line = getattr(below, "lineno", getattr(node, "lineno", 0))
                yield line, f"{type(node).__name__}.{field}", container, key
                yield from places(below)


def errors(role, node):
    """Yield what may stand by mistake where ``node`` has a role, as in ``"If.test"``."""
    match node:
        case _ if type(node) in OPERATORS:
            yield OPERATORS[type(node)]()
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(x) for x in (value + 1, -value) if x != value)
        case ast.Call(func=func, args=[first, second, *rest], keywords=keywords):
            yield ast.Call(func, [second, first, *rest], keywords)
    if removable(node):
        yield ast.Pass()
    if role.endswith(".test") or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        yield ast.UnaryOp(ast.Not(), node)
    if role in MAY_BE_NONE:
        yield ast.Constant(0 if isinstance(node, ast.Constant) and node.value is None else None)


def removable(node):
    """Whether ``node`` is a statement without which no name is missing."""
    named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name | ast.Tuple)
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, REMOVABLE) and not named and not docstring


def mutants(tree):
    """Return the mutants of a module, each as ``(source, line of the error)``."""
    found, original = {}, ast.unparse(tree)
    for line, role, container, key in list(places(tree)):
        node = container[key]
        for error in errors(role, node):
            container[key] = error
            found.setdefault(ast.unparse(tree), line)
        container[key] = node
    return [(source, line) for source, line in found.items() if source != original]


def change(original, source):
    """Return the first line that differs, before and after, from a little before the difference."""
    lines = zip(original.splitlines(), source.splitlines(), strict=False)
    old, new = next((a.strip(), b.strip()) for a, b in lines if a != b)
    begin = max(0, next((i for i in range(len(old)) if old[i] != new[i : i + 1]), 0) - 30)
    return f"{old[begin : begin + 70]}  ->  {new[begin : begin + 70]}"


def limit():
    """Give a test run a minute of computing, half an hour in all, and 4 GiB of addresses."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))
    signal.alarm(1800)


def survives(module, source, folder):
    """Return whether the tests in ``folder`` pass with this source of ``module``."""
    path = folder / "procmem" / f"{module}.py"
    path.write_text(source, encoding="utf-8")
    # Python would take old bytecode for a source of the same size, written in the same second.
    Path(cache_from_source(path)).unlink(missing_ok=True)
    # A child has everything imported already, except what is tested.
    child = os.fork()
    if not child:
        limit()
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        os._exit(pytest.main([*OPTIONS, *tests_of(module)]))
    return os.waitpid(child, 0)[1] == 0


def tests_of(module):
    """Return the arguments by which pytest runs the tests that have to notice an error."""
    names = [*ELSEWHERE.get(module, [module]), "contract", "bad_calls"]
    files = [f"tests/test_{name}.py" for name in names]
    return [*files, "-k", f"not bad_calls or {module}:"]


def study(module, count, seed, folder):
    """Try ``count`` mutants; return the number of all, of those tried, and the survivors."""
    for name in ("procmem", "tests"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    tree = ast.parse((folder / "procmem" / f"{module}.py").read_bytes())
    original, found = ast.unparse(tree), mutants(tree)
    if not survives(module, original, folder):
        raise SystemExit(f"the tests of {module} must pass before an error is made")
    chosen = random.Random(f"{seed} {module}").sample(range(len(found)), min(count, len(found)))
    alive = [found[i] for i in sorted(chosen) if survives(module, found[i][0], folder)]
    lines = [f"{module}.py:{line}  {change(original, source)}" for source, line in alive]
    return len(found), len(chosen), lines


def row(name, total, tried, survivors):
    caught = tried - len(survivors)
    return f"{name:14}{total:8}{tried:8}{caught:8}{caught / tried:8.0%}"


def main():
    """Print the score of each module and of all, then the survivors."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    core = sorted({path.stem for path in (ROOT / "procmem").glob("*.py")} - NOT_CORE)
    parser = argparse.ArgumentParser(description="Count the errors in the core that tests notice.")
    parser.add_argument("--sample", type=int, default=20, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--module", choices=core, help="one module instead of all")
    options = parser.parse_args()
    print("module         mutants   tried  caught   score")
    total, tried, survivors = 0, 0, []
    for module in [options.module] if options.module else core:
        with TemporaryDirectory() as folder:
            result = study(module, options.sample, options.seed, Path(folder))
        print(row(module, *result), flush=True)
        total, tried, survivors = total + result[0], tried + result[1], survivors + result[2]
    print(row("all", total, tried, survivors), "\nsurvivors", *survivors, sep="\n")


if __name__ == "__main__":
    main()
