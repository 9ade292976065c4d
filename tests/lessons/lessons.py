"""Read a lesson: its cells, headings, exercises and stored outputs."""

import ast
import functools
import json
import re
from pathlib import Path
from typing import NamedTuple

import nbformat

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"

AVOIDED = re.compile(r"\b(whoever|nobody|somebody|lest|he who)\b", re.IGNORECASE)
"""Words that plain English does without."""

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
CHECK = re.compile(r'^(?:\w+ = )?check\("(\d\d\.\d+)", (\w+)\)', re.MULTILINE)
SOLUTION = re.compile(r"olution.*?</summary>\n\n```python\n(.+?)\n```\n\n</details>", re.DOTALL)


class Exercise(NamedTuple):
    """A function to write; `stub` is the code above its `check`, `help` the cell below."""

    id: str
    function: str
    cell: int
    stub: str
    help: str

    @property
    def solution(self):
        """The code of the folded solution, "" if there is none."""
        match = SOLUTION.search(self.help)
        return match[1] if match else ""


class Lesson:
    """One notebook of the course, read from `path` as it stands: nothing repaired."""

    def __init__(self, path):
        self.path = path
        self.number = int(path.name[:2])
        text = path.read_text(encoding="utf-8")
        self.raw = json.loads(text)
        self.cells = nbformat.v4.reads(text).cells
        self.code = [(i, cell) for i, cell in enumerate(self.cells) if cell.cell_type == "code"]
        self.trees = [(i, tree) for i, cell in self.code if (tree := parse(cell.source))]
        self.outputs = [(i, output) for i, cell in self.code for output in cell.outputs]
        cells = enumerate(self.cells)
        prose = [(i, FENCE.sub("", c.source)) for i, c in cells if c.cell_type == "markdown"]
        self.markdown = [(i, re.sub(r"`[^`\n]+`", "", text)) for i, text in prose]
        # (level, text, index of the cell)
        self.headings = [
            (len(marks), title, i) for i, text in prose for marks, title in HEADING.findall(text)
        ]

    def source(self, index):
        """Return the source of a cell, "" beyond the last."""
        return self.cells[index].source if index < len(self.cells) else ""

    def start(self, name):
        """Return the index of the cell with the level-two heading that begins with `name`."""
        found = (i for level, text, i in self.headings if level == 2 and text.startswith(name))
        return next(found, len(self.cells))

    def section(self, name):
        """Return all sources from the level-two heading that begins with `name` to the next."""
        text = "\n\n".join(cell.source for cell in self.cells)
        found = re.search(rf"^## {name}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        return found[0] if found else ""

    @property
    def anchors(self):
        """What a link to this notebook may name after `#`: headings, blanks as hyphens, and ids."""
        names = {re.sub(r"[*`]", "", text).replace(" ", "-") for _, text, _ in self.headings}
        return names.union(*(re.findall(r'\bid="([^"]+)"', text) for _, text in self.markdown))

    @property
    def exercises(self):
        """Each function that a code cell hands to `check`, in order."""
        return [
            Exercise(call[1], call[2], i, cell.source[: call.start()], self.source(i + 1))
            for i, cell in self.code
            for call in CHECK.finditer(cell.source)
        ]


def lesson_files(folder=FOLDER):
    """Return the paths of all notebooks in `folder`, in the order of the course."""
    return sorted(folder.glob("*.ipynb"))


@functools.cache
def read_lesson(path):
    """Return the lesson at `path`, read once."""
    return Lesson(path)


def parse(source):
    """Return the syntax tree of `source`, None if it is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def stored_texts(output):
    """Return {kind: text} of everything that an output stores as text."""
    if output.output_type == "error":
        return {"error": f"{output.ename}: {output.evalue}"}
    if output.output_type == "stream":
        return {output.name: output.text}
    pictures = ("image/png", "image/jpeg")
    return {kind: str(text) for kind, text in output.data.items() if kind not in pictures}


def visible_text(output):
    """Return what a reader sees of an output, tags and styles left out."""
    text = re.sub(r"srcdoc=.[^']*'", "", "\n".join(stored_texts(output).values()))
    return re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)


def is_figure(output):
    """Return whether an output is a matplotlib figure."""
    return str(output.get("data", {}).get("text/plain", "")).startswith("<Figure")
