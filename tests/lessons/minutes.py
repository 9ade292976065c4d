"""How long a lesson takes: counted, not wished.

    python tests/lessons/minutes.py [--write] [notebooks/03_embeddings.ipynb ...]

Prints words, cells and minutes of each lesson; `--write` stores the minutes in its header box, at
its headings and in the README's table.
"""

import argparse
import re
from pathlib import Path

import store_outputs
from lessons import CHECK, FENCE, lesson_files

README = Path(__file__).resolve().parents[2] / "README.md"
WORDS_A_MINUTE, A_CODE_LINE, A_PREDICTION, A_CHECK = 180, 5 / 60, 1.5, 4
UNTIMED = ("Contents", "Glossary")  # looked up, not read; links name them
CUT = re.compile(r"^(?=## )", re.MULTILINE)
TITLE = re.compile(r"^## (.+?)(?: \(\d+ min\))?$", re.MULTILINE)
HEADER = re.compile(r"(?<=\*\*Time\.\*\* )\d+(?= minutes)")


def minutes(words, code_lines, predictions, checks):
    """Return the minutes that so much takes."""
    reading = words / WORDS_A_MINUTE + code_lines * A_CODE_LINE
    return reading + predictions * A_PREDICTION + checks * A_CHECK


def count_words(text):
    """Return the words of some Markdown: whatever stands between blanks, code and folds too."""
    return len(text.split())


def count_lines(source):
    """Return the number of lines that are not blank, comments counted."""
    return sum(bool(line.strip()) for line in source.splitlines())


def pieces(cells):
    """Yield (title or "", words, code lines, predictions, checks) for each part of each cell.

    A part of Markdown begins at a level-two heading or with its cell; `title` belongs to the first.
    """
    untimed = False
    for cell in cells:
        if cell.cell_type == "code":
            yield "", 0, count_lines(cell.source), 0, len(CHECK.findall(cell.source))
            continue
        source = FENCE.sub(lambda code: code[0].replace("\n## ", "\n# "), cell.source)
        for part in CUT.split(source):
            title = TITLE.match(part)
            if title:
                untimed = title[1] in UNTIMED
            if not untimed:
                words = count_words(part)
                yield title[1] if title else "", words, 0, part.count("**Predict.**"), 0


def clock(cells):
    """Return [(heading, minute at which it begins), ...] and the minutes of the whole lesson."""
    found, time = [], 0.0
    for title, *amounts in pieces(cells):
        if title:
            found.append((title, round(time)))
        time += minutes(*amounts)
    return found, time


def words_of(cells):
    """Return the number of words of a lesson's prose, without what is only looked up."""
    return sum(words for _, words, *_ in pieces(cells))


def write(path, readme=README):
    """Store the minutes of the lesson at `path` in its header, at its headings, in the README."""
    notebook = store_outputs.read(path)
    starts, total = clock(notebook.cells)
    starts = dict(starts)

    def timed(title):
        return f"## {title[1]} ({starts[title[1]]} min)" if title[1] in starts else title[0]

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts = FENCE.split(cell.source), [*FENCE.findall(cell.source), ""]
            cell.source = "".join(TITLE.sub(timed, a) + b for a, b in zip(*parts, strict=True))
    notebook.cells[1].source = HEADER.sub(str(round(total)), notebook.cells[1].source)
    store_outputs.write(notebook, path)
    row = re.compile(rf"^(\|.*\(notebooks/{re.escape(path.name)}\).*\| )\d+( \|)$", re.MULTILINE)
    text = row.sub(rf"\g<1>{round(total)}\2", readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8", newline="\n")


def main():
    """Print the table of the lessons named on the command line, or of all."""
    parser = argparse.ArgumentParser(description="Count the minutes of lessons.")
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--write", action="store_true", help="store them")
    options = parser.parse_args()
    print(f"{'lesson':<30} words cells lines predictions checks minutes")
    for path in options.notebooks or lesson_files():
        if options.write:
            write(path)
        cells = store_outputs.read(path).cells
        _, words, lines, predictions, checks = zip(*pieces(cells), strict=True)
        counts = f"{sum(lines):>5} {sum(predictions):>11} {sum(checks):>6} {clock(cells)[1]:>7.0f}"
        print(f"{path.stem:<30} {sum(words):>5} {len(cells):>5} {counts}")


if __name__ == "__main__":
    main()
