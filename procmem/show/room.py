"""Rooms and paths as pictures; every thing has its own shape, so colour is never all there is."""

from itertools import pairwise
from textwrap import wrap

from procmem.arguments import each, having, whole
from procmem.embedding import places
from procmem.gridworld import MOVES, STATE_NAMES
from procmem.show.picture import Picture, card, group, path, tiled, words
from procmem.show.style import BLUE, CARD, FLOOR, GREEN, GREY, GRID, INK, JOINT, ORANGE, VERMILLION
from procmem.skill import action_name

UNIT = 20  # side of a cell in the drawings below
NEAR, FAR = 20, 8  # pixels beside the room: at the sides with numbers, at the others
LINE = 16  # pixels from one line of a caption to the next


def _dots(radius, colour, *centres):
    # A very short line under a round pen is a disc.
    return path("".join(f"M{x} {y}h.01" for x, y in centres), pen=colour, width=2 * radius)


def _gold(d):
    return path(d, pen=INK, width=3.4) + path(d, pen=ORANGE, width=1.8)


def _nose(d):
    return path(d, ORANGE, INK, 0.8)


_AGENT = (
    _dots(6.8, INK, (10, 11))
    + _dots(6.2, BLUE, (10, 11))
    + _dots(1.9, FLOOR, (7.5, 9.8), (12.5, 9.8))
    + _dots(0.9, INK, (7.8, 10), (12.2, 10))
    + path("M6.9 13.6Q10 16.2 13.1 13.6", pen=FLOOR, width=1.2)
)
_GOAL = (
    path("M1 1h18v18h-18z", "#d9f1e8", GREEN, 1)
    + path("M6 17V3M4 17h4", pen=INK, width=1.5)
    + path("M6.6 3.4L16 6.8L6.6 10.2Z", GREEN, INK, 0.7)
)
_CLOSED = (
    path("M0 0h20v20h-20z", INK)
    + path("M3 2.5h14v17.5h-14z", VERMILLION)
    + _dots(2.3, INK, (10, 9))
    + path("M10 10L11.4 15L8.6 15Z", INK, INK, 0.8)
)
_OPEN = path("M0 0h20v20h-2v-18h-16v18h-2z", INK) + path("M2 2L6 5V20H2Z", VERMILLION, INK, 0.6)
_DECOY = path("M10 5L15 10L10 15L5 10Z", GRID, INK, 0.8)
# An agent that faces somewhere has a nose.
_FACES = {(0, 1): "right", (1, 0): "down", (0, -1): "left", (-1, 0): "up"}
THINGS = {
    "goal": _GOAL,
    "closed door": _CLOSED,
    "open door": _OPEN,
    "key": _gold("M3 10Q3 7 6 7Q9 7 9 10Q9 13 6 13Q3 13 3 10ZM9 10H17V13M13.5 10V12.5"),
    "agent": _AGENT,
    "held key": _gold("M16 4Q16 2 18 2Q20 2 20 4Q20 6 18 6Q16 6 16 4ZM18 6V13H16M18 10.5H16.5"),
    "right": _nose("M15.5 8L19.5 11L15.5 14Z"),
    "down": _nose("M7 16.5L10 20.5L13 16.5Z"),
    "left": _nose("M4.5 8L0.5 11L4.5 14Z"),
    "up": _nose("M7 5.5L10 1.5L13 5.5Z"),
}
"""The drawing of each part of a room, back to front; the last four are noses."""


def others(state):
    """Return the names of the places that have no drawing of their own."""
    return [name for name in places(state) if name not in ("key", "door", "goal", "facing")]


def pose(layout, state):
    """Return where each part of a room is, as ``(x, y, scale)``, ``None`` where it is not seen."""
    state = _upright(layout, state)
    agent, carried, goal = state["agent"], state["has_key"], state["goal"]
    on_key = agent == state["key"] and not carried
    # Two in one cell make room for each other.
    alone = (-1.5 if carried else 0, 0, 1)
    here = _at(agent, *((2, 6, 0.7) if on_key else (5, 5.5, 0.7) if agent == goal else alone))
    key = _at(state["key"], *((7.5, -2, 0.6) if on_key else (0, 0, 1)))
    door, opened = _at(state["door"]), state["door_open"]
    return {
        "goal": _at(goal),
        "closed door": None if opened else door,
        "open door": door if opened else None,
        **{name: _at(state[name]) for name in others(state)},
        "key": None if carried else key,
        "agent": here,
        "held key": here if carried else None,
        **{name: here for face, name in _FACES.items() if state.get("facing") == face},
    }


def _upright(layout, state):
    missing = STATE_NAMES - {*state}
    if missing:
        raise ValueError(f"state must hold {', '.join(sorted(missing))}, got {state}")
    return having("layout", layout, "upright", "walls", "size").upright(state)


def _at(cell, x=0, y=0, scale=1):
    return UNIT * cell[1] + x, UNIT * cell[0] + y, scale


def situation(layout, known, cell):
    """Return the state with the agent in ``cell`` where the facts of ``known`` hold.

    ``None`` where no agent can be then: in a wall, or in the door while it is closed.
    """
    state = {**layout.state(), **known, "agent": cell}
    if state["has_key"]:
        state["key"] = cell
    closed = cell == state["door"] and not state["door_open"]
    return None if closed or cell in layout.walls or not layout.contains(cell) else state


def stretches(cells):
    """Return the stretch of a trail that each move adds, as a path; "" where it adds none."""
    seen, found = set(), [""]
    for pair in pairwise(cells):
        ends = tuple(sorted(pair))
        # Each stretch once: dots drawn over dots would make a line.
        fresh = ends[0] != ends[1] and ends not in seen
        seen.add(ends)
        a, b = (f"{UNIT * col + 10} {UNIT * row + 11}" for row, col in ends)
        found.append(f"M{a}L{b}" if fresh else "")
    return found


def trail_of(layout, states):
    """Return the cells where the agent was, as the room is drawn."""
    return [layout.upright(state)["agent"] for state in states]


def trail(cells, colour=BLUE, dash="0 5", width=2, part=""):
    """Return the path through ``cells`` as a dotted line."""
    drawn = path("".join(stretches(cells)), pen=colour, width=width, dash=dash)
    return drawn.replace("<path", f'<path data-part="{part}"', 1) if part else drawn


def room(layout, state, width, cells=(), *, part="", floor="", over="", agent=True):
    """Return the body of a room's picture, ``width`` pixels wide and high.

    ``cells`` is the agent's trail; ``floor`` and ``over`` are drawn below and above the things, in
    units of ``UNIT`` a cell; ``agent=False`` leaves the agent out. With ``part``, every part is
    there to be moved, named ``part`` + name.
    """
    cell = (width - NEAR - FAR) / layout.size
    if cell < 4:
        least = NEAR + FAR + 4 * layout.size
        raise ValueError(f"width must be at least {least} for {layout.size} cells, got {width}")
    # Numbers need room: where cells are small, every fifth has one.
    centres = [(n, NEAR + cell * (n + 0.5)) for n in range(0, layout.size, 1 if cell >= 14 else 5)]
    numbers = "".join(words(at, 14, n, 10) + words(10, at + 4, n, 10) for n, at in centres)
    posed = pose(layout, state)
    if part and "facing" in state:
        posed = {**dict.fromkeys(_FACES.values()), **posed}
    things = {
        name: group(THINGS.get(name, _DECOY), place, part and part + name)
        for name, place in posed.items()
        if (part or place) and (agent or name not in ("agent", "held key"))
    }
    back = [things.pop(name, "") for name in ("goal", "closed door", "open door", *others(state))]
    walked = trail(cells, part=part and f"{part}trail") if part or cells else ""
    body = f"{_ground(layout)}{floor}{''.join(back)}{walked}{''.join(things.values())}{over}"
    return f"{numbers}{group(body, (NEAR, NEAR, round(cell / UNIT, 4)))}"


def _ground(layout):
    side = UNIT * layout.size
    lines = "".join(f"M{i} 0V{side}M0 {i}H{side}" for i in range(UNIT, side, UNIT))
    corners = [(UNIT * col, UNIT * row) for row, col in sorted(layout.walls)]
    blocks = "".join(f"M{x} {y}h20v20h-20z" for x, y in corners)
    joints = "".join(f"M{x} {y + 10}h20M{x + 10} {y}v10" for x, y in corners)
    floor = path(f"M0 0h{side}v{side}h{-side}z", FLOOR, GREY, 0.8)
    walls = path(blocks, GREY, INK, 0.8) + path(joints, pen=JOINT, width=0.7) if corners else ""
    return floor + path(lines, pen=GRID, width=0.5) + walls


def describe_room(layout, state):
    """Return the situation in one sentence; cells are (row, column), row 0 at the top."""
    state = _upright(layout, state)
    agent, carried, size = state["agent"], state["has_key"], layout.size
    parts = [f"the agent at {agent} carries the key" if carried else f"the agent is at {agent}"]
    parts += [f"it faces {_FACES[state['facing']]}"] if "facing" in state else []
    parts += [] if carried else [f"the key lies at {state['key']}"]
    parts.append(f"the door at {state['door']} is {'open' if state['door_open'] else 'closed'}")
    reached = "" if agent == state["goal"] else "not "
    parts.append(f"the goal at {state['goal']} is {reached}reached")
    parts += [f"the {name} is at {state[name]}" for name in others(state)]
    return f"A room of {size} by {size} cells: {'; '.join([*parts, *_walls_in_words(layout)])}."


def _walls_in_words(layout):
    """Yield each row and column that is wall, and where it has gaps."""
    rows, cols = sorted({row for row, _ in layout.walls}), []
    if len(rows) == layout.size:  # walls on all sides: the mostly empty rows go by columns
        rows = [row for row in rows if 2 * sum(w[0] == row for w in layout.walls) > layout.size]
        cols = sorted({col for row, col in layout.walls if row not in rows})
    lines = [("row", row, "column", [(row, n) for n in range(layout.size)]) for row in rows]
    lines += [("column", col, "row", [(n, col) for n in range(layout.size)]) for col in cols]
    for kind, number, across, cells in lines:
        gaps = ", ".join(str(n) for n, cell in enumerate(cells) if cell not in layout.walls)
        yield f"{kind} {number} is wall" + (f" but for {across} {gaps}" if gaps else "")


def room_svg(layout, state, *, width=240, trail=()):
    """Return the room as a ``Picture``, ``width`` pixels wide and high; ``trail`` is cells."""
    label = describe_room(layout, state)
    return Picture(card(width, width, label, room(layout, state, width, trail)), label)


def rooms_svg(rooms, *, width=180, columns=3):
    """Return rooms ``(layout, state, caption)`` side by side as a ``Picture``.

    Each room is ``width`` pixels wide, ``columns`` stand in a row; a fourth entry is its trail.
    """
    rooms = each("rooms", rooms, tuple)
    if not rooms or min(map(len, rooms)) < 3:
        raise ValueError(f"rooms must hold at least one (layout, state, caption), got {rooms}")
    whole("columns", columns, 1)
    label = " ".join(f"{one[2]}: {describe_room(*one[:2])}" for one in rooms)
    wide, high, body = side_by_side(rooms, width, columns)
    return Picture(card(wide, high, label, body), label)


def side_by_side(rooms, width=180, columns=3):
    """Return the width, the height and the body of rooms with their captions below them."""
    captions = [wrap(one[2], width // 7) for one in rooms]
    bodies = [
        room(*one[:2], width, *one[3:])
        + "".join(words(width / 2 + 6, width + 7 + LINE * n, t, 13) for n, t in enumerate(lines))
        for one, lines in zip(rooms, captions, strict=True)
    ]
    return tiled(bodies, width, width + 4 + LINE * max(map(len, captions)), columns)


def path_svg(actions):
    """Return the path of actions as the text of a small SVG, from a ring; a square is no move."""
    cells, squares = [(0, 0)], ""
    for action in actions:
        (row, col), (down, right) = cells[-1], MOVES.get(action, (0, 0))
        cells.append((row + down, col + right))
        squares += "" if action in MOVES else f"M{UNIT * col + 4} {UNIT * row + 5}h12v12h-12z"
    start = _dots(5, BLUE, (10, 11)) + _dots(2.6, CARD, (10, 11))
    rows, cols = zip(*cells, strict=True)
    reach = UNIT * (max(max(rows) - min(rows), max(cols) - min(cols), 2) + 1)
    scale = 52 / reach
    place = 6 - scale * UNIT * min(cols), 6 - scale * UNIT * min(rows), round(scale, 4)
    drawn = group(trail(cells) + start + path(squares, ORANGE, INK, 1), place)
    return card(64, 64, f"The path: {' '.join(map(in_words, actions)) or 'none'}", drawn)


def in_words(action):
    """Return an action as a reader says it: ``pick up``."""
    return action_name(action).lower().replace("_", " ")
