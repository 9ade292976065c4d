"""Run lessons with other seeds, or with every exercise solved: what they claim must still hold.

    python tests/lessons/run_with_seeds.py [--seeds 42,123] [--keep FOLDER] [notebooks/03*.ipynb]
    python tests/lessons/run_with_seeds.py --solved [notebooks/03*.ipynb]

The first fails where a cell raises; `--keep` stores the runs, so that the prose can be read beside
them. The second pastes in each solution, and fails where a verdict is not *right* or where any
other output, pictures included, differs from those of the lesson as it stands.
"""

import argparse
import ast
import re
import sys
import time
from pathlib import Path

import store_outputs
from lessons import Lesson, lesson_files

SEED = re.compile(r"^(\w*seed\w* = )\d+$", re.IGNORECASE | re.MULTILINE)
VERDICT = re.compile(r"^[○✘✔] .*\n?(?:^  .*\n?)*", re.MULTILINE)


def seeded(path, seed):
    """Return the notebook at `path` with another seed in its first code cell."""
    notebook = store_outputs.read(path)
    setup = next(cell for cell in notebook.cells if cell.cell_type == "code")
    setup.source, found = SEED.subn(rf"\g<1>{seed}", setup.source)
    if not found:
        raise store_outputs.NotebookError(f"{path.name}: no seed in the first code cell")
    return notebook


def solved(path):
    """Return the notebook at `path` with the solution of each exercise in the place of its stub."""
    notebook = store_outputs.read(path)
    for exercise in Lesson(path).exercises:
        cell = notebook.cells[exercise.cell]
        cell.source = replaced(cell.source, exercise.function, exercise.solution)
    return notebook


def replaced(source, name, definition):
    """Return `source` with `definition` instead of the function or class called `name`."""
    lines = source.splitlines(keepends=True)
    node = next(node for node in ast.parse(source).body if getattr(node, "name", "") == name)
    end = node.end_lineno
    while end < len(lines) and re.match(r"\s+#|\s*\n", lines[end]):  # comments end the body, too
        end += 1
    return "".join([*lines[: node.lineno - 1], definition, "\n\n\n", *lines[end:]])


def run(notebook, path):
    """Run a notebook where the one at `path` stands, and return it as it would be stored."""
    store_outputs.execute(notebook, path.resolve().parent, path.name)
    store_outputs.clean(notebook)
    return notebook


def differences(notebook, other):
    """Yield a sentence for each cell of two runs that shows something else, verdicts apart."""
    for i, (one, two) in enumerate(zip(notebook.cells, other.cells, strict=True)):
        if shown(one) != shown(two):
            yield f"cell {i + 1} ({one.id}) shows something else"
        for verdict in VERDICT.findall("\n".join(map(text_of, two.get("outputs", [])))):
            if not verdict.startswith("✔"):
                yield f"cell {i + 1} ({one.id}): {' '.join(verdict.split())}"


def shown(cell):
    """Return what a cell shows: the data of each output, its plain text without verdicts."""
    outputs = cell.get("outputs", [])
    found = [{**o.get("data", {}), "text/plain": VERDICT.sub("", text_of(o))} for o in outputs]
    return [data for data in found if any(data.values())]


def text_of(output):
    """Return the plain text of an output."""
    return output.get("text", output.get("data", {}).get("text/plain", ""))


def try_seed(path, seed, keep=None):
    """Run a lesson with a seed; store it in the folder `keep`, if there is one."""
    notebook = run(seeded(path, seed), path)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        store_outputs.write(notebook, keep / f"{path.stem}_{seed}.ipynb")


def try_solved(path):
    """Run a lesson as it stands and solved; raise an error that says where they differ."""
    found = list(differences(run(store_outputs.read(path), path), run(solved(path), path)))
    if found:
        raise store_outputs.NotebookError("\n".join(found))


def seeds(text):
    """Return the seeds in a text such as "42,123"."""
    return [int(seed) for seed in text.split(",")]


def main(arguments=None):
    """Do what the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description="Run lessons with other seeds, or solved.")
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--seeds", type=seeds, default=seeds("0,1,2,3"), help="such as 42,123")
    parser.add_argument("--keep", type=Path, help="the folder in which to store the runs")
    parser.add_argument("--solved", action="store_true", help="with all solutions pasted in")
    options = parser.parse_args(arguments)
    failures = 0
    for path in options.notebooks or lesson_files():
        for seed in [None] if options.solved else options.seeds:
            what = f"{path.stem}, {'solved' if options.solved else f'seed {seed}'}"
            start = time.monotonic()
            try:
                try_solved(path) if options.solved else try_seed(path, seed, options.keep)
                print(f"{what}: fine ({time.monotonic() - start:.0f} s)", flush=True)
            except store_outputs.NotebookError as error:
                failures += 1
                print(f"{what}: {error}", file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
