"""The exercises of lesson 02, Environment."""

from procmem_checks.exercise import Exercise


def _will_open(agent, door, has_key, door_open):
    away = abs(agent[0] - door[0]) + abs(agent[1] - door[1])
    return away == 1 and has_key and not door_open


def _why_it_opens(args, given, expected):
    agent, door, has_key, door_open = args
    if expected:
        return "the agent stands beside the closed door with the key in hand"
    if not has_key:
        return "there is no key in hand"
    if door_open:
        return "the door is open already, so nothing changes"
    return f"the agent at {agent} does not stand beside the door at {door}"


def _total_reward(changed, solved):
    return -0.01 * len(changed) + (1 if solved else 0)


def _why_this_reward(args, given, expected):
    changed, solved = args
    goal = "the goal earns 1" if solved else "the goal was not reached"
    cost = f"each of the {len(changed)} steps costs 0.01, whether it changes anything or not"
    return f"{cost}, and {goal}"


def _fewest_doors(doors, start, end):
    distance = {start: 0}
    waiting = [start]
    for room in waiting:
        for neighbour in doors[room]:
            if neighbour not in distance:
                distance[neighbour] = distance[room] + 1
                waiting.append(neighbour)
    return distance[end]


def _why_so_many_doors(args, given, expected):
    _, start, end = args
    if start == end:
        return "at the goal already, no door is needed"
    return f"the shortest of the ways from {start} to {end} counts"


_HUT = {"bed": ["hall"], "hall": ["bed", "fridge"], "fridge": ["hall"]}
_FLAT = {
    "bed": ["hall", "balcony"],
    "hall": ["bed", "bath", "fridge"],
    "bath": ["hall"],
    "fridge": ["hall", "living"],
    "living": ["fridge", "balcony"],
    "balcony": ["living", "bed"],
}


def _carries_key(key, past):
    return any(cell == key and action == "PICK_UP" for cell, action in past)


def _why_it_has_the_key(args, given, expected):
    key, past = args
    if expected:
        return f"it chose PICK_UP while it stood at {key}, and no key is ever put down here"
    if any(action == "PICK_UP" for _, action in past):
        return f"it chose PICK_UP, but not while it stood at {key}"
    return "it never chose PICK_UP"


EXERCISES = {
    "02.1": Exercise(
        _will_open,
        cases=(
            ((2, 3), (3, 3), True, False),
            ((2, 3), (3, 3), False, False),
            ((2, 3), (3, 3), True, True),
            ((2, 2), (3, 3), True, False),
            ((0, 3), (3, 3), True, False),
            ((1, 4), (1, 3), True, False),
        ),
        explain=_why_it_opens,
        note="In the room of this lesson it opens in one state of 51.",
    ),
    "02.2": Exercise(
        _total_reward,
        cases=(
            ([True] * 10, True),
            ([True, False, True], True),
            ([False] * 4, False),
            ([True, False] * 50, True),
            ([], False),
        ),
        explain=_why_this_reward,
    ),
    "02.3": Exercise(
        _fewest_doors,
        cases=(
            (_HUT, "bed", "fridge"),
            (_FLAT, "bed", "fridge"),
            (_FLAT, "bed", "hall"),
            (_FLAT, "bath", "living"),
            (_FLAT, "bed", "living"),
            (_FLAT, "hall", "hall"),
        ),
        explain=_why_so_many_doors,
    ),
    "02.4": Exercise(
        _carries_key,
        cases=(
            ((2, 2), [((2, 1), "RIGHT"), ((2, 2), "PICK_UP")]),
            ((2, 2), [((2, 1), "PICK_UP"), ((2, 1), "RIGHT"), ((2, 2), "RIGHT")]),
            ((2, 2), [((2, 2), "PICK_UP"), ((2, 2), "RIGHT"), ((2, 3), "OPEN")]),
            ((0, 4), [((0, 3), "RIGHT"), ((0, 4), "LEFT")]),
            ((0, 4), []),
        ),
        explain=_why_it_has_the_key,
        note="With your function in its head, the agent of the photographs would reach the goal.",
    ),
}
