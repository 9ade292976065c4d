"""The rules of `test_lessons.py` can fail: lessons of the course are broken, and a rule objects."""

import inspect
import re
import shutil

import nbformat
import pytest
import store_outputs
import test_form
import test_lessons
from lessons import FOLDER, Lesson, is_figure, lesson_files

RULES = test_lessons.RULES + test_form.FORM

# (what a rule then says, what stands in cells, what stands there instead)
REPLACED = [
    ("is empty", r"(?s)\A\*\*.+", ""),
    ("should have the paragraph", "notebooks/0", "notebooks/1"),
    ("should have the paragraph", r"^# \d · ", "# 77 · "),
    ("should have the paragraph", r"\| \[next →\]\(.*\)", "| next →"),
    ("should have the paragraph", r"(?s)(→\)?\n\n[^\n]+)\Z", r"\1 Also this."),
    ("level-one heading", r"^## ", "# "),
    ("level of headings is skipped", r"^## ", "#### "),
    ("the sections are", r"^## It breaks", "## It bends"),
    ("begins at minute", r"^(## Control.*) \(\d+ min\)", r"\1"),
    ("begins at minute", r"^(## Recap) \(\d+ min\)", r"\1 (999 min)"),
    ("the header box should have", r"> \*\*Time\.\*\* \d+ minutes", "> Long"),
    ("the header box should have", r">\n> \*\*Needs", "> **Needs"),
    ("the header box should have", r"> 2\. \*([a-z ]+)\*", r"> 2. \1"),
    ("what the lesson needs", r"(\*\*Needs\.\*\*) .+", r"\1 Much."),
    ("cannot be tested", r"> 2\. \*[a-z ]+\*", "> 2. *understand*"),
    ("exercises for the objectives", r"\((objectives?|checks?) .+\)", "()"),
    ("be a bold term there", r"(New words\.\*\*) \[[^\]]+", r"\1 [unheard of"),
    ("be a bold term there", r"(New words\.\*\* \[[^\]]+\])\([^)]+", r"\1(00_start_here.ipynb"),
    ("new words linked", r"(?s)\*\*New words\.\*\*.*", "**New words.** None."),
    ("warm-up", r"^## Warm-up", "## Start"),
    ("cells with **Predict.**", r"\*\*Predict\.\*\*", ""),
    ("does not ask for a reason", r"(?i)\b(because|reason|why)\b(?=.*)", "so"),
    ("the optimum, or what chance", r"(?i)\b(optim\w*|chance|guess\w*)", "it"),
    ("the recap has no", r"does not show", "shows"),
    ("the recap has no", r"\*\*Next", "Next"),
    ("quiz questions", r"(?s)(\*\*Quiz.*?)<details>.*?</details>", r"\1"),
    ("below the headings", r'check\("\d\d\.1', 'check("77.7'),
    ("no stub", r'(check\("\d\d\.\d+"), \w+', r"\1, other"),
    ("two hints and a solution", "<summary>Hint 2<", "<summary>Hint<"),
    ("the solution should define", r"(olution</summary>\n\n```python\ndef )", r"\1other_"),
    ("not plain Python", r"\Aimport ", "%matplotlib inline\nimport "),
    ("not plain Python", r"\Aimport ", "# NBVAL_SKIP\nimport "),
    ("lines, at most 15", r"\Aimport ", "1\n" * 16 + "import "),
    ("at most six lines", r"^SEED = ", "COLOUR = "),
    ("at most six lines", r"^SEED = ", "1\n" * 6 + "SEED = "),
    ("before the section See it first", r"^(## Warm-up)", r"## See it first (0 min)\n\n\1"),
    ("ends in a semicolon", r"\bplt\.show\(\)\Z", "plt.show();"),
    ("should end in plt.show()", r"\bplt\.show\(\)\Z", "ax.legend()"),
    ("no alternative text", r"\A\*\*", "![](00_start_here.ipynb) **"),
    ("no alternative text", r"\A\*\*", '<img src="00_start_here.ipynb" alt=""> **'),
    ("an SVG without", r"\A\*\*", '<svg role="img"></svg> **'),
    ("above or below the image", r"(\*\*In the picture:\*\*|<summary>The picture in words)", ""),
    ("leads nowhere", r"\A\*\*", "[There](02_nowhere.ipynb) **"),
    ("no heading for", r"\A\*\*", "[There](00_start_here.ipynb#glossary) **"),
    ("a <details> without", r"</summary>\n\n", "</summary>\n"),
    ("a <details> without", r"\n\n</details>", ""),
    ("question of the warm-up", r"^(## Warm-up.*)", r"\1\n\n" + "Is it so? " * 40),
    ("the recap before", r"^(## Recap.*)", r"\1\n\n" + "It was so. " * 60),
    ("minutes in the header", r"(\*\*Time\.\*\*) \d+", r"\1 999"),
    ("README's table", r"(\*\*Time\.\*\*) \d+", r"\1 999"),
    ("begins at minute", r"^## It breaks.*", "## It breaks today (0 min)"),
    ("explained, in bold", r"(\*\*New words\.\*\*) ", r"\1 [unheard of](x), "),
    ("is used before", r"^(## See it first.*)", r"\1\n\nCosines, thresholds, lesions."),
    ("explains it", r"^(## Warm-up.*)", r"\1\n\nNegative transfer."),
    ("to predict and to build", r"\*\*Predict\.\*\*", "**Predict.** **Build 01.1.**"),
    ("if and only if", r'^check\((".+"), (\w+)\)$', r"\2 = check(\1, \2).function"),
    ("written from nothing", r"(?s)\Adef (\w+).*?(?=^\w+ = check|^check)", r"def \1(): ...\n\n"),
    ("without a <br>", r"\n\n</details>\Z", "\n\n</details>\n\nAnd then this."),
]
# (what a rule then says, what the code cells print)
PRINTED = [
    ("shows an address", "<function f at 0x7f3a5c0d>"),
    ("shows a path", "/home/me/file.json"),
    ("shows a path", "C:\\Users"),
    ("shows a host", "http://localhost"),
    ("shows a version", "numpy 2.1.0"),
    ("shows a date", "2024-01-31"),
    ("shows a float that is not rounded", "0.30000000000000004"),
    ("shows a float that is not rounded", "1.2e-16"),
    ("shows a NumPy type", "np.float64(0.5)"),
    ("shows a time of day", "12:30:59"),
    ("shows a measured time", "took 12 ms"),
    ("shows a measured time", "took 3.2 s"),
]
# (what a rule then says, what else the code cells show)
DISPLAYED = [
    ("an object instead of words", {"text/plain": "HBox(children=(Button(),))"}),
    ("an object instead of words", {"text/plain": "Output()"}),
    ("an object instead of words", {"text/plain": "<matplotlib.legend.Legend object>"}),
    ("an SVG without", {"text/html": "<svg></svg>"}),
    ("a widget view", {store_outputs.WIDGET_VIEW: {}, "text/plain": "A room"}),
]


def replace(old, new):
    """Return a change: in every cell, `new` for the pattern `old`."""

    def change(book):
        for cell in book.cells:
            cell.source = re.sub(old, new, cell.source, flags=re.MULTILINE)

    return change


def each(change):
    """Return a change: one of every code cell."""
    return lambda book: [change(cell) for cell in book.cells if cell.cell_type == "code"]


def show(kind, **content):
    """Return a change: one more output of every code cell."""
    return each(lambda cell: cell.outputs.append(nbformat.v4.new_output(kind, **content)))


def write(*texts):
    """Return a change: more cells of Markdown."""
    return lambda book: book.cells.extend(map(nbformat.v4.new_markdown_cell, texts))


def keep_figures(cell):
    """Forget what a cell says beside its figures."""
    cell.outputs = [output for output in cell.outputs if is_figure(output)]
    cell.source = cell.source.replace("assert", "_ =")


CHANGES = [
    *((says, replace(old, new)) for says, old, new in REPLACED),
    *((says, show("stream", text=text)) for says, text in PRINTED),
    *((says, show("display_data", data=data)) for says, data in DISPLAYED),
    ("stderr", show("stream", name="stderr", text="UserWarning")),
    ("error: ZeroDivisionError", show("error", ename="ZeroDivisionError")),
    ("execution counts", each(lambda cell: cell.update(execution_count=None))),
    ("execution counts", each(lambda cell: cell.update(execution_count=7))),
    ("be `not tried yet`", each(lambda cell: cell.update(outputs=[]))),
    ("Control shows no result", each(lambda cell: cell.update(outputs=[]))),
    ("no cell beside it prints", each(keep_figures)),
    ("no code cell answers", write("**Predict.** Which one, and why?")),
    ("at most 500", write("x" * 500_000)),
    ("cells, at most 45", write(*["More."] * 60)),
    ("words, at most", write("word " * 3_000)),
    ("computed minutes, at most", write("word " * 12_000)),
    ("says `", write("Nobody knows.")),
    ("no output shows", write("It takes 98,765.4 steps.")),
    ("no exercise whose function", replace(r"\bcheck\(", "compare(")),
    ("not in procmem_checks", replace(r'check\("\d\d.', r'check("98.')),
    ("the same id", lambda book: book.cells[3].update(id=book.cells[4].id)),
    ("not a valid notebook", lambda book: book.cells[3].update(id="not an id")),
    ("metadata: ", lambda book: book.metadata.update(widgets={})),
    ("has metadata", lambda book: book.cells[3].metadata.update(tags=["nbval-skip"])),
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a copy of the course that may be broken."""
    return shutil.copytree(FOLDER, tmp_path_factory.mktemp("course") / "notebooks")


def problems(path, change=lambda book: None):
    """Return what the rules say of the lesson at `path` once it is changed; then restore it."""
    whole = path.read_bytes()
    book = nbformat.reads(whole, as_version=4)
    change(book)
    path.write_text(nbformat.v4.writes(book), encoding="utf-8")
    try:
        lesson = Lesson(path)
        return {problem for check in RULES for problem in check(lesson)}
    finally:
        path.write_bytes(whole)


@pytest.fixture(scope="module")
def known(course):
    """Return what the rules say of each lesson as it stands."""
    return {path: problems(path) for path in lesson_files(course)}


@pytest.mark.parametrize(("says", "change"), CHANGES, ids=[says for says, _ in CHANGES])
def test_a_broken_lesson_is_seen(course, known, says, change):
    """One of the lessons after the tour has what is changed, and a rule misses it."""
    paths = lesson_files(course)[1:]
    assert any(
        says in problem for path in paths for problem in problems(path, change) - known[path]
    )


def test_a_gap_in_the_names_is_seen(tmp_path):
    """A course that begins with lesson 02."""
    lesson = Lesson(shutil.copy(lesson_files()[2], tmp_path / lesson_files()[2].name))
    assert "do not count up" in "\n".join(test_lessons.file_is_sound(lesson))


def test_every_problem_is_met():
    """No problem that the rules can name without a change above that brings it about."""
    source = inspect.getsource(test_lessons) + inspect.getsource(test_form)
    named = [text for _, text in re.findall(r"yield f?([\"'])(.+)\1$", source, re.MULTILINE)]
    said = {says for says, _ in CHANGES}
    said |= {"do not count up", "shows {what}", "{kind}: {", "{status}"}
    assert len(named) > 40
    assert [text for text in named if not any(says in text for says in said)] == []
