"""Read a lesson: its cells, headings, header box, exercises and stored outputs."""

import ast
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
MINUTES = re.compile(r" \((\d+) min\)$")
OBJECTIVE = re.compile(r"^> (\d)\. \*([a-z ]+)\* (.+)$", re.MULTILINE)
EXERCISE = re.compile(r"### Exercise (\d\d\.\d+) — .+ \(objectives? (\d(?:(?:, | and )\d)*)\)")
SOLUTION = re.compile(
    r"<details><summary>Solution</summary>\n\n```python\n(.+?)\n```\n\n</details>", re.DOTALL
)


@dataclass(frozen=True)
class Heading:
    """A Markdown heading and the index of its cell."""

    level: int
    text: str
    cell: int

    @property
    def minutes(self):
        """The minutes at its end, or None."""
        match = MINUTES.search(self.text)
        return int(match[1]) if match else None


@dataclass(frozen=True)
class Exercise:
    """An exercise: what its heading, its stub and the help below it say."""

    id: str
    objectives: tuple
    cell: int
    stub: str
    help: str

    @property
    def function(self):
        """The name that the stub's last line hands to `check`, or None."""
        match = re.fullmatch(rf'check\("{self.id}", (\w+)\)', self.stub.rpartition("\n")[2])
        return match and match[1]

    @property
    def solution(self):
        """The code of the solution, or None."""
        match = SOLUTION.search(self.help)
        return match and match[1]


class Lesson:
    """One notebook of the course, read from `path` as it stands: nothing repaired."""

    def __init__(self, path):
        self.path = path
        text = path.read_text(encoding="utf-8")
        self.raw = json.loads(text)
        self.cells = nbformat.v4.reads(text).cells

    @property
    def number(self):
        """The number that its file name begins with, -1 if there is none."""
        digits = re.match(r"\d\d(?=_)", self.path.name)
        return int(digits[0]) if digits else -1

    @property
    def is_tour(self):
        """Whether this is lesson 00, which has no lesson before it."""
        return self.number == 0

    @property
    def course(self):
        """The paths of all lessons in its folder, in order."""
        return lesson_files(self.path.parent)

    @property
    def code(self):
        """The (index, cell) of each code cell."""
        return [(i, cell) for i, cell in enumerate(self.cells) if cell.cell_type == "code"]

    @property
    def markdown(self):
        """The (index, text without code) of each Markdown cell."""
        return [
            (i, without_code(cell.source))
            for i, cell in enumerate(self.cells)
            if cell.cell_type == "markdown"
        ]

    @property
    def trees(self):
        """The (index, syntax tree) of each code cell that is Python."""
        return [(i, tree) for i, cell in self.code if (tree := parse(cell.source))]

    @property
    def outputs(self):
        """The (index of the cell, output) of each stored output."""
        return [(i, output) for i, cell in self.code for output in cell.outputs]

    @functools.cached_property
    def headings(self):
        """All headings, in order."""
        return [
            Heading(len(marks), text, i)
            for i, cell in enumerate(self.cells)
            if cell.cell_type == "markdown"
            for marks, text in HEADING.findall(FENCE.sub("", cell.source))
        ]

    @property
    def anchors(self):
        """What a link to this notebook may name after `#`: headings, blanks as hyphens, and ids."""
        names = {re.sub(r"[*`]", "", heading.text).replace(" ", "-") for heading in self.headings}
        return names.union(*(re.findall(r'\bid="([^"]+)"', text) for _, text in self.markdown))

    def source(self, index):
        """Return the source of a cell, "" beyond the last."""
        return self.cells[index].source if index < len(self.cells) else ""

    def is_code(self, index):
        """Return whether there is a code cell at `index`."""
        return index < len(self.cells) and self.cells[index].cell_type == "code"

    def section(self, name):
        """Return the indices of the cells under the level-two heading that begins with `name`."""
        starts = [h for h in self.headings if h.level == 2]
        ends = [h.cell for h in starts[1:]] + [len(self.cells)]
        for heading, end in zip(starts, ends, strict=False):
            if heading.text.startswith(name):
                return range(heading.cell, end)
        return range(0)

    def section_text(self, name):
        """Return all sources of a section as one text."""
        return "\n\n".join(self.source(i) for i in self.section(name))

    def labelled(self, label):
        """Return the indices of the Markdown cells with a paragraph beginning `**label**`."""
        start = re.compile(rf"(?:\A|\n\n)\*\*{re.escape(label)}\*\*")
        return [i for i, source in self.markdown if start.search(source)]

    @property
    def objectives(self):
        """The (number, verb, rest) of each objective in the header box."""
        return [(int(n), verb, rest) for n, verb, rest in OBJECTIVE.findall(self.source(1))]

    @property
    def exercises(self):
        """All exercises whose heading is well formed, in order."""
        found = []
        for i, _ in self.markdown:
            if match := EXERCISE.fullmatch(self.source(i).partition("\n")[0]):
                objectives = tuple(int(digit) for digit in re.findall(r"\d", match[2]))
                stub, help_ = self.source(i + 1), self.source(i + 2)
                found.append(Exercise(match[1], objectives, i, stub, help_))
        return found


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


def without_code(source):
    """Return Markdown without its code blocks and code words."""
    return INLINE_CODE.sub("", FENCE.sub("", source))


def stored_texts(output):
    """Return {kind: text} of whatever an output stores as text."""
    if output.output_type == "error":
        return {"error": f"{output.ename}: {output.evalue}"}
    if output.output_type == "stream":
        return {output.name: output.text}
    return {
        kind: text if isinstance(text, str) else json.dumps(text)
        for kind, text in output.data.items()
        if kind not in ("image/png", "image/jpeg")
    }


def visible_text(output):
    """Return what a reader sees of an output, tags and styles left out."""
    text = "\n".join(stored_texts(output).values())
    return re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)


def is_figure(output):
    """Return whether an output is a matplotlib figure."""
    return str(output.get("data", {}).get("text/plain", "")).startswith("<Figure")
