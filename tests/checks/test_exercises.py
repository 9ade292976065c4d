"""Each exercise: its stub is not tried yet, its solution is right, typical mistakes are wrong."""

import ast
import re

import pytest
from lessons import lesson_files, read_lesson
from procmem_checks import check
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
    return run(ast.Module([*imports, *definitions], []), {"__name__": lesson.path.stem})


def defines(node):
    """Return whether a statement defines a function, a class, or a constant, and does nothing."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return True
    if not (isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets)):
        return False
    try:
        ast.literal_eval(node.value)
    except ValueError:
        return False
    return True


def run(code, names):
    """Run source or a syntax tree and return `names` with what it defined."""
    exec(compile(code, "<exercise>", "exec"), names)
    return names


def verdict(id_, source):
    """Return the verdict on the function that `source` defines for an exercise."""
    lesson, exercise = EXERCISES[id_]
    names = run(source, names_before(lesson, exercise.cell))
    return check(id_, names[exercise.function])


@pytest.mark.parametrize("id_", EXERCISES)
def test_a_stub_is_not_tried_yet(id_):
    """The stub as it stands in the lesson, its last line (`check`) included."""
    judged = verdict(id_, EXERCISES[id_][1].stub)
    assert judged.status == "not tried yet"
    assert judged.message


@pytest.mark.parametrize("id_", EXERCISES)
def test_a_solution_is_right(id_):
    """The solution as it stands folded below the stub."""
    judged = verdict(id_, EXERCISES[id_][1].solution)
    assert judged.status == "right", judged.message


@pytest.mark.parametrize(("id_", "n"), MISTAKES)
def test_a_mistake_is_wrong(id_, n):
    """A typical wrong answer, which is told what is wrong with it."""
    judged = verdict(id_, WRONG_ANSWERS[id_][n])
    assert judged.status == "wrong"
    assert not re.search("NameError|AttributeError|ImportError", judged.message), judged.message


def test_each_exercise_has_two_different_mistakes():
    """No exercise without wrong answers, no wrong answers without an exercise."""
    different = {id_: len(set(answers)) for id_, answers in WRONG_ANSWERS.items()}
    assert {id_: min(count, 2) for id_, count in different.items()} == dict.fromkeys(EXERCISES, 2)
