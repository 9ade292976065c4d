"""The maintainers' command: what it stores, what it leaves out, and what it refuses."""

import platform

import nbformat
import pytest
import store_outputs

PRINTS = "import sys\nfor word in ('a', 'b'):\n    print(word)\n    sys.stdout.flush()"
WIDGET = "import ipywidgets\nipywidgets.Label('hello')"

SOMEBODYS = {
    "kernelspec": {"name": "mine", "display_name": "My kernel"},
    "language_info": {"name": "python", "version": "3.99"},
    "widgets": {},
}


@pytest.fixture
def notebook(tmp_path):
    """Return a function that writes a notebook of code cells and returns its path."""

    def write(*sources):
        cells = [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
        book = nbformat.v4.new_notebook(cells=cells, metadata=SOMEBODYS)
        path = tmp_path / "01_small.ipynb"
        nbformat.write(book, path)
        return path

    return write


def test_stores_outputs_and_nothing_else(notebook):
    """Counts and texts stay; widget views, widget state and the name of the kernel go."""
    path = notebook(PRINTS, WIDGET, "from pathlib import Path\nPath('01_small.ipynb').exists()")
    assert store_outputs.main([str(path)]) == 0
    stored = nbformat.read(path, as_version=4)
    assert stored.metadata == store_outputs.METADATA
    assert [cell.execution_count for cell in stored.cells] == [1, 2, 3]
    assert [output.text for output in stored.cells[0].outputs] == ["a\nb\n"]
    assert list(stored.cells[1].outputs[0].data) == ["text/plain"]
    assert stored.cells[2].outputs[0].data["text/plain"] == "True"


def test_stores_the_same_bytes_twice(notebook):
    """A second run changes nothing, and the file ends in one newline."""
    path = notebook(PRINTS, WIDGET)
    store_outputs.store(path)
    first = path.read_bytes()
    store_outputs.store(path)
    assert path.read_bytes() == first
    assert first.endswith(b"}\n")
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_image_names_the_version_of_its_python_and_nothing_else_is_changed(notebook):
    """As `binder/postBuild` asks for it; stored again, the lesson is as before."""
    path = notebook("1 + 1")
    store_outputs.store(path)
    before = path.read_bytes()
    assert store_outputs.main(["--name-version", str(path)]) == 0
    named = nbformat.read(path, as_version=4)
    assert named.metadata.language_info.pop("version") == platform.python_version()
    assert named == nbformat.reads(before, as_version=4)


def test_an_error_names_its_cell_and_leaves_the_file(notebook, capsys):
    """Nothing is stored of a notebook with an error."""
    path = notebook("1 + 1", "1 / 0")
    before = path.read_bytes()
    assert store_outputs.main([str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith("01_small.ipynb, cell 2 (c1): nothing stored.")
    assert "ZeroDivisionError" in told
    assert path.read_bytes() == before


def test_missing_ids_are_given_by_order():
    """A cell keeps its id; the others get the first free ones."""
    cells = [{"id": "03-001"}, {}, {"id": "mine"}, {}]
    store_outputs.add_ids(cells, "03")
    assert [cell["id"] for cell in cells] == ["03-001", "03-002", "mine", "03-003"]
