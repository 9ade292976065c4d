"""Each exercise: its stub is not tried yet, its solution is right, typical mistakes are wrong."""

import ast
import linecache
import re

import pytest
from lessons import lesson_files, read_lesson
from procmem_checks import catalogue, check
from wrong_answers import WRONG_ANSWERS

EXERCISES = {
    exercise.id: (lesson, exercise)
    for lesson in map(read_lesson, lesson_files())
    for exercise in lesson.exercises
}
MISTAKES = [(id_, n) for id_ in sorted(WRONG_ANSWERS) for n in range(len(WRONG_ANSWERS[id_]))]


def names_before(lesson, index):
    """Return what a learner has when a cell is reached: imports, functions, classes, constants."""
    imports = [
        node
        for _, tree in lesson.trees
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    definitions = [
        node for i, tree in lesson.trees if i < index for node in tree.body if defines(node)
    ]
    names = run(ast.Module([*imports, *definitions], []), {"__name__": lesson.path.stem})
    for one in lesson.exercises:  # the cells below an exercise run the right function
        if one.cell < index and catalogue.EXERCISES[one.id].plug_in:
            names[one.function] = catalogue.EXERCISES[one.id].reference
    return names


def defines(node):
    """Return whether a statement defines a function, a class, or a constant, and does nothing."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return True
    if not (isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets)):
        return False
    if re.fullmatch(r"(\w+) = check\('[\d.]+', \1\)\.function", ast.unparse(node)):
        return True  # an earlier exercise, plugged in
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def run(code, names):
    """Run source or a syntax tree and return `names` with what it defined.

    A check may look at the source, which Python keeps for a cell of a notebook as well.
    """
    name = f"<exercise {len(linecache.cache)}>"
    if isinstance(code, str):
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    exec(compile(code, name, "exec"), names)
    return names


def verdict(id_, source):
    """Return the verdict on the function that `source` defines for an exercise."""
    lesson, exercise = EXERCISES[id_]
    names = run(source, names_before(lesson, exercise.cell))
    return check(id_, names[exercise.function])


@pytest.mark.parametrize("id_", EXERCISES)
def test_a_stub_is_not_tried_yet(id_):
    """The stub as it stands in the lesson; a broken function is wrong."""
    judged = verdict(id_, EXERCISES[id_][1].stub)
    assert judged.status == ("wrong" if catalogue.EXERCISES[id_].repair else "not tried yet")
    assert judged.message


@pytest.mark.parametrize("id_", EXERCISES)
def test_a_solution_is_right(id_):
    """The solution as it stands folded below the stub."""
    judged = verdict(id_, EXERCISES[id_][1].solution)
    assert judged.status == "right", judged.message


@pytest.mark.parametrize(("id_", "n"), MISTAKES)
def test_a_mistake_is_wrong(id_, n):
    """A typical wrong answer is told what is wrong with it: with the words that stand beside it."""
    source, *words = WRONG_ANSWERS[id_][n]
    judged = verdict(id_, source)
    assert judged.status == "wrong"
    assert all(word in judged.message for word in words), judged.message
    assert not re.search("NameError|AttributeError|ImportError", judged.message), judged.message


def test_each_exercise_has_different_mistakes():
    """At least three for each, every one with words of its message."""
    assert WRONG_ANSWERS.keys() == EXERCISES.keys()
    for id_, answers in WRONG_ANSWERS.items():
        assert len({source for source, *_ in answers}) >= 3, id_
        assert all(words for _, *words in answers), id_


FOR_ALL = {
    "printed": ("    print(0)\n", "wrong", "printed the answer instead of returning it"),
    "no return": ("    answer = 0\n", "wrong", "no return"),
    "one left": ("    answer = 0\n    ...\n", "not tried yet", "one ... is left"),
    "left inside": ("    return 2 * ...\n", "not tried yet", "one ... is left"),
    "empty": ("    ...\n", "not tried yet", "put your code where the ... is"),
}


@pytest.mark.parametrize("mistake", FOR_ALL)
@pytest.mark.parametrize("id_", EXERCISES)
def test_a_mistake_of_beginners_has_its_own_words(id_, mistake):
    """In every exercise: printed, never returned, a blank left."""
    body, status, words = FOR_ALL[mistake]
    name = EXERCISES[id_][1].function
    judged = verdict(id_, f"def {name}(*args, **options):\n{body}")
    assert judged.status == status, judged.message
    assert words in judged.message
