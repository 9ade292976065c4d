"""Print what a lesson still lacks: `python tests/lessons/form.py notebooks/03_embeddings.ipynb`."""

import sys
from pathlib import Path

import test_form
import test_lessons
from lessons import Lesson

for name in sys.argv[1:]:
    lesson = Lesson(Path(name).resolve())
    for check in test_lessons.RULES + test_form.FORM:
        for problem in check(lesson):
            print(f"{check.__name__}: {problem}")
