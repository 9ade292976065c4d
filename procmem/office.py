"""An office without any place in it: requests in words, tools, and things on a desk.

A **state** is a dict of facts and texts: what has been done so far, the ``request``, and what lies
in each slot of the desk (``slot_0``, ``slot_1`` ...), in an order that changes with every request.
An action is a tool used on a slot. It does something only if it is the next thing that the request
asks for, used on the thing that the request names.

A toy, and no language model: the words are there to be retrieved by.
"""

from collections import deque
from enum import IntEnum
from itertools import product
from typing import ClassVar

import gymnasium
from gymnasium import spaces

from procmem import arguments
from procmem.episode import state_key

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
TOOLS = tuple(FACTS)
Action = IntEnum(
    "Action", [f"{tool}_{slot}" for tool, slot in product(TOOLS, range(SLOTS))], start=0
)
Action.__doc__ = "A tool used on a slot of the desk."

MONTHS, PAPERS, PEOPLE = map(
    str.split,
    (
        "january february march april may june july august september october",
        "invoice contract report letter permit offer budget survey minutes receipt",
        "Vega Lyra Orion Cassia Altair Mira Rigel Nova Atlas Carina",
    ),
)
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
        facts = dict.fromkeys([fact for fact in FACTS.values() if fact], spaces.Discrete(2))
        self.observation_space = spaces.Dict(
            {**facts, **dict.fromkeys(texts, spaces.Text(300, charset=signs))}
        )
        self.reset()

    @property
    def state(self):
        """The present state, as a fresh dict."""
        return dict(self._state)

    def reset(self, *, seed=None, options=None):
        """Begin with a new request and a new order on the desk."""
        super().reset(seed=arguments.seed("seed", seed))
        end = self._draw(list(ENDS))
        told = self.np_random.permutation(len(WISHES))[: self.np_random.integers(1, 3)]
        wishes = [list(WISHES)[i] for i in (told if self.any_order else sorted(told))]
        part = min(SPLITS.index(self.split), 2)
        papers = product(range(len(MONTHS)), range(len(PAPERS)))
        month, paper = self._draw([one for one in papers if _part(sum(one)) == part])
        form = self._draw([text for n, text in enumerate(TEMPLATES[end]) if _part(n) == part])
        file, person = f"{MONTHS[month]} {PAPERS[paper]}", self._draw(PEOPLE)
        told = " and ".join(self._draw(self._ways(tool)) for tool in wishes)
        desk = [file, person, *self._others(month, paper, person)]
        self.np_random.shuffle(desk)
        slots = {f"slot_{slot}": thing for slot, thing in enumerate(desk)}
        request = form.format(file=file, person=person, wishes=told)
        tools = ["FIND", "OPEN", *wishes, *ENDS[end]]
        things = [person if tool == "SEND" else file for tool in tools]
        self._plan = [
            (Action[f"{tool}_{desk.index(thing)}"], FACTS[tool])
            for tool, thing in zip(tools, things, strict=True)
        ]
        facts = {fact: False for fact in FACTS.values() if fact}
        self._state = {**facts, "request": request, **slots}
        self._steps = 0
        return self.state, {}

    def _draw(self, choices):
        return choices[self.np_random.integers(len(choices))]

    def _ways(self, tool):
        return WISHES[tool][2:] if self.split == "foreign" else WISHES[tool][:2]

    def _others(self, month, paper, person):
        """Return four things that nothing is to be done with, each easily mistaken."""
        months = [name for name in MONTHS if name != MONTHS[month]]
        papers = [name for name in PAPERS if name != PAPERS[paper]]
        people = [name for name in PEOPLE if name != person]
        return (
            f"{self._draw(months)} {PAPERS[paper]}",
            f"{MONTHS[month]} {self._draw(papers)}",
            *self.np_random.choice(people, size=2, replace=False).tolist(),
        )

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
    """Return a shortest list of actions from the present state of ``env`` to the request's end.

    A breadth-first search, as in the grid.
    """
    world = env.unwrapped
    paths, frontier = {state_key(world.state): []}, deque([world.state])
    while frontier:
        state = frontier.popleft()
        if world.solved(state):
            return paths[state_key(state)]
        for action in Action:
            following = world.transition(state, action)
            if state_key(following) not in paths:
                paths[state_key(following)] = [*paths[state_key(state)], action]
                frontier.append(following)
    raise ValueError("the request must be one that can be done, but no path leads to its end")


def _part(number):
    """Return to which of three splits a number belongs: three in five are for practice."""
    return max(0, number % 5 - 2)


gymnasium.register(id="procmem/Office-v0", entry_point="procmem.office:Office")
