"""A situation as a picture that is text: SVG, made by pure functions.

Every picture brings its own light card, so that it reads the same in light and in dark themes, and
every thing has its own shape: colour is never the only difference. There are no ids to clash.
"""

from html import escape
from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple

from procmem.embedding import places
from procmem.gridworld import MOVES, Action
from procmem.skill import action_name

INK, CARD, FLOOR, GRID, WALL, JOINT = "#1f2430", "#edf0f5", "#fff", "#d5dbe5", "#4b5364", "#949db0"
# Okabe & Ito's colours, told apart by colour-blind readers as well.
ORANGE, GREEN, BLUE, VERMILLION = "#e69f00", "#009e73", "#0072b2", "#d55e00"
UNIT = 20  # side of a cell in the drawings below
NEAR, FAR = 20, 8  # pixels beside the room: at the sides with numbers, at the others
LINE = 16  # pixels from one line of a caption to the next


class Stroke(NamedTuple):
    """A path of absolute M, L, Q and Z commands that is filled, drawn with a round pen, or both."""

    path: str
    fill: str = "none"
    pen: str = "none"
    width: float = 0
    dotted: bool = False


def _discs(radius, colour, *centres):
    # A very short line under a round pen; matplotlib leaves out one of no length at all.
    path = "".join(f"M{x} {y}L{x} {y + 0.01:g}" for x, y in centres)
    return Stroke(path, pen=colour, width=2 * radius)


def _gold(path):
    return Stroke(path, pen=INK, width=3.4), Stroke(path, pen=ORANGE, width=1.8)


_AGENT = (
    _discs(6.8, INK, (10, 11)),
    _discs(6.2, BLUE, (10, 11)),
    _discs(1.9, FLOOR, (7.5, 9.8), (12.5, 9.8)),
    _discs(0.9, INK, (7.8, 10), (12.2, 10)),
    Stroke("M6.9 13.6Q10 16.2 13.1 13.6", pen=FLOOR, width=1.2),
)
# Who looks somewhere has a nose.
_NOSES = {
    (0, 1): (Stroke("M15.5 8L19.5 11L15.5 14Z", ORANGE, INK, 0.8),),
    (1, 0): (Stroke("M7 16.5L10 20.5L13 16.5Z", ORANGE, INK, 0.8),),
    (0, -1): (Stroke("M4.5 8L0.5 11L4.5 14Z", ORANGE, INK, 0.8),),
    (-1, 0): (Stroke("M7 5.5L10 1.5L13 5.5Z", ORANGE, INK, 0.8),),
}
_LOOKS = {(0, 1): "right", (1, 0): "down", (0, -1): "left", (-1, 0): "up"}
_KEY = _gold("M3 10Q3 7 6 7Q9 7 9 10Q9 13 6 13Q3 13 3 10ZM9 10L17 10L17 13M13.5 10L13.5 12.5")
_HELD = _gold("M16 4Q16 2 18 2Q20 2 20 4Q20 6 18 6Q16 6 16 4ZM18 6L18 13L16 13M18 10.5L16.5 10.5")
_GOAL = (
    Stroke("M1 1L19 1L19 19L1 19Z", "#d9f1e8", GREEN, 1),
    Stroke("M6 17L6 3M4 17L8 17", pen=INK, width=1.5),
    Stroke("M6.6 3.4L16 6.8L6.6 10.2Z", GREEN, INK, 0.7),
)
_CLOSED = (
    Stroke("M0 0L20 0L20 20L0 20Z", INK),
    Stroke("M3 2.5L17 2.5L17 20L3 20Z", VERMILLION),
    _discs(2.3, INK, (10, 9)),
    Stroke("M10 10L11.4 15L8.6 15Z", INK, INK, 0.8),
)
_OPEN = (
    Stroke("M0 0L20 0L20 20L18 20L18 2L2 2L2 20L0 20Z", INK),
    Stroke("M2 2L6 5L6 20L2 20Z", VERMILLION, INK, 0.6),
)


_DECOY = (Stroke("M10 5L15 10L10 15L5 10Z", GRID, INK, 0.8),)


def _others(state):
    """Return the names of the places that have no drawing of their own."""
    return [name for name in places(state) if name not in ("key", "door", "goal", "facing")]


def room_things(layout, state, trail=()):
    """Return what to draw, back to front, as tuples ``(strokes, x, y, scale)``, ``UNIT`` a cell."""
    state = layout.upright(state)
    agent, carried, goal = state["agent"], state["has_key"], state["goal"]
    on_key = agent == state["key"] and not carried
    # Two in one cell make room for each other.
    alone = (-1.5 if carried else 0, 0, 1)
    place = (2, 6, 0.7) if on_key else (5, 5.5, 0.7) if agent == goal else alone
    key = _put(_KEY, state["key"], *((7.5, -2, 0.6) if on_key else (0, 0, 1)))
    return [
        (_ground(layout), 0, 0, 1),
        _put(_GOAL, goal),
        _put(_OPEN if state["door_open"] else _CLOSED, state["door"]),
        *(_put(_DECOY, state[name]) for name in _others(state)),
        (_trail(trail), 0, 0, 1),
        *([] if carried else [key]),
        _put(_AGENT + _HELD if carried else _AGENT, agent, *place),
        *([_put(_NOSES[state["facing"]], agent, *place)] if "facing" in state else []),
    ]


def _put(strokes, cell, x=0, y=0, scale=1):
    return strokes, UNIT * cell[1] + x, UNIT * cell[0] + y, scale


def _ground(layout):
    side = UNIT * layout.size
    lines = "".join(f"M{i} 0L{i} {side}M0 {i}L{side} {i}" for i in range(UNIT, side, UNIT))
    corners = [(UNIT * col, UNIT * row) for row, col in sorted(layout.walls)]
    blocks = [f"M{x} {y}L{x + 20} {y}L{x + 20} {y + 20}L{x} {y + 20}Z" for x, y in corners]
    joints = [f"M{x} {y + 10}L{x + 20} {y + 10}M{x + 10} {y}L{x + 10} {y + 10}" for x, y in corners]
    return (
        Stroke(f"M0 0L{side} 0L{side} {side}L0 {side}Z", FLOOR, WALL, 0.8),
        Stroke(lines, pen=GRID, width=0.5),
        Stroke("".join(blocks), WALL, INK, 0.8),
        Stroke("".join(joints), pen=JOINT, width=0.7),
    )


def way_strokes(actions):
    """Return a way as strokes, the upper left corner of all, and the longer side of the whole.

    The way begins in a ring at (0, 0); whatever is no move and no turn is a square. Corner and
    side are in the drawing's units, row before column.
    """
    cells, deeds, ahead = [(0, 0)], [], (-1, 0)
    for action in actions:
        (down, right), ahead = _moved(action, ahead)
        cells.append((cells[-1][0] + down, cells[-1][1] + right))
        still = (down, right) == (0, 0) and action_name(action) not in _TURNS
        deeds += [cells[-1]] if still else []
    squares = "".join(
        f"M{x} {y}L{x + 12} {y}L{x + 12} {y + 12}L{x} {y + 12}Z"
        for x, y in ((UNIT * col + 4, UNIT * row + 5) for row, col in deeds)
    )
    strokes = (*_trail(cells), _discs(5, BLUE, (10, 11)), _discs(2.6, CARD, (10, 11)))
    rows, cols = zip(*cells, strict=True)
    reach = UNIT * (max(max(rows) - min(rows), max(cols) - min(cols), 2) + 1)
    corner = UNIT * min(rows), UNIT * min(cols)
    return (*strokes, Stroke(squares, ORANGE, INK, 1)), corner, reach


_TURNS = ("left", "right")


def _moved(action, ahead):
    """Return the move of an action and the direction in which one looks after it.

    Ours are moves in the room. Those of MiniGrid are seen by who begins by looking up.
    """
    if action_name(action) in Action.__members__:  # an action from a file has a name as well
        return MOVES.get(Action[action.name], (0, 0)), ahead
    down, right = ahead
    turned = {"left": (-right, down), "right": (right, -down)}.get(action_name(action), ahead)
    return (ahead if action_name(action) == "forward" else (0, 0)), turned


def _trail(cells):
    # Each stretch once: dots drawn over dots would make a line.
    stretches = dict.fromkeys(tuple(sorted(pair)) for pair in pairwise(cells) if len({*pair}) == 2)
    ends = [[f"{UNIT * col + 10} {UNIT * row + 11}" for row, col in pair] for pair in stretches]
    return (Stroke("".join(f"M{a}L{b}" for a, b in ends), pen=BLUE, width=2, dotted=True),)


def describe_room(layout, state):
    """Return the situation in one sentence; cells are (row, column), row 0 at the top."""
    state = layout.upright(state)
    agent, carried, size = state["agent"], state["has_key"], layout.size
    parts = [f"the agent at {agent} carries the key" if carried else f"the agent is at {agent}"]
    parts += [f"it looks {_LOOKS[state['facing']]}"] if "facing" in state else []
    parts += [] if carried else [f"the key lies at {state['key']}"]
    parts.append(f"the door at {state['door']} is {'open' if state['door_open'] else 'closed'}")
    parts.append(
        f"the goal at {state['goal']} is {'' if agent == state['goal'] else 'not '}reached"
    )
    parts += [f"the {name} is at {state[name]}" for name in _others(state)]
    rows, cols = _walls(layout)
    for row in rows:
        gaps = [str(col) for col in range(size) if (row, col) not in layout.walls]
        parts.append(f"row {row} is wall" + (f" but for column {', '.join(gaps)}" if gaps else ""))
    for col in cols:
        gaps = [str(row) for row in range(size) if (row, col) not in layout.walls]
        parts.append(f"column {col} is wall" + (f" but for row {', '.join(gaps)}" if gaps else ""))
    return f"A room of {size} by {size} cells: {'; '.join(parts)}."


def _walls(layout):
    """Return the rows and the columns in which the walls lie."""
    rows = sorted({row for row, _ in layout.walls})
    if len(rows) == layout.size:  # walls on all sides: the mostly empty rows go by columns
        full = [row for row in rows if 2 * sum(w[0] == row for w in layout.walls) > layout.size]
        return full, sorted({col for row, col in layout.walls if row not in full})
    return rows, []


def room_svg(layout, state, *, width=240, trail=()):
    """Return the room as one SVG, ``width`` pixels wide and high; ``trail`` is a list of cells."""
    return card(width, width, describe_room(layout, state), _room(layout, state, width, trail))


def rooms_svg(rooms, *, width=180, columns=3):
    """Return rooms ``(layout, state, caption)`` side by side in one SVG, ``columns`` in a row.

    Each room is ``width`` pixels wide; a fourth entry, if there is one, is its trail.
    """
    rooms = list(rooms)
    if not rooms:
        raise ValueError("rooms must hold at least one (layout, state, caption), got none")
    captions = [wrap(room[2], width // 7) for room in rooms]
    height = width + 4 + LINE * max(map(len, captions))
    body = ""
    for i, (room, lines) in enumerate(zip(rooms, captions, strict=True)):
        at = f"translate({width * (i % columns)} {height * (i // columns)})"
        below = [(width / 2 + 6, width + 7 + LINE * n, line, 13) for n, line in enumerate(lines)]
        words = "".join(_text(*line) for line in below)
        body += f'<g transform="{at}">{_room(*room[:2], width, *room[3:])}{words}</g>'
    label = " ".join(f"{room[2]}: {describe_room(*room[:2])}" for room in rooms)
    across, down = min(columns, len(rooms)), -(-len(rooms) // columns)
    return card(width * across, height * down, label, body)


def strip_svg(episode, frames=6):
    """Return a film strip: evenly spaced situations of an episode, first and last included."""
    return rooms_svg(strip_rooms(episode, frames))


def strip_rooms(episode, frames=6):
    """Return the rooms of a film strip as tuples ``(layout, state, caption, trail)``."""
    if frames < 2:
        raise ValueError(f"frames must be at least 2 to show both ends, got {frames}")
    states, last = states_of(episode), len(episode)
    trail = trail_of(episode.layout, states)
    moments = sorted({round(i * last / (frames - 1)) for i in range(frames)})
    return [(episode.layout, states[n], _caption(episode, n), trail[: n + 1]) for n in moments]


def trail_of(layout, states):
    """Return the cells where the agent was, as the room is drawn."""
    return [layout.upright(state)["agent"] for state in states]


def states_of(episode):
    """Return all states of an episode; one without steps still shows where it would begin."""
    if episode.layout is None:
        raise ValueError("layout must be known to draw an episode, got None")
    return episode.states or [episode.layout.state()]


def _caption(episode, n):
    if n == 0:
        return "start"
    step = episode.steps[n - 1]
    who = f" ({_brief(step.decision.skill or 'exploring')})" if step.decision else ""
    return f"step {n}: {in_words(step.action)}{who}"


def _brief(name, most=22):
    # A composite is named after all its parts: too long below a small picture.
    return name if len(name) <= most else f"{name[: most - 1]}…"


def in_words(action):
    """Return an action as a reader says it: ``pick up``."""
    return action_name(action).lower().replace("_", " ")


def _room(layout, state, width, trail=()):
    cell = (width - NEAR - FAR) / layout.size
    if cell < 4:
        least = NEAR + FAR + 4 * layout.size
        raise ValueError(f"width must be at least {least} for {layout.size} cells, got {width}")
    # Numbers need room: where cells are small, every fifth has one.
    centres = [(n, NEAR + cell * (n + 0.5)) for n in range(0, layout.size, 1 if cell >= 14 else 5)]
    numbers = "".join(_text(at, 14, n) + _text(10, at + 4, n) for n, at in centres)
    things = "".join(group(*thing) for thing in room_things(layout, state, trail))
    place = f'transform="translate({NEAR} {NEAR})scale({cell / UNIT:.4g})"'
    pen = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    return f"{numbers}<g {place} {pen}>{things}</g>"


def group(strokes, x, y, scale):
    """Return strokes, moved and scaled, as SVG text."""
    paths = ""
    for path, fill, pen, width, dotted in strokes:
        inside = f' fill="{fill}"' if fill != "none" else ""
        line = f' stroke="{pen}" stroke-width="{width:g}"' if width else ""
        dots = ' stroke-dasharray="0 5"' if dotted else ""
        paths += f'<path d="{path}"{inside}{line}{dots}/>' if path else ""
    return f'<g transform="translate({x:g} {y:g})scale({scale})">{paths}</g>'


def _text(x, y, words, size=10):
    return f'<text x="{x:.4g}" y="{y:.4g}" font-size="{size}">{escape(str(words))}</text>'


def card(width, height, label, body):
    """Return an SVG picture of ``body`` on a light card; ``label`` says what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' style="max-width:100%;height:auto" font-family="sans-serif" text-anchor="middle"'
        f' fill="{WALL}"><rect width="100%" height="100%" rx="8" fill="{CARD}"/>{body}</svg>'
    )
