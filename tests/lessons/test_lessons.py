"""What every lesson keeps: each rule is a generator of problems, tried on each notebook.

`test_rules_bite.py` breaks a good lesson once for each rule and sees that rule object.
"""

import ast
import platform
import re
import tomllib
from urllib.parse import unquote

import pytest
import store_outputs
from lessons import (
    EXERCISE,
    FOLDER,
    is_figure,
    lesson_files,
    parse,
    read_lesson,
    stored_texts,
    visible_text,
)
from nbformat.validator import iter_validate

SECTIONS = [
    "Warm-up",
    "See it first",
    "It breaks",
    "Make",
    "Control",
    "Recap",
]
NOT_IN_THE_TOUR = {"Warm-up"}
WITHOUT_MINUTES = {"Contents", "Glossary"}  # links name these headings, so they hold nothing else
CONTENTS = "00_start_here.ipynb#Contents"
GLOSSARY = "00_start_here.ipynb#Glossary"
VERBS = {
    *("build", "choose", "compare", "compute", "count", "draw", "explain why", "find", "measure"),
    *("name", "order", "predict", "read", "repair", "run", "save", "show", "spot", "tell apart"),
    *("test", "trace", "write"),
}
HEADER_LINES = {
    "Question": r"> \*\*Question\.\*\* .+\?",
    "After this lesson you can": r"> \*\*After this lesson you can\*\*",
    "Time": r"> \*\*Time\.\*\* \d+ minutes\b.*",
    "Needs": r"> \*\*Needs\.\*\* .+",
    "New words": r"> \*\*New words\.\*\* .+",
}
RECAP_LABELS = [
    "The one formula.",
    "What this does not show.",
    "Where human memory differs.",
    "Quiz",
    "Sources",
    "Next",
]
EXERCISE_KINDS = {"*Fill in the blank.*", "*Put the lines in order.*", "*Open.*"}
OTHER_ELSEWHERE = {
    "an address": r"0x[0-9a-fA-F]{5,}",
    "a path": r"(?<![\w/:.<-])/[\w.-]+/[\w.-]+|\b[A-Z]:\\|site-packages",
    "a host": r"\blocalhost\b|\b127\.0\.0\.1\b",
    "a version": r"(?<![\d.])\d+\.\d+\.\d+",
    "a date": r"\b\d{4}-\d\d-\d\d\b",
    "a float that is not rounded": r"\d\.\d{7,}|\d\.\d+e-\d\d",
    "a NumPy type": r"np\.(float|u?int)\d+\([-\d.]|np\.bool_?\((True|False)|np\.(True|False)_",
}
OTHER_NEXT_TIME = {
    "a time of day": r"\b\d{1,2}:\d\d:\d\d\b",
    "a measured time": r"\b\d+(\.\d+)? ?(ms|µs|ns)\b|\b\d+\.\d+ ?s\b",
}
ARTIST = re.compile(r"[(\[]*<(matplotlib|Axes|Figure|IPython)|Text\(")
WIDGET = re.compile(
    r"(HTML|[VH]Box|Box|GridBox|Tab|Accordion|Output|Image|Label|Play|Button|ToggleButtons?|Select"
    r"|Dropdown|Checkbox|Textarea|(Int|Float)Slider|(Bounded)?(Int|Float)Text)\("
)
REDRAWING = {"interact", "interactive", "interactive_output", "clear_output", "Output"}

RULES = []


def rule(check):
    """Add a generator of problems to the rules."""
    RULES.append(check)
    return check


# The file


@rule
def file_name(lesson):
    """The names count up from 00."""
    numbers = [int(path.name[:2]) for path in lesson.course]
    missing = set(range(lesson.number)) - set(numbers)
    if numbers.count(lesson.number) > 1 or missing:
        yield f"two lessons have this number, or there is none with {sorted(missing)}"


@rule
def file_is_valid_and_small(lesson):
    """Notebook format 4.5, ids that are unique, below 500 kB."""
    for error in iter_validate(lesson.raw, version=4, version_minor=5):
        yield f"not a valid notebook: {error.message}"
    ids = [cell.id for cell in lesson.cells]
    if doubled := sorted({name for name in ids if ids.count(name) > 1}):
        yield f"cells with the same id: {doubled}"
    if (lesson.raw["nbformat"], lesson.raw["nbformat_minor"]) != (4, 5):
        yield "not in the notebook format 4.5"
    if (size := lesson.path.stat().st_size) >= 500_000:
        yield f"{size // 1000} kB, at most 500"


@rule
def metadata_is_stable(lesson):
    """No widget state, no versions, and no tag that hides a cell from a reader or from a test."""
    if lesson.raw["metadata"] != store_outputs.METADATA:
        yield f"metadata: {sorted(lesson.raw['metadata'])}; run tests/store_outputs.py"
    for i, cell in enumerate(lesson.cells):
        if cell.metadata:
            yield f"cell {i + 1} has metadata: {dict(cell.metadata)}"


@rule
def has_20_to_60_cells(lesson):
    """Long enough to try things, short enough for one sitting."""
    if not 20 <= len(lesson.cells) <= 60:
        yield f"{len(lesson.cells)} cells"


# What is stored


@rule
def executed_in_order(lesson):
    """Every code cell was run once, from top to bottom: nbval skips a cell without a count."""
    counts = [cell.execution_count for _, cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts {counts}"


@rule
def no_empty_cell(lesson):
    """Every cell says something."""
    for i, cell in enumerate(lesson.cells):
        if not cell.source.strip():
            yield f"cell {i + 1} is empty"


@rule
def no_error_no_warning(lesson):
    """No error and nothing on stderr."""
    for i, output in lesson.outputs:
        for kind in {"error", "stderr"} & stored_texts(output).keys():
            yield f"cell {i + 1}: {kind}: {stored_texts(output)[kind][:80]}"


@rule
def same_on_every_machine(lesson):
    """No stored output tells where, when, or by which version it was made."""
    for i, output in lesson.outputs:
        raw = re.sub(r"base64,[\w+/=\s]+", "", "\n".join(stored_texts(output).values()))
        looks = [(raw, OTHER_ELSEWHERE), (visible_text(output), OTHER_NEXT_TIME)]
        for text, patterns in looks:
            for what, pattern in patterns.items():
                if match := re.search(pattern, text):
                    yield f"cell {i + 1} shows {what}: {match[0]}"
        node = platform.node()
        if re.search(r"[\d.-]", node) and re.search(rf"\b{re.escape(node)}\b", raw):
            yield f"cell {i + 1} shows the name of this machine"


@rule
def whole_without_a_kernel(lesson):
    """No widget view, and no text that names an object where there should be something to see."""
    for i, output in lesson.outputs:
        data = output.get("data", {})
        text = str(data.get("text/plain", ""))
        if store_outputs.WIDGET_VIEW in data:
            yield f"cell {i + 1} stores a widget view"
        if WIDGET.match(text):
            yield f"cell {i + 1} shows a widget without words: {text[:40]}"
        if set(data) == {"text/plain"} and ARTIST.match(text):
            yield f"cell {i + 1} ends in an object, not in a result: {text[:40]}"


# The shape


@rule
def one_title(lesson):
    """One level-one heading, `# 3 · Title`, in the first cell."""
    titles = [heading for heading in lesson.headings if heading.level == 1]
    if [heading.cell for heading in titles] != [0]:
        yield f"{len(titles)} level-one headings, expected one, in the first cell"
    elif not re.match(rf"{lesson.number} · \S", titles[0].text):
        yield f"the title should begin with `# {lesson.number} · `: {titles[0].text}"


@rule
def first_cell(lesson):
    """Badge, title, previous | contents | next, and one sentence: why now."""
    blocks = lesson.source(0).split("\n\n")
    if len(blocks) != 4:
        yield f"the first cell has {len(blocks)} paragraphs: badge, title, links, one sentence"
        return
    if blocks[0] != badge(lesson.path.name):
        yield f"the badge should be {badge(lesson.path.name)}"
    if blocks[2] != navigation(lesson):
        yield f"the links should be {navigation(lesson)}"
    if not re.fullmatch(r"(?:(?![.?!] [A-Z]).)+[.?!]", blocks[3]):
        yield "the first cell should end in one sentence: why now"


def badge(name):
    """Return the Binder badge of a notebook, for the repository that pyproject.toml names."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    repository = project["project"]["urls"]["Homepage"].removeprefix("https://github.com/")
    target = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/notebooks/{name}"
    return f"[![Binder](https://mybinder.org/badge_logo.svg)]({target})"


def navigation(lesson):
    """Return the line that leads to the lesson before, the contents, and the lesson after."""
    position = lesson.course.index(lesson.path)
    before, after = lesson.course[:position][-1:], lesson.course[position + 1 :][:1]
    previous = f"[← previous]({before[0].name})" if before else "← previous"
    following = f"[next →]({after[0].name})" if after else "next →"
    return f"{previous} | [contents]({CONTENTS}) | {following}"


@rule
def headings_in_steps(lesson):
    """No level is skipped, and a heading is the first line of its cell (the title excepted)."""
    level = 0
    for heading in lesson.headings:
        if heading.level > level + 1:
            yield f"level {heading.level} after level {level}: {heading.text}"
        level = heading.level
        marked = f"{'#' * level} {heading.text}"
        if level > 1 and lesson.source(heading.cell).partition("\n")[0].rstrip() != marked:
            yield f"cell {heading.cell + 1} does not begin with its heading: {heading.text}"


@rule
def sections_in_order(lesson):
    """The sections that every lesson has, in their order."""
    wanted = [name for name in SECTIONS if not (lesson.is_tour and name in NOT_IN_THE_TOUR)]
    titles = [heading.text for heading in lesson.headings if heading.level == 2]
    found = [name for text in titles for name in wanted if text.startswith(name)]
    if found != wanted:
        yield f"sections {found}, expected {wanted}"


@rule
def minutes_add_up(lesson):
    """Each section says on which minute it begins; none after the lesson's end."""
    sections = [heading for heading in lesson.headings if heading.level == 2]
    clock = [heading.minutes for heading in sections if heading.text not in WITHOUT_MINUTES]
    total = re.search(r"\*\*Time\.\*\* (\d+)", lesson.source(1))
    if None in clock:
        yield "a level-two heading does not end in its minutes, like `(5 min)`"
    elif clock != sorted(clock) or (total and clock and clock[-1] > int(total[1])):
        yield f"the minutes {clock} do not add up to the header's {total and total[1]}"


@rule
def licence_line(lesson):
    """The last line tells what a reader may do with text and code."""
    last = lesson.cells[-1]
    line = last.source.rpartition("\n")[2]
    if last.cell_type != "markdown" or not ("CC BY 4.0" in line and "BSD-3-Clause" in line):
        yield "the last line of the last cell should name CC BY 4.0 and BSD-3-Clause"


# The header box


@rule
def header_box_is_complete(lesson):
    """Question, objectives, time, needs, new words: one quotation, blocks set apart."""
    lines = lesson.source(1).split("\n")
    if not all(line.startswith(">") for line in lines):
        yield "the second cell should be a quotation and nothing else"
    for label, pattern in HEADER_LINES.items():
        places = [i for i, line in enumerate(lines) if re.fullmatch(pattern, line)]
        if not places:
            yield f"the header box has no line `{pattern}`"
        elif places[0] and lines[places[0] - 1] != ">":
            yield f"the header box needs an empty `>` line above {label}"


@rule
def objectives_are_testable(lesson):
    """Two to four objectives, numbered, each beginning with something that can be seen done."""
    listed = re.findall(r"^> \d\. .+$", lesson.source(1), re.MULTILINE)
    numbers = [number for number, _, _ in lesson.objectives]
    if not 2 <= len(listed) <= 4 or numbers != list(range(1, len(listed) + 1)):
        yield f"expected two to four objectives `> 1. *verb* …`, got {listed}"
    for number, verb, _ in lesson.objectives:
        if verb not in VERBS:
            yield f"objective {number}: {verb!r} is not among the verbs {sorted(VERBS)}"


@rule
def needs_and_words_are_linked(lesson):
    """What a lesson needs is linked; at most five new words, each in the glossary of lesson 00."""
    needs = re.search(r"\*\*Needs\.\*\* (.+)", lesson.source(1))
    if needs and not lesson.is_tour and "](" not in needs[1]:
        yield "what the lesson needs should be a link"
    line = re.search(r"\*\*New words\.\*\* (.+)", lesson.source(1))
    words = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", line[1]) if line else []
    if not 1 <= len(words) <= 5:
        yield f"{len(words)} new words linked, expected one to five"
    known = glossary(lesson)
    for word, target in words:
        if target != GLOSSARY:
            yield f"the new word {word} should lead to {GLOSSARY}"
        if word.lower() not in known:
            yield f"the new word {word} is not a bold term of the glossary"


def glossary(lesson):
    """Return the bold terms of the glossary, in lower case."""
    tour = read_lesson(lesson.course[0])
    return {term.lower() for term in re.findall(r"\*\*(.+?)\*\*", tour.section_text("Glossary"))}


# Teaching


@rule
def warm_up(lesson):
    """One question on the lesson before; the answer has a word on every option."""
    if lesson.is_tour:
        return
    question, fold, answer = lesson.section_text("Warm-up").partition(
        "<details><summary>Answer</summary>"
    )
    options = re.findall(r"^- \(([a-z])\)", question, re.MULTILINE)
    if len(options) < 2 or not fold:
        yield "the warm-up needs options `- (a) …` and `<details><summary>Answer</summary>`"
    for option in options:
        if f"({option})" not in answer:
            yield f"the answer to the warm-up does not explain ({option})"


@rule
def predict_run_investigate_modify(lesson):
    """Predictions with a reason, each run, then investigated; changes in three sizes."""
    predictions = lesson.labelled("Predict.")
    if len(predictions) < (1 if lesson.is_tour else 2):
        yield f"{len(predictions)} cells with **Predict.**"
    for i, end in zip(predictions, [*predictions[1:], len(lesson.cells)], strict=True):
        if not lesson.is_code(i + 1):
            yield f"no code cell answers the prediction in cell {i + 1}"
        if not re.search(r"\b(because|reason|why)\b", lesson.source(i)):
            yield f"the prediction in cell {i + 1} does not ask for a reason"
        if not any(i < j < end for j in lesson.labelled("Investigate.")):
            yield f"no **Investigate.** follows the prediction in cell {i + 1}"
    changes = lesson.labelled("Change it.")
    if not changes:
        yield "no cell with **Change it.**"
    for i in changes:
        for size in ("tweak", "twiddle", "rebuild"):
            if size not in lesson.source(i).lower():
                yield f"**Change it.** in cell {i + 1} has no {size}"


@rule
def control_beside_ours(lesson):
    """A result beside the optimum, and beside no memory, naive memory or sham skills."""
    cells = lesson.section("Control")
    text = lesson.section_text("Control").lower()
    if not any(lesson.cells[i].outputs for i in cells if lesson.is_code(i)):
        yield "the section Control shows no result"
    if "optim" not in text or not re.search(r"no memory|without memory|naive|sham", text):
        yield "the section Control should name the optimum, and no memory, naive or sham"


@rule
def recap_is_complete(lesson):
    """The recap has its labelled parts, in order, and three quiz questions with answers."""
    recap = lesson.section_text("Recap")
    places = [recap.find(f"**{label}") for label in RECAP_LABELS]
    if -1 in places or places != sorted(places):
        yield f"the recap should have, in this order: {RECAP_LABELS}"
    quiz = recap.partition("**Quiz")[2].partition("**Sources")[0]
    if (answers := quiz.count("<details>")) != 3:
        yield f"{answers} quiz questions with an answer in <details>, expected 3"


@rule
def recap_repeats_the_objectives(lesson):
    """The recap has one numbered item for each objective, in the objective's own words."""
    items = re.findall(r"^(\d)\. (You .+)$", lesson.section_text("Recap"), re.MULTILINE)
    said = {int(number): stems(text) for number, text in items}
    if sorted(said) != [number for number, _, _ in lesson.objectives]:
        yield f"the recap repeats the objectives {sorted(said)}, each as `1. You …`"
    for number, verb, rest in lesson.objectives:
        own = stems(f"{verb} {rest}")
        if number in said and 2 * len(own & said[number]) < len(own):
            yield f"item {number} of the recap does not speak of its objective"


def stems(text):
    """Return the words of a text that carry meaning, cut to five letters."""
    return {word[:5] for word in re.findall(r"[a-z]{5,}", text.lower())}


# Exercises


@rule
def exercises_have_a_stub(lesson):
    """Numbered from 1; below each its stub, a function handed to `check`, not tried yet."""
    heads = [heading.text for heading in lesson.headings if heading.text.startswith("Exercise")]
    ids = [exercise.id for exercise in lesson.exercises]
    if ids != [f"{lesson.number:02d}.{n}" for n in range(1, len(heads) + 1)]:
        yield f"exercises {ids or heads}: each heading should match {EXERCISE.pattern}"
    for exercise in lesson.exercises:
        if not lesson.is_code(exercise.cell + 1):
            yield f"exercise {exercise.id}: no stub in the next cell"
        elif not exercise.function or exercise.function not in functions(exercise.stub):
            yield f'exercise {exercise.id}: the stub should end in check("{exercise.id}", function)'
        elif "not tried yet" not in stored_output(lesson, exercise.cell + 1):
            yield f"exercise {exercise.id}: the stored answer should be `not tried yet`"


@rule
def exercises_have_help(lesson):
    """Below each stub two hints and a solution that defines the same function, folded."""
    for exercise in lesson.exercises:
        if lesson.is_code(exercise.cell + 2):
            yield f"exercise {exercise.id}: no help below the stub"
        folds = re.findall(r"<details><summary>(.+?)</summary>", exercise.help)
        if folds != ["Hint 1", "Hint 2", "Solution"]:
            yield f"exercise {exercise.id}: folded are {folds}, expected two hints and a solution"
        elif exercise.function not in functions(exercise.solution):
            yield f"exercise {exercise.id}: the solution should define {exercise.function}"


@rule
def exercises_of_every_kind(lesson):
    """One with a blank, one with lines to order, one open (the tour may have fewer)."""
    kinds = {
        kind
        for exercise in lesson.exercises
        for kind in EXERCISE_KINDS
        if lesson.source(exercise.cell).partition("\n\n")[2].startswith(kind)
    }
    if not (kinds if lesson.is_tour else kinds == EXERCISE_KINDS):
        yield f"no exercise whose text begins with {sorted(EXERCISE_KINDS - kinds)}"


@rule
def every_objective_has_an_exercise(lesson):
    """No objective without an exercise, no exercise for an objective that is not there."""
    tried = {number for exercise in lesson.exercises for number in exercise.objectives}
    promised = {number for number, _, _ in lesson.objectives}
    if tried != promised:
        yield f"exercises for the objectives {sorted(tried)}, promised are {sorted(promised)}"


def functions(source):
    """Return the names of the functions that a piece of code defines."""
    tree = parse(source or "")
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else set()


def stored_output(lesson, index):
    """Return all that a code cell shows as text, in lower case."""
    return "\n".join(visible_text(output) for output in lesson.cells[index].outputs).lower()


# Code


@rule
def cells_are_plain_python(lesson):
    """No magic, no shell, no change of the import path, no mark that hides a cell from nbval."""
    for i, cell in lesson.code:
        if parse(cell.source) is None:
            yield f"cell {i + 1} is not plain Python"
        for mark in ("sys.path", "NBVAL_", "get_ipython"):
            if mark in cell.source:
                yield f"cell {i + 1} uses {mark}"


@rule
def cells_are_short(lesson):
    """At most 15 lines that are not blank, comments counted."""
    for i, cell in lesson.code:
        if (lines := sum(bool(line.strip()) for line in cell.source.splitlines())) > 15:
            yield f"cell {i + 1} has {lines} lines, at most 15"


@rule
def setup_holds_the_seed(lesson):
    """The first code cell sets up: at most six lines (blank ones apart), the seed among them."""
    index, setup = lesson.code[0]
    lines = [line for line in setup.source.splitlines() if line.strip()]
    if len(lines) > 6 or not re.search(r"^\w*seed\w* = \d+", setup.source, re.I | re.MULTILINE):
        yield f"the first code cell has {len(lines)} lines; at most six, `SEED = 1` among them"
    if index not in range(lesson.section("See it first").start):
        yield "the setup cell should stand before the section See it first"


@rule
def drawing_ends_in_show(lesson):
    """A cell that draws ends in `plt.show()`, and no cell ends in a semicolon."""
    drawn = {i for i, output in lesson.outputs if is_figure(output)}
    for i, tree in lesson.trees:
        last = ast.unparse(tree.body[-1]) if tree.body else ""
        if (i in drawn or draws(tree)) and last != "plt.show()":
            yield f"cell {i + 1} draws and should end in plt.show()"
    for i, cell in lesson.code:
        if cell.source.rstrip().endswith(";"):
            yield f"cell {i + 1} ends in a semicolon: it hides nothing from nbval"


def draws(tree):
    """Return whether a cell calls pyplot or a `plot_…` function outside of its own functions."""
    calls = [node for node in outside_functions(tree) if isinstance(node, ast.Call)]
    drawing = re.compile(r"plt\.(?!show|close)|(.*\.)?plot_\w+$")
    return any(drawing.match(ast.unparse(call.func)) for call in calls)


def outside_functions(tree):
    """Yield the nodes of a syntax tree that are not inside a function or a class."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield node
            yield from outside_functions(node)


@rule
def figures_have_their_numbers(lesson):
    """A figure is not compared by nbval: its numbers are printed or asserted beside it."""
    cells = lesson.code
    for position, (i, cell) in enumerate(cells):
        near = cells[max(position - 1, 0) : position + 2]
        if any(map(is_figure, cell.outputs)) and not any(has_numbers(other) for _, other in near):
            yield f"cell {i + 1} draws, and no cell beside it prints or asserts a number"


def has_numbers(cell):
    """Return whether a cell asserts something or shows text with a digit in it."""
    shown = [visible_text(output) for output in cell.outputs if not is_figure(output)]
    return "assert" in cell.source or any(re.search(r"\d", text) for text in shown)


@rule
def callbacks_only_set_values(lesson):
    """No widget that prints or plots by itself: nbval cannot compare it."""
    for i, tree in lesson.trees:
        for node in ast.walk(tree):
            name = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if name in REDRAWING:
                yield f"cell {i + 1} calls {name}"


@rule
def shown_is_reproducible(lesson):
    """No hash of a string and no bare set is printed or ends a cell."""
    for i, tree in lesson.trees:
        for shown in shown_expressions(tree):
            for node in ast.walk(shown):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "hash":
                    yield f"cell {i + 1} shows a hash, another one in every process"
            if is_set(shown):
                yield f"cell {i + 1} shows a set, whose order is not fixed: sort it"


def shown_expressions(tree):
    """Yield what a cell prints or displays, and the expression that ends it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "display"):
            yield from node.args
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        yield tree.body[-1].value


def is_set(node):
    """Return whether an expression is plainly a set."""
    call = isinstance(node, ast.Call) and ast.unparse(node.func) in ("set", "frozenset")
    return call or isinstance(node, ast.Set | ast.SetComp)


# Pictures and links


@rule
def pictures_have_words(lesson):
    """Alternative text on each image, a name on each SVG, in the text and in the outputs."""
    shown = [(i, "\n".join(stored_texts(output).values())) for i, output in lesson.outputs]
    for i, text in [*lesson.markdown, *shown]:
        for tag in re.findall(r"!\[\s*\]\([^)]*\)|<img\b[^>]*>", text):
            if tag.startswith("!") or not re.search(r'\balt="[^"]*\w', tag):
                yield f"cell {i + 1}: no alternative text: {tag[:60]}"
        for tag, inside in re.findall(r"(<svg\b[^>]*>)(.*?)</svg>", text, re.DOTALL):
            named = re.search(r'\baria-label="[^"]*\w', tag) or re.search(r"<title>.*\w", inside)
            if 'aria-hidden="true"' not in tag and not ('role="img"' in tag and named):
                yield f'cell {i + 1}: an SVG without role="img" and a name: {tag[:60]}'


@rule
def png_pictures_are_described(lesson):
    """An image has no alternative text of its own: the Markdown above or below describes it."""
    described = lesson.labelled("In the picture:")
    prose = [i for i, _ in lesson.markdown]
    for i, output in lesson.outputs:
        above = [j for j in prose if j < i][-1:]
        below = [j for j in prose if j > i][:1]
        if "image/png" in output.get("data", {}) and not set(above + below) & set(described):
            yield f"no paragraph `**In the picture:**` above or below the image of cell {i + 1}"


@rule
def links_resolve(lesson):
    """Each relative link leads to a file that is there, and to a heading that is in it."""
    for i, text in lesson.markdown:
        for link in re.findall(r"\]\(([^)\s]+)\)|\b(?:href|src)=[\"']([^\"']+)", text):
            target = unquote("".join(link))
            if re.match(r"(https?|mailto|attachment|data):", target):
                continue
            name, _, anchor = target.partition("#")
            path = lesson.path.parent / name if name else lesson.path
            if target.startswith("/") or not path.exists():
                yield f"cell {i + 1}: {target} leads nowhere"
            elif anchor and anchor not in (
                read_lesson(path).anchors if path.suffix == ".ipynb" else ()
            ):
                yield f"cell {i + 1}: no heading for {target} (capitals count, hyphens for blanks)"


@rule
def folds_are_well_formed(lesson):
    """Each `<details>` has a summary on its line, a blank line below it, and an end."""
    for i, text in lesson.markdown:
        good = re.findall(r"^<details><summary>.+</summary>\n\n", text, re.MULTILINE)
        ends = re.findall(r"\n\n</details>$", text, re.MULTILINE)
        if not text.count("<details") == len(good) == text.count("</details>") == len(ends):
            yield f"cell {i + 1}: a <details> without summary, blank lines or end"


# The test


def test_there_are_lessons():
    """The rules below were tried on something."""
    assert lesson_files()


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
@pytest.mark.parametrize("check", RULES, ids=lambda check: check.__name__)
def test_lesson_keeps(check, path):
    """A lesson keeps a rule."""
    problems = list(check(read_lesson(path)))
    assert not problems, "\n".join(problems)
