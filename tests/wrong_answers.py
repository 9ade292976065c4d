"""Typical wrong answers to each exercise: `check` must call every one of them wrong.

Each is the source of a function with the name that the exercise's stub has. Take what a learner
would really write: the answer off by one, the other sign, the case forgotten.
"""

WRONG_ANSWERS = {}
