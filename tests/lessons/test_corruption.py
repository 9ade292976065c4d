"""The checks of the notebooks can fail; and an exported page, without a kernel, is whole."""

import base64
import html
import os
import re
import subprocess
import sys

import nbformat
import pytest
from lessons import Lesson, lesson_files, read_lesson
from nbconvert import HTMLExporter
from test_lessons import executed_in_order


@pytest.fixture
def opening(tmp_path):
    """Return a copy of a lesson's beginning, the shortest that prints or shows HTML."""
    lessons = [lesson for lesson in map(read_lesson, lesson_files()) if printing_cells(lesson)]
    lesson = min(lessons, key=lambda lesson: printing_cells(lesson)[0])
    notebook = nbformat.read(lesson.path, as_version=4)
    notebook.cells = notebook.cells[: printing_cells(lesson)[0] + 1]
    path = tmp_path / lesson.path.name
    nbformat.write(notebook, path)
    return path


def printing_cells(lesson):
    """Return the indices of the cells that print or show HTML: text that nbval compares."""
    return [
        i
        for i, output in lesson.outputs
        if output.output_type == "stream" or "text/html" in output.get("data", {})
    ]


def nbval(path):
    """Return the exit status of `pytest --nbval` on one notebook (0 green, 1 red), its output."""
    command = ["-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
    environment = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, *command, "-p", "no:cacheprovider", "--rootdir=.", path.name],
        cwd=path.parent,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    return done.returncode, done.stdout


def change(path, mutate):
    """Apply `mutate` to every cell of the notebook at `path`."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        mutate(cell)
    nbformat.write(notebook, path)


def corrupt(cell):
    """Add a word to each text that a cell shows."""
    for output in cell.get("outputs", []):
        if "text" in output:
            output.text += "corrupted"
        elif "text/html" in output.get("data", {}):
            output.data["text/html"] += "corrupted"


def clear(cell):
    """Forget that a cell was run."""
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None


def test_nbval_sees_a_corrupted_output(opening):
    """Green as stored, red with one word more."""
    status, told = nbval(opening)
    assert status == 0, told
    change(opening, corrupt)
    status, told = nbval(opening)
    assert status == 1, told
    assert "corrupted" in told


def test_a_cleared_notebook_is_caught(opening):
    """What nbval lets pass, because it compares nothing, our own rule does not."""
    assert not list(executed_in_order(Lesson(opening)))
    change(opening, clear)
    assert list(executed_in_order(Lesson(opening)))


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
def test_an_exported_page_is_whole(path):
    """Every picture is in the page, and nothing in it waits for a kernel."""
    page = html.unescape(HTMLExporter().from_filename(path)[0])
    marks = [mark for _, output in read_lesson(path).outputs for mark in picture_marks(output)]
    assert marks
    assert not [mark[:60] for mark in marks if mark not in page]
    assert "Error displaying widget" not in page
    assert "vnd.jupyter.widget-view" not in page


def picture_marks(output):
    """Return the texts by which the pictures of an output are known in an exported page."""
    data = output.get("data", {})
    if "text/html" in data:  # the exporter shows the HTML of an output, and not its other forms
        names = re.findall(r'(?:aria-label|alt)="[^"]+"|<title>[^<]+', data["text/html"])
        return [html.unescape(name) for name in names]
    if "image/svg+xml" in data:
        return [base64.b64encode(data["image/svg+xml"].encode()).decode()]
    return [data["image/png"].strip()] if "image/png" in data else []
