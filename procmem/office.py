"""An office without any place in it: requests in words, tools, and things on a desk.

A **state** is a dict of facts and texts: what has been done so far, the ``request``, and what lies
in each slot of the desk (``slot_0``, ``slot_1`` ...), in an order that changes with every request.
An action is a tool used on a slot. It does something only if it is the next thing that the request
asks for, used on the thing that the request names.

A toy, and no language model: the words are there to be retrieved by.
"""

from enum import IntEnum
from itertools import product
from typing import ClassVar

import gymnasium
from gymnasium import spaces

from procmem import arguments
from procmem.episode import state_key
from procmem.search import path_to_goal

STEP_REWARD, GOAL_REWARD, MAX_STEPS, SLOTS = -0.01, 1.0, 1000, 6
"""Rewards as in ``GridWorld``; the limit of an episode; the number of things on the desk."""
# In this order: a paper cannot be signed before it is converted.
FACTS = {
    "FIND": "found",
    "OPEN": "file_open",
    "TRANSLATE": "translated",
    "CONVERT": "is_pdf",
    "SIGN": "signed",
    "STAMP": "stamped",
    "ENCRYPT": "encrypted",
    "ATTACH": "attached",
    "SEND": "sent",
    "PRINT": "printed",
    "ARCHIVE": "archived",
    "CALL": None,
}
"""What is true after each tool was used as asked; calling is never asked for."""
TOOLS, _NAMES = tuple(FACTS), [fact for fact in FACTS.values() if fact]
_USES = [f"{tool}_{slot}" for tool, slot in product(TOOLS, range(SLOTS))]
Action = IntEnum("Action", _USES, start=0)
Action.__doc__ = "A tool used on a slot of the desk."

MONTHS = ("january", "february", "march", "april", "may")
MONTHS += ("june", "july", "august", "september", "october")
PAPERS = ("invoice", "contract", "report", "letter", "permit")
PAPERS += ("offer", "budget", "survey", "minutes", "receipt")
PEOPLE = ("Vega", "Lyra", "Orion", "Cassia", "Altair", "Mira", "Rigel", "Nova", "Atlas", "Carina")
_FILES = [(i + j, f"{MONTHS[i]} {PAPERS[j]}") for i, j in product(range(10), range(10))]
# How each wish is put; the last way of putting it is kept for the split "foreign".
WISHES = {
    "TRANSLATE": ("in English", "translated", "for readers abroad"),
    "CONVERT": ("as PDF", "in portable format", "so that any reader shows it"),
    "SIGN": ("signed", "with your signature", "bearing your name"),
    "STAMP": ("stamped", "with our stamp", "sealed"),
    "ENCRYPT": ("encrypted", "under a password", "so that strangers cannot read it"),
}
ENDS = {"SEND": ("ATTACH", "SEND"), "PRINT": ("PRINT",), "ARCHIVE": ("ARCHIVE",)}
TEMPLATES = {
    "SEND": (
        "Send the {file} to {person} {wishes}.",
        "Please mail {person} the {file} {wishes}.",
        "{person} needs the {file} by mail {wishes}.",
        "The {file} should go to {person} by mail {wishes}.",
        "Could you send {person} the {file} {wishes}?",
    ),
    "PRINT": (
        "Print the {file} for {person} {wishes}.",
        "{person} needs the {file} on paper {wishes}.",
        "Please print {person} the {file} {wishes}.",
        "The {file} should be on paper for {person} {wishes}.",
        "Could you print the {file} {wishes} for {person}?",
    ),
    "ARCHIVE": (
        "Archive the {file} of {person} {wishes}.",
        "Please file away the {file} of {person} {wishes}.",
        "The {file} of {person} should go to the archive {wishes}.",
        "Put the {file} of {person} into the archive {wishes}.",
        "Could you archive the {file} {wishes} that {person} wrote?",
    ),
}
SPLITS = ("practice", "validation", "examination", "foreign")


class Office(gymnasium.Env):
    """A new request at every reset, drawn from the environment's own random stream.

    ``split`` says which papers and ways of asking are drawn. Those of "practice", "validation" and
    "examination" have none in common, but the same words; "foreign" are those of the examination,
    with every wish in words that never occur elsewhere. With ``any_order`` the wishes are to be
    done in the order in which they are told, not in the usual one: the same words then ask for
    different procedures.
    """

    actions = Action
    metadata: ClassVar = {"render_modes": []}

    def __init__(self, split="practice", *, any_order=False):
        if arguments.instance("split", split, str) not in SPLITS:
            raise ValueError(f"split must be one of {', '.join(SPLITS)}, got {split!r}")
        self.split, self.any_order = split, arguments.flag("any_order", any_order)
        self.render_mode = None
        self.action_space = spaces.Discrete(len(Action))
        signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .?,"
        texts = ["request", *(f"slot_{slot}" for slot in range(SLOTS))]
        facts = dict.fromkeys(_NAMES, spaces.Discrete(2))
        told = dict.fromkeys(texts, spaces.Text(300, charset=signs))
        self.observation_space = spaces.Dict({**facts, **told})
        self.reset()

    @property
    def state(self):
        """The present state, as a fresh dict."""
        return dict(self._state)

    def reset(self, *, seed=None, options=None):
        """Begin with a new request and a new order on the desk."""
        arguments.instance("options", options, dict | None)
        super().reset(seed=arguments.seed("seed", seed))
        end, wishes = self._draw(list(ENDS)), self._wishes()
        file = self._draw(self._of_this_split(_FILES))
        form = self._draw(self._of_this_split(enumerate(TEMPLATES[end])))
        person = self._draw(PEOPLE)
        told = " and ".join(self._draw(self._ways(tool)) for tool in wishes)
        desk = [file, person, *self._distractors(file, person)]
        self.np_random.shuffle(desk)
        self._plan = [
            (Action[f"{tool}_{desk.index(person if tool == 'SEND' else file)}"], FACTS[tool])
            for tool in ("FIND", "OPEN", *wishes, *ENDS[end])
        ]
        request = form.format(file=file, person=person, wishes=told)
        slots = {f"slot_{slot}": thing for slot, thing in enumerate(desk)}
        self._state = {**dict.fromkeys(_NAMES, False), "request": request, **slots}
        self._steps = 0
        return self.state, {}

    def _draw(self, choices):
        return choices[self.np_random.integers(len(choices))]

    def _wishes(self):
        """Return one or two tools, in the usual order unless any order may be asked for."""
        drawn = self.np_random.permutation(len(WISHES))[: self.np_random.integers(1, 3)]
        return [list(WISHES)[i] for i in (drawn if self.any_order else sorted(drawn))]

    def _of_this_split(self, numbered):
        """Return the things whose number is this split's: of five, 0 to 2 are for practice."""
        part = min(SPLITS.index(self.split), 2)  # "foreign" has the papers of "examination"
        return [thing for number, thing in numbered if max(0, number % 5 - 2) == part]

    def _ways(self, tool):
        return WISHES[tool][2:] if self.split == "foreign" else WISHES[tool][:2]

    def _distractors(self, file, person):
        """Return four things that nothing is to be done with, each easily mistaken."""
        month, paper = file.split()
        other_month = self._draw([name for name in MONTHS if name != month])
        other_paper = self._draw([name for name in PAPERS if name != paper])
        others = [name for name in PEOPLE if name != person]
        people = self.np_random.choice(others, size=2, replace=False).tolist()
        return f"{other_month} {paper}", f"{month} {other_paper}", *people

    def transition(self, state, action):
        """Return the state after ``action``; the very same object where nothing changes."""
        for wanted, fact in self._plan:
            if not state[fact]:
                return {**state, fact: True} if action == wanted else state
        return state

    def solved(self, state):
        """Return whether all that the request asks for is done."""
        return all(state[fact] for _, fact in self._plan)

    def step(self, action):
        """Do ``action``; return ``(state, reward, terminated, truncated, info)``."""
        action = arguments.action(action, Action, self.action_space)
        self._state = self.transition(self._state, action)
        self._steps += 1
        terminated = self.solved(self._state)
        reward = STEP_REWARD + GOAL_REWARD * terminated
        return self.state, reward, terminated, not terminated and self._steps >= MAX_STEPS, {}


def shortest_path(env):
    """Return a shortest list of actions from the present state of ``env`` to the request's end."""
    world = arguments.having("env", env, "unwrapped").unwrapped
    return path_to_goal(world.state, Action, world.transition, state_key, world.solved)


gymnasium.register(id="procmem/Office-v0", entry_point="procmem.office:Office")
