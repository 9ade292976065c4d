"""The lessons' long runs: another seed, and all exercises solved."""

import nbformat
import pytest
import run_with_seeds
import store_outputs
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

SETUP = """from procmem_checks import catalogue, check
from procmem_checks.exercise import Exercise

catalogue.EXERCISES["99.1"] = Exercise(lambda steps, optimum: steps / optimum, ((4, 2), (6, 3)))
SEED = 5"""
STUB = '''def ratios(steps, optimum):
    """Return the ratio."""
    # steps by optimum
    ...
    # and no more


check("99.1", ratios)'''
SOLUTION = "def ratios(steps, optimum):\n    return steps / optimum"
FOLD = f"<details><summary>Solution</summary>\n\n```python\n{SOLUTION}\n```\n\n</details>"
CELLS = [
    new_code_cell(SETUP, id="a"),
    new_code_cell(STUB, id="b"),
    new_markdown_cell(FOLD, id="c"),
    new_code_cell("print(10 // SEED)", id="d"),
]


@pytest.fixture
def path(tmp_path):
    """Return the path of a small lesson with one exercise."""
    path = tmp_path / "00_small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=CELLS), path)
    return path


def test_the_seed_is_replaced(path):
    assert run_with_seeds.seeded(path, 42).cells[0].source.endswith("\nSEED = 42")
    assert run_with_seeds.seeded(path, 42).cells[3].source == CELLS[3].source


def test_a_lesson_without_a_seed_is_named(path):
    nbformat.write(nbformat.v4.new_notebook(cells=CELLS[1:]), path)
    with pytest.raises(store_outputs.NotebookError, match="no seed in the first code cell"):
        run_with_seeds.seeded(path, 42)


def test_a_stub_is_replaced_by_its_solution(path):
    assert run_with_seeds.solved(path).cells[1].source == f'{SOLUTION}\n\n\ncheck("99.1", ratios)'


def test_a_seed_that_fails_and_one_that_does_not(path, tmp_path, capsys):
    keep = tmp_path / "runs"
    arguments = [str(path), "--keep", str(keep), "--seeds", "0,3"]
    assert run_with_seeds.main(arguments) == 1
    told = capsys.readouterr()
    assert told.out.startswith("00_small, seed 3: fine")
    assert told.err.startswith("00_small, seed 0: 00_small.ipynb, cell 4 (d)")
    assert [one.name for one in keep.iterdir()] == ["00_small_3.ipynb"]


def test_a_lesson_ends_as_it_stands_once_it_is_solved(path, capsys):
    assert run_with_seeds.main([str(path), "--solved"]) == 0
    assert capsys.readouterr().out.startswith("00_small, solved: fine")


def book(*outputs):
    return nbformat.v4.new_notebook(cells=[new_code_cell("x", id="x", outputs=list(outputs))])


def stream(text):
    return new_output("stream", text=text)


UNTRIED, RIGHT = "○ not tried yet: put your\n  code there.\n", "✔ right: your function\n  does.\n"


def test_only_verdicts_may_differ():
    def compared(one, two):
        return list(run_with_seeds.differences(book(*one), book(*two)))

    assert compared([stream(UNTRIED + "7\n")], [stream(RIGHT + "7\n")]) == []
    assert compared([stream(UNTRIED)], []) == []
    assert compared([stream("7\n")], [stream("8\n")]) == ["cell 1 (x) shows something else"]
    pictures = [[new_output("display_data", data={"image/png": name})] for name in "ab"]
    assert compared(pictures[0], pictures[0]) == []
    assert compared(*pictures) == ["cell 1 (x) shows something else"]
    untried = "cell 1 (x): ○ not tried yet: put your code there."
    assert compared([stream(UNTRIED)], [stream(UNTRIED)]) == [untried]
