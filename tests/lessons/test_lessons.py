"""What every lesson keeps: each rule is a generator of problems, tried on each notebook.

`test_rules_bite.py` breaks lessons in many ways and sees that a rule objects to each. What nbval
sees by itself (hashes, sets, widgets that redraw) needs no rule here.
"""

import ast
import platform
import re
from itertools import zip_longest
from urllib.parse import unquote

import pytest
import store_outputs
from lessons import is_figure, lesson_files, parse, read_lesson, stored_texts, visible_text
from minutes import count_lines
from nbformat.validator import iter_validate
from procmem_checks.catalogue import EXERCISES

BADGE = (  # test_project.py sees that the repository is ours
    r"\[!\[Binder\]\(https://mybinder\.org/badge_logo\.svg\)\]\(https://mybinder\.org/v2/gh"
    r"/[\w-]+/[\w-]+/main\?urlpath=lab/tree/notebooks/{}\)"
)
CONTENTS, GLOSSARY = "00_start_here.ipynb#Contents", "00_start_here.ipynb#Glossary"
FRAME = ["See it first", "It breaks", "Control", "Recap"]
# The paragraphs of the box below the title.
HEADER = [
    r"> \*\*Question\.\*\* .+\?",
    r"> \*\*After this lesson you can\*\*",
    r"(> \d\. \*[a-z ]+\* .+\n?){2,4}",
    r"> \*\*Time\.\*\* \d+ minutes\b.*",
    r"> \*\*Needs\.\*\* .+",
    r"> \*\*New words\.\*\* .+",
]
UNTESTABLE = {"appreciate", "be", "consider", "know", "learn", "realise", "see", "understand"}
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
OBJECT = re.compile(r"[(\[]*<(matplotlib|Axes|Figure|IPython)|Text\(")
WIDGET = re.compile(r"[A-Z]\w+\((\)|(children|value|description|icon|index|layout|options|style)=)")
DESCRIPTION = re.compile(r"(\A|\n\n)\*\*In the picture:\*\*|<summary>The picture in words")

RULES = []


def rule(check):
    """Add a generator of problems to the rules."""
    RULES.append(check)
    return check


# The file and what is stored in it


@rule
def file_is_sound(lesson):
    """Numbered without gaps, notebook format 4.5 with ids, small, no metadata of one machine."""
    numbers = [int(path.name[:2]) for path in lesson_files(lesson.path.parent)]
    if numbers != list(range(len(numbers))):
        yield f"the names of the lessons do not count up from 00: {numbers}"
    for error in iter_validate(lesson.raw, version=4, version_minor=5):
        yield f"not a valid notebook: {error.message}"
    ids = [cell.id for cell in lesson.cells]
    if len(set(ids)) < len(ids) or lesson.raw["nbformat_minor"] != 5:
        yield "not in the notebook format 4.5, or two cells with the same id"
    if (size := lesson.path.stat().st_size) >= 500_000:
        yield f"{size // 1000} kB, at most 500"
    if (metadata := lesson.raw["metadata"]) != store_outputs.METADATA:
        yield f"metadata: {sorted(metadata)}; run tests/lessons/store_outputs.py"
    for i, cell in enumerate(lesson.cells):
        if cell.metadata or not cell.source.strip():
            yield f"cell {i + 1} is empty or has metadata: {dict(cell.metadata)}"


@rule
def executed_in_order(lesson):
    """Every code cell was run once, from top to bottom: nbval skips a cell without a count."""
    counts = [cell.execution_count for _, cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts {counts}"


@rule
def same_on_every_machine(lesson):
    """No error, no warning, and nothing that tells where, when or by which version it was made."""
    node = platform.node()
    here = {"this machine": rf"\b{re.escape(node)}\b"} if re.search(r"[\d.-]", node) else {}
    for i, output in lesson.outputs:
        texts = stored_texts(output)
        for kind in {"error", "stderr"} & texts.keys():
            yield f"cell {i + 1}: {kind}: {texts[kind][:80]}"
        raw = re.sub(r"base64,[\w+/=\s]+", "", "\n".join(texts.values()))
        looks = [(raw, OTHER_ELSEWHERE | here), (visible_text(output), OTHER_NEXT_TIME)]
        for text, patterns in looks:
            for what, pattern in patterns.items():
                if match := re.search(pattern, text):
                    yield f"cell {i + 1} shows {what}: {match[0]}"


@rule
def whole_without_a_kernel(lesson):
    """No widget view, and no text that names an object where there should be something to see."""
    for i, output in lesson.outputs:
        data = output.get("data", {})
        text = str(data.get("text/plain", ""))
        if store_outputs.WIDGET_VIEW in data:
            yield f"cell {i + 1} stores a widget view"
        if WIDGET.match(text) or (set(data) == {"text/plain"} and OBJECT.match(text)):
            yield f"cell {i + 1} shows an object instead of words: {text[:40]}"


# The frame


@rule
def first_cell(lesson):
    """Badge, the only title `# 3 · …`, previous | contents | next, and one sentence: why now."""
    wanted = [BADGE.format(lesson.path.name), rf"# {lesson.number} · \S.*"]
    wanted += [re.escape(navigation(lesson)), r"(?:(?![.?!] [A-Z]).)+[.?!]"]
    for block, pattern in zip_longest(lesson.source(0).split("\n\n"), wanted, fillvalue=""):
        if not re.fullmatch(pattern, block):
            yield f"the first cell should have the paragraph {pattern} instead of {block}"
    if sum(level == 1 for level, *_ in lesson.headings) != 1:
        yield "not exactly one level-one heading"


def navigation(lesson):
    """Return the line that leads to the lesson before, the contents, and the lesson after."""
    names = ["", *(path.name for path in lesson_files(lesson.path.parent)), ""]
    position = names.index(lesson.path.name)
    before, after = names[position - 1], names[position + 1]
    previous = f"[← previous]({before})" if before else "← previous"
    following = f"[next →]({after})" if after else "next →"
    return f"{previous} | [contents]({CONTENTS}) | {following}"


@rule
def sections(lesson):
    """No level of heading is skipped; the frame's sections in order."""
    levels = [level for level, *_ in lesson.headings]
    if any(below > above + 1 for above, below in zip([0, *levels], levels, strict=False)):
        yield f"a level of headings is skipped: {levels}"
    titles = [text for level, text, _ in lesson.headings if level == 2]
    found = [name for text in titles for name in FRAME if text.startswith(name)]
    if found != FRAME:
        yield f"the sections are {found}, expected {FRAME}"


@rule
def header_box(lesson):
    """Question, two to four objectives that can be seen done, time, needs, new words."""
    for block, pattern in zip_longest(lesson.source(1).split("\n>\n"), HEADER, fillvalue=""):
        if not re.fullmatch(pattern, block):
            yield f"the header box should have the paragraph `{pattern}` instead of {block}"
    if lesson.number and not re.search(r"\*\*Needs\.\*\* .*\]\(", lesson.source(1)):
        yield "what the lesson needs should be a link"
    objectives = re.findall(r"^> (\d)\. \*([a-z ]+)\* (.+)$", lesson.source(1), re.MULTILINE)
    if vague := UNTESTABLE & {verb.split()[0] for _, verb, _ in objectives}:
        yield f"objectives that cannot be tested: {vague}"
    ids = {exercise.id for exercise in lesson.exercises}
    tried = {n for n, _, rest in objectives if ids & set(re.findall(r"\d\d\.\d+", rest))}
    for _, text, _ in lesson.headings:  # "### Exercise 03.1 — … (objectives 1 and 2)"
        tried.update(re.findall(r"\d", text.partition("(objective")[2]))
    if not sorted(tried) == [n for n, *_ in objectives] == list("1234")[: len(objectives)]:
        yield f"exercises for the objectives {sorted(tried)}, promised are {len(objectives)}"


@rule
def new_words(lesson):
    """At most five, each linked to its entry in the glossary of lesson 00."""
    line = lesson.source(1).partition("**New words.**")[2]
    words = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", line)
    if not 1 <= len(words) <= 5:
        yield f"{len(words)} new words linked, expected one to five"
    tour = read_lesson(lesson_files(lesson.path.parent)[0])
    known = {term.lower() for term in re.findall(r"\*\*(.+?)\*\*", tour.section("Glossary"))}
    for word, target in words:
        if target != GLOSSARY or word.lower() not in known:
            yield f"the new word {word} should lead to {GLOSSARY} and be a bold term there"


# Teaching


@rule
def learner_commits(lesson):
    """A warm-up with a folded answer; predictions with a reason, each answered by a code cell."""
    if lesson.number and "<details>" not in lesson.section("Warm-up"):
        yield "the lesson should have a warm-up with a folded answer"
    predictions = [i for i, text in lesson.markdown if "**Predict.**" in text]
    if len(predictions) < (2 if lesson.number else 1):
        yield f"{len(predictions)} cells with **Predict.**"
    code = {i for i, _ in lesson.code}
    for i in predictions:
        if not {i + 1, i + 2} & code:
            yield f"no code cell answers the prediction in cell {i + 1}"
        if not re.search(r"\b(because|reason|why)\b", lesson.source(i), re.IGNORECASE):
            yield f"the prediction in cell {i + 1} does not ask for a reason"


@rule
def evidence_and_recap(lesson):
    """A result beside the optimum or chance; at the end its limits, a quiz, sources, what next."""
    span = range(lesson.start("Control"), lesson.start("Recap"))
    if not any(cell.outputs for i, cell in lesson.code if i in span):
        yield "the section Control shows no result"
    if not re.search("optim|chance|guess", lesson.section("Control"), re.IGNORECASE):
        yield "the section Control should name the optimum, or what chance or guessing gives"
    recap = lesson.section("Recap")
    for label in ("does not show", "**Source", "**Next"):
        if label not in recap:
            yield f"the recap has no {label}"
    if (answers := recap.count("<details>")) != 3:
        yield f"{answers} quiz questions with an answer in <details>, expected 3"


@rule
def exercises(lesson):
    """Numbered; a stub that is not tried yet; below it two hints and a solution, folded."""
    ids = [exercise.id for exercise in lesson.exercises]
    headed = re.findall(r"^Exercise (\S+)", "\n".join(h[1] for h in lesson.headings), re.M)
    if ids != [f"{lesson.number:02d}.{n + 1}" for n in range(len(ids))] or headed not in ([], ids):
        yield f"exercises {ids} below the headings {headed}"
    for exercise in lesson.exercises:
        if exercise.id not in EXERCISES:
            yield f"exercise {exercise.id}: not in procmem_checks"
            continue
        if exercise.function not in functions(exercise.stub):
            yield f"exercise {exercise.id}: no stub above its check"
        shown = " ".join(map(visible_text, lesson.cells[exercise.cell].outputs))
        status = "wrong" if EXERCISES[exercise.id].repair else "not tried yet"
        if status not in shown.lower():
            yield f"exercise {exercise.id}: the stored answer should be `{status}`"
        folds = re.findall(r"<details><summary>(.+?)</summary>", exercise.help)[:3]
        if folds[:2] != ["Hint 1", "Hint 2"] or "olution" not in folds[-1]:
            yield f"exercise {exercise.id}: folded are {folds}, expected two hints and a solution"
        elif exercise.function not in functions(exercise.solution):
            yield f"exercise {exercise.id}: the solution should define {exercise.function}"


def functions(source):
    """Return the names of the functions and classes that a piece of code defines."""
    nodes = getattr(parse(source), "body", [])
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


# Code


@rule
def code_is_plain(lesson):
    """Plain Python of at most 15 lines a cell, nothing hidden from nbval, the seed at the top."""
    for i, cell in lesson.code:
        if parse(cell.source) is None or re.search(r"sys\.path|NBVAL_|get_ipython", cell.source):
            yield f"cell {i + 1} is not plain Python, or changes how it is run"
        if cell.source.rstrip().endswith(";"):
            yield f"cell {i + 1} ends in a semicolon: it hides nothing from nbval"
        if (lines := count_lines(cell.source)) > 15:
            yield f"cell {i + 1} has {lines} lines, at most 15"
    index, setup = lesson.code[0]
    if count_lines(setup.source) > 6 or not re.search(
        r"^\w*seed\w* = \d+", setup.source, re.I | re.M
    ):
        yield "the first code cell should have at most six lines, `SEED = 1` among them"
    if index >= lesson.start("See it first"):
        yield "the setup cell should stand before the section See it first"


@rule
def drawings(lesson):
    """Each ends in `plt.show()`; nbval does not compare it, so numbers stand beside it."""
    for position, (i, cell) in enumerate(lesson.code):
        if not any(map(is_figure, cell.outputs)):
            continue
        if not cell.source.endswith("plt.show()"):
            yield f"cell {i + 1} draws and should end in plt.show()"
        beside = lesson.code[max(position - 1, 0) : position + 2]
        if not any(has_numbers(cell) for _, cell in beside):
            yield f"cell {i + 1} draws, and no cell beside it prints or asserts a number"


def has_numbers(cell):
    """Return whether a cell asserts something or shows text with a digit in it."""
    shown = [visible_text(output) for output in cell.outputs if not is_figure(output)]
    return "assert" in cell.source or any(re.search(r"\d", text) for text in shown)


# Pictures and links


@rule
def pictures_have_words(lesson):
    """Each image and each SVG has a name, each PNG of an output a description beside it."""
    shown = [(i, "\n".join(stored_texts(output).values())) for i, output in lesson.outputs]
    for i, text in [*lesson.markdown, *shown]:
        for tag in re.findall(r"!\[\s*\]\([^)]*\)|<img\b[^>]*>", text):
            if not re.search(r'\balt="[^"]*\w', tag):
                yield f"cell {i + 1}: no alternative text: {tag[:60]}"
        for tag, inside in re.findall(r"(<svg\b[^>]*>)(.*?)</svg>", text, re.DOTALL):
            named = re.search(r'\baria-label="[^"]*\w', tag) or re.search(r"<title>.*\w", inside)
            if 'aria-hidden="true"' not in tag and not ('role="img"' in tag and named):
                yield f'cell {i + 1}: an SVG without role="img" and a name: {tag[:60]}'
    for i, output in lesson.outputs:
        above = [text for j, text in lesson.markdown if j < i][-1:]
        below = [text for j, text in lesson.markdown if j > i][:1]
        described = DESCRIPTION.search("\n\n".join(above + below))
        if "image/png" in output.get("data", {}) and not described:
            yield f"no `**In the picture:**` above or below the image of cell {i + 1}"


@rule
def links_and_folds(lesson):
    """A relative link leads to a file and a heading that are there; a fold opens and ends well."""
    for i, text in lesson.markdown:
        for link in re.findall(r"\]\(([^)\s]+)\)|\b(?:href|src)=[\"']([^\"']+)", text):
            target = unquote("".join(link))
            if re.match(r"(https?|mailto|attachment|data):", target):
                continue
            name, _, anchor = target.partition("#")
            path = lesson.path.parent / name if name else lesson.path
            if target.startswith("/") or not path.exists():
                yield f"cell {i + 1}: {target} leads nowhere"
            elif anchor and (path.suffix != ".ipynb" or anchor not in read_lesson(path).anchors):
                yield f"cell {i + 1}: no heading for {target} (capitals count, hyphens for blanks)"
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
