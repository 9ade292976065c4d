"""Typical wrong answers to each exercise: `check` must call every one of them wrong.

Each is the source of a function with the name that the exercise's stub has. Take what a learner
would really write: the answer off by one, the other sign, the case forgotten.
"""

from wrong_answers import (
    embeddings,
    environment,
    lasting_memory,
    minigrid,
    neural_skills,
    skill_representation,
    skill_selection,
    skills_in_words,
    start_here,
    transfer,
    visualisation,
)

_LESSONS = (
    start_here,
    skill_representation,
    environment,
    embeddings,
    skill_selection,
    visualisation,
    transfer,
    neural_skills,
    lasting_memory,
    minigrid,
    skills_in_words,
)
WRONG_ANSWERS = {name: few for lesson in _LESSONS for name, few in lesson.WRONG_ANSWERS.items()}
