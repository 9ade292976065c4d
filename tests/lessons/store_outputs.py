"""Execute notebooks in fresh kernels and store what they show: the maintainers' command.

    python tests/lessons/store_outputs.py notebooks/*.ipynb

Two runs give the same bytes, save where an output really differs.
"""

import argparse
import base64
import io
import itertools
import json
import os
import platform
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from PIL import Image

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SECONDS_PER_CELL = 60
# As JupyterLab writes it, but for Python's version: a script export needs the extension, a page the
# lexer. JupyterLab then adds the version of its kernel to a lesson that is opened, and marks it as
# changed; only a lesson that names this very version already is left alone. See `name_version`.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


class NotebookError(Exception):
    """A notebook that cannot be stored; the message names the notebook and the cell."""


def read(path):
    """Return the notebook at `path`; every cell without an id of its own gets one by order."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    add_ids(raw["cells"], path.stem.split("_")[0])
    raw["nbformat"], raw["nbformat_minor"] = 4, 5
    return nbformat.reads(json.dumps(raw), as_version=4)


def add_ids(cells, prefix):
    """Give each cell without an id the first free one of `prefix-001`, `prefix-002`, …"""
    taken = {cell.get("id") for cell in cells}
    free = (name for n in itertools.count(1) if (name := f"{prefix}-{n:03d}") not in taken)
    for cell in cells:
        cell["id"] = cell.get("id") or next(free)


def execute(notebook, folder, name):
    """Run all cells of `notebook` in a fresh kernel that works in `folder`."""
    started = []
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        force_raise_errors=True,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, cell_index: started.append(cell_index),
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        index = started[-1] if started else 0
        where = f"{name}, cell {index + 1} ({notebook.cells[index].id})"
        plain = re.sub(r"\x1b\[[\d;]*m", "", str(error))
        raise NotebookError(f"{where}: nothing stored.\n{plain}") from error


def clean(notebook):
    """Remove from `notebook` whatever does not come from its cells: state, versions, timing."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = merge_streams(without_widget_views(cell.outputs))
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    output.data["image/png"] = smaller(output.data["image/png"])


def without_widget_views(outputs):
    """Return the outputs without widget views; an output that was nothing else is left out."""
    kept = []
    for output in outputs:
        if "data" in output:
            output.data.pop(WIDGET_VIEW, None)
        if output.get("data") != {}:
            kept.append(output)
    return kept


def smaller(picture):
    """Return a PNG in base64 with at most 128 colours: a third of the size, equal to the eye."""
    stored = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
        flat = image.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        flat.save(stored, "PNG", optimize=True)
    return base64.b64encode(stored.getvalue()).decode("ascii") + "\n"


def merge_streams(outputs):
    """Return the outputs with neighbouring pieces of the same stream joined."""
    merged = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def write(notebook, path):
    """Write `notebook` to `path` as a whole or not at all: indent 1, one newline at the end."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def store(path, notebook=None):
    """Execute the notebook at `path` (or `notebook`) and write it there with its outputs."""
    notebook = notebook or read(path)
    execute(notebook, path.resolve().parent, path.name)
    clean(notebook)
    write(notebook, path)


def name_version(path):
    """Name this Python's version in a notebook: JupyterLab opens it here without changing it."""
    notebook = read(path)
    notebook.metadata.language_info.version = platform.python_version()
    write(notebook, path)


def main(arguments=None):
    """Store the outputs of all notebooks named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(description="Execute notebooks and store their outputs.")
    parser.add_argument("notebooks", nargs="+", type=Path)
    only = "execute nothing; only name the version of this Python, for an image that others open"
    parser.add_argument("--name-version", action="store_true", help=only)
    options, failures = parser.parse_args(arguments), 0
    for path in options.notebooks:
        try:
            name_version(path) if options.name_version else store(path)
            sys.stdout.write(f"{path.name}: stored\n")
        except NotebookError as error:
            failures += 1
            sys.stderr.write(f"{error}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
