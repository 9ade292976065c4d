"""The exercises of all lessons: what is right, on which arguments it is tried, and why."""

from procmem_checks import (
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
EXERCISES = {name: one for lesson in _LESSONS for name, one in lesson.EXERCISES.items()}
