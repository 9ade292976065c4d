"""The form of a lesson: short, timed, its words explained, its numbers printed, its rungs built.

These rules are about what it says, those of `test_lessons.py` about how it is built and stored.
"""

import ast
import re

import pytest
from lessons import AVOIDED, FOLDER, lesson_files, parse, read_lesson, stored_texts, visible_text
from minutes import README, clock, count_words, words_of
from procmem_checks.catalogue import EXERCISES

# Glossary terms that are everyday words as well: they may be used before they are explained.
EVERYDAY = {
    "agent", "archive", "control", "frame of reference", "interval", "landmark", "layout", "option",
    "return", "reward", "seed", "segment", "spread", "transfer", "twin", "vector", "wrapper",
}  # fmt: skip
SMALL = 20  # counts up to here need no output: three rooms, ten agents
NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
# Numbers that are not results: years, exercises, sizes, places, minutes, references, confidence.
NO_RESULT = re.compile(
    r"\b(?:1[89]|20)\d\d\b|\b\d\d\.\d\b|\b\d+ ?[x×] ?\d+\b|\([−-]?\d+, [−-]?\d+\)|\b\d+ min\w*"
    r"|\blessons? \d+(?: (?:and|to) \d+)*|\b95 ?%|\b\d+ ?px\b"
)
FORM = []


def rule(check):
    """Add a generator of problems to the rules of the form."""
    FORM.append(check)
    return check


@rule
def short(lesson):
    """At most 2,800 words (the tour 1,600), 45 cells and 60 minutes."""
    most = 2_800 if lesson.number else 1_600
    if (words := words_of(lesson.cells)) > most:
        yield f"{words} words, at most {most}"
    if len(lesson.cells) > 45:
        yield f"{len(lesson.cells)} cells, at most 45"
    if (total := clock(lesson.cells)[1]) > 60:
        yield f"{total:.0f} computed minutes, at most 60"
    question = lesson.section("Warm-up").partition("<details>")[0]
    if count_words(question) > 100:
        yield "the question of the warm-up has more than 100 words"
    if count_words(re.split(r"\n\*\*", lesson.section("Recap"))[0]) > 150:
        yield "the recap before its first bold label has more than 150 words"


@rule
def minutes_are_computed(lesson):
    """In the header within a fifth, at the headings to two minutes, in the README the header's."""
    starts, total = clock(lesson.cells)
    told = int((re.findall(r"\*\*Time\.\*\* (\d+)", lesson.source(1)) or [0])[0])
    if abs(told - total) > total / 5:
        yield f"{told} minutes in the header, {total:.0f} computed; run tests/lessons/minutes.py"
    headings = [text for level, text, _ in lesson.headings if level == 2]
    for title, minute in starts:
        if not any(f"{title} ({n} min)" in headings for n in range(minute - 2, minute + 3)):
            yield f"`{title}` begins at minute {minute}; run tests/lessons/minutes.py --write"
    row = rf"\(notebooks/{re.escape(lesson.path.name)}\).*\| {told} \|"
    if not re.search(row, README.read_text(encoding="utf-8")):
        yield f"the README's table should give {told} minutes"


@rule
def plain_words(lesson):
    """Neither prose nor code uses words that have gone out of use."""
    for i, cell in enumerate(lesson.cells):
        for word in AVOIDED.findall(cell.source):
            yield f"cell {i + 1} says `{word}`"


@rule
def terms_are_explained(lesson):
    """A word of the glossary is bold where the course first uses it: in the lesson that has it new.

    Headings, the box below the title, code and links do not count as uses.
    """
    text = running_text(lesson)
    for term, introduced in introductions(lesson).items():
        word = rf"{re.escape(term)}(?:s|es)?"
        first = re.search(rf"(\*\*)?\b{word}\b", text, re.IGNORECASE)
        bold = re.search(rf"\*\*{word}\*\*", text, re.IGNORECASE)
        early = first and not first[1] and term not in EVERYDAY
        if lesson.number == introduced and not bold:
            yield f"the new word `{term}` should be explained, in bold"
        elif lesson.number == introduced and early:
            yield f"`{term}` is used before it is explained"
        elif lesson.number < introduced and early:
            yield f"`{term}` is used, and lesson {introduced:02d} explains it"


def introductions(lesson):
    """Return {term: number of the first lesson of the course that has it among its new words}."""
    found = {}
    for path in lesson_files(lesson.path.parent):
        one = lesson if path == lesson.path else read_lesson(path)
        line = one.source(1).partition("**New words.**")[2]
        for term in re.findall(r"\[([^\]]+)\]", line):
            found.setdefault(term.lower(), one.number)
    return found


def running_text(lesson):
    """Return the prose from below the header box on, without headings, links and the glossary."""
    text = "\n\n".join(text for i, text in lesson.markdown if i > 1)
    text = text.partition("## Contents")[0] if lesson.number == 0 else text
    return re.sub(r"^#+ .*$|\[[^\]]*\]\([^)]*\)", "", text, flags=re.MULTILINE)


@rule
def numbers_are_printed(lesson):
    """A number of the prose is in an output of the lesson, in its code, or in a study's table.

    Rounding is allowed, and a percentage of a share. Folded text, sources, headings, the cells at
    the top and the tasks under "Before you begin" and "Practise" do not count; neither do counts up
    to 20, years, sizes, places and the like.
    """
    known = numbers_known(lesson)
    for i, text in lesson.markdown:
        if i < 2 or lesson.start("Practise") < i < lesson.start("Recap"):
            continue
        plain = re.sub(r"(?ms)<details>.*?</details>|^## (Before you begin|Practise).*", "", text)
        plain = re.sub(r"(?m)^(\*\*Sources?\b|#).*$", "", plain)
        plain = NO_RESULT.sub(" ", re.sub(r"\]\([^)]*\)|<[^>]+>", " ", plain))
        for match in NUMBER.finditer(plain):
            number, places = value_and_places(match[0])
            share = "%" in plain[match.end() : match.end() + 2]
            fits = {round(one, places) for one in known}
            fits |= {round(100 * one, places) for one in known} if share else set()
            if number not in fits and not (number <= SMALL and number == int(number)):
                yield f"cell {i + 1}: no output shows {match[0]}"


def value_and_places(text):
    """Return a number written in prose, and how many decimals it has."""
    text = text.replace(",", "")
    return float(text), len(text.partition(".")[2])


def numbers_known(lesson):
    """Return all numbers that a reader meets in outputs, in code, and in tables of studies."""
    shown = [visible_text(output) + pictured(output) for _, output in lesson.outputs]
    code = [cell.source for _, cell in lesson.code]
    sources = "\n".join(cell.source for cell in lesson.cells)
    tables = [
        table
        for table in (FOLDER.parent / "tests/studies/tables").glob("*.md")
        if f"tests/studies/{table.stem}.py" in sources
    ]
    texts = [*shown, *code, *(table.read_text(encoding="utf-8") for table in tables)]
    written = re.findall(r"\d[\d,_]*(?:\.\d+)?", "\n".join(texts))
    return {float(number.replace(",", "").replace("_", "")) for number in written}


def pictured(output):
    """Return what the pictures of an output say to those who do not see them."""
    raw = "\n".join(stored_texts(output).values())
    return " ".join(re.findall(r'\b(?:alt|aria-label)="([^"]+)"', raw))


@rule
def rungs(lesson):
    """The learner builds: what is built runs below, and is not asked for where it is predicted."""
    for i, text in lesson.markdown:
        if "**Predict.**" in text and "**Build" in text:
            yield f"cell {i + 1} asks to predict and to build: make it two cells"
    known = [one for one in lesson.exercises if one.id in EXERCISES]
    plugged = [one.id for one in known if EXERCISES[one.id].plug_in]
    for exercise in lesson.exercises:
        name = exercise.function
        call = rf'^{name} = check\("{exercise.id}", {name}\)\.function$'
        goes_on = re.search(call, lesson.source(exercise.cell), re.MULTILINE) is not None
        if goes_on != (exercise.id in plugged):
            yield f"exercise {exercise.id}: `{name} = check(...).function` if and only if plug_in"
    if lesson.number and not plugged:
        yield "no exercise whose function the cells below run"
    if len(lesson.exercises) > 2 and all(written_from_nothing(one) for one in lesson.exercises):
        yield "every exercise is written from nothing: have one repaired, chosen or put in order"


def written_from_nothing(exercise):
    """Return whether a stub says nothing but what is to be returned."""
    bodies = [node.body for node in parse(exercise.stub).body if isinstance(node, ast.FunctionDef)]
    return all(len(body) <= 2 for body in bodies) and exercise.stub.count("#") < 2


@rule
def folds_have_room(lesson):
    """A page has no margin below a fold: `<br>` stands between the last one and the text."""
    for i, cell in enumerate(lesson.cells):
        if re.search(r"</details>\n\n(?!<details>|<br>|## |\Z)", cell.source):
            yield f"cell {i + 1}: text behind a </details> without a <br>"


@pytest.mark.parametrize("path", lesson_files(), ids=lambda path: path.stem)
@pytest.mark.parametrize("check", FORM, ids=lambda check: check.__name__)
def test_lesson_keeps_the_form(check, path):
    """A lesson keeps a rule of the form."""
    problems = list(check(read_lesson(path)))
    assert not problems, "\n".join(problems)
