"""The minutes of a lesson, counted by hand and by the script, and stored where they are shown."""

import minutes
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell


@pytest.fixture
def lesson(tmp_path):
    """Return the path of a small lesson: 12 minutes, of which 2 before its second heading."""
    sources = [
        "# Title",
        "> **Time.** 99 minutes (the number",
        "## First (7 min)\n\n" + "word " * 347,
        "```text\n## No heading\n```\n\n**Predict.** Why?\n\n## Second",
        "x = 1\n\n" * 18,
        'f = check("01.1", f).function\n' + "y = 2\n" * 5,
        "## Glossary\n\n" + "word " * 1_000,
    ]
    cells = [
        (new_code_cell if " = " in source else new_markdown_cell)(source, id=f"c{n}")
        for n, source in enumerate(sources)
    ]
    path = tmp_path / "01_small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_minutes_of_an_amount():
    assert minutes.minutes(180, 12, 2, 1) == 1 + 1 + 3 + 4


def test_the_clock_counts_words_lines_predictions_and_checks(lesson):
    cells = nbformat.read(lesson, as_version=4).cells
    starts, total = minutes.clock(cells)
    words = minutes.words_of(cells)
    assert starts == [("First", 0), ("Second", round((words - 2) / 180 + 1.5))]
    assert total == pytest.approx(words / 180 + 24 * 5 / 60 + 1.5 + 4)


def test_minutes_are_written_where_they_are_shown(lesson, tmp_path):
    readme = tmp_path / "README.md"
    row = "| [01 Small](notebooks/{}) | an idea | `a`, `b` | {} |\n"
    readme.write_text(
        row.format("01_small.ipynb", 45) + row.format("02_other.ipynb", 45), encoding="utf-8"
    )
    minutes.write(lesson, readme)
    sources = [cell.source for cell in nbformat.read(lesson, as_version=4).cells]
    total = round(minutes.clock(nbformat.read(lesson, as_version=4).cells)[1])
    assert sources[1] == f"> **Time.** {total} minutes (the number"
    assert sources[2].startswith("## First (0 min)\n\nword")
    assert sources[3].startswith("```text\n## No heading\n```\n")
    assert sources[3].endswith("\n\n## Second (4 min)")
    assert sources[6].startswith("## Glossary\n\n")
    expected = row.format("01_small.ipynb", total) + row.format("02_other.ipynb", 45)
    assert readme.read_text(encoding="utf-8") == expected
