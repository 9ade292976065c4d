"""Pictures as text: sound XML, every situation told apart, everything where it belongs."""

import re
from collections import deque
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmem.episode import Decision, Episode, Step
from procmem.gridworld import Action, Layout, draw_layout, fixed_layout, transition
from procmem.show import svg

SVG = "{http://www.w3.org/2000/svg}"
LAYOUT = fixed_layout(5)
START = LAYOUT.state()
ON_KEY = {**START, "agent": START["key"]}
CARRIED = {**ON_KEY, "has_key": True}


def parse(text):
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    return root


def reachable(layout):
    """Return every state that can be reached."""
    states, frontier = [layout.state()], deque([layout.state()])
    while frontier:
        state = frontier.popleft()
        for action in Action:
            following = transition(layout, state, action)
            if following not in states:
                states.append(following)
                frontier.append(following)
    return states


def transform(element):
    """Return (x, y, scale) of an element's transform."""
    text = element.get("transform")
    x, y = map(float, re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", text).groups())
    scale = re.search(r"scale\(([\d.]+)\)", text)
    return x, y, float(scale.group(1)) if scale else 1.0


def disc_in_pixels(root, colour):
    """Return the pixel at the centre of the first disc of a colour in the last thing drawn."""
    room = root.find(f"{SVG}g")
    left, top, zoom = transform(room)
    thing = room.findall(f"{SVG}g")[-1]
    x, y, scale = transform(thing)
    path = next(p.get("d") for p in thing if p.get("stroke") == colour)
    cx, cy = map(float, re.match(r"M([-\d.]+) ([-\d.]+)L", path).groups())
    return left + zoom * (x + scale * cx), top + zoom * (y + scale * cy)


def walk(*actions, decision=None, layout=LAYOUT):
    steps, state = [], layout.state()
    for action in actions:
        following = transition(layout, state, action)
        over = following["agent"] == following["goal"]
        steps.append(Step(state, action, -0.01, following, over, False, decision))
        state = following
    return Episode(tuple(steps), layout)


def test_a_room_is_an_image_with_its_description():
    root = parse(svg.room_svg(LAYOUT, START))
    assert root.get("role") == "img"
    assert root.get("aria-label") == svg.describe_room(LAYOUT, START)
    assert (root.get("width"), root.get("height")) == ("240", "240")


def test_the_description_says_where_everything_is():
    assert svg.describe_room(LAYOUT, START) == (
        "A room of 5 by 5 cells: the agent is at (0, 0); the key lies at (2, 2); the door at "
        "(3, 3) is closed; the goal at (4, 4) is not reached; row 3 is wall but for column 3."
    )


def test_the_description_follows_the_state():
    over = {**CARRIED, "agent": (4, 4), "key": (4, 4), "door_open": True}
    words = svg.describe_room(LAYOUT, over)
    assert "the agent at (4, 4) carries the key" in words
    assert "lies" not in words
    assert "the door at (3, 3) is open" in words
    assert "the goal at (4, 4) is reached" in words


def test_the_description_names_every_gap_in_a_wall():
    layout = Layout(5, frozenset({(3, 0), (3, 1), (3, 4), (1, 1)}), (0, 0), (0, 1), (3, 3), (4, 4))
    words = svg.describe_room(layout, layout.state())
    assert "row 1 is wall but for column 0, 2, 3, 4; row 3 is wall but for column 2, 3." in words


def test_every_reachable_situation_has_its_own_picture_and_its_own_words():
    states = reachable(LAYOUT)
    assert len(states) > 50
    assert len({svg.room_svg(LAYOUT, state) for state in states}) == len(states)
    assert len({svg.describe_room(LAYOUT, state) for state in states}) == len(states)


def colours(text):
    return set(re.findall(r"#[0-9a-f]{3,6}", text))


def test_door_and_key_differ_in_shape_and_not_in_colour_alone():
    closed, opened = (
        svg.room_svg(LAYOUT, CARRIED),
        svg.room_svg(LAYOUT, {**CARRIED, "door_open": True}),
    )
    lying, carried = svg.room_svg(LAYOUT, ON_KEY), svg.room_svg(LAYOUT, CARRIED)
    for one, other in [(closed, opened), (lying, carried)]:
        assert colours(one) == colours(other)
        paths = [[p.get("d") for p in parse(text).iter(f"{SVG}path")] for text in (one, other)]
        assert set(paths[0]) - set(paths[1])
        assert set(paths[1]) - set(paths[0])


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("cell", [(0, 0), (0, 4), (4, 0), (4, 4), (2, 2), (3, 3), (1, 3)])
def test_the_agent_is_drawn_in_its_cell_with_row_0_at_the_top(cell, carried):
    key = cell if carried else START["key"]
    state = {**START, "agent": cell, "has_key": carried, "key": key, "door_open": True}
    x, y = disc_in_pixels(parse(svg.room_svg(LAYOUT, state, width=300)), svg.BLUE)
    side = (300 - svg.NEAR - svg.FAR) / 5
    assert (int((y - svg.NEAR) // side), int((x - svg.NEAR) // side)) == cell


def test_walls_are_drawn_where_they_are():
    root = parse(svg.room_svg(LAYOUT, START))
    blocks = next(p.get("d") for p in root.iter(f"{SVG}path") if p.get("fill") == svg.WALL)
    corners = [tuple(map(int, pair)) for pair in re.findall(r"M(\d+) (\d+)", blocks)]
    assert {(y // svg.UNIT, x // svg.UNIT) for x, y in corners} == LAYOUT.walls


def test_rows_and_columns_are_numbered():
    root = parse(svg.room_svg(LAYOUT, START))
    texts = [(float(t.get("x")), float(t.get("y")), t.text) for t in root.iter(f"{SVG}text")]
    columns = [text for x, _, text in sorted(texts) if x > svg.NEAR]
    rows = [text for x, y, text in sorted(texts, key=lambda t: t[1]) if x < svg.NEAR]
    assert columns == rows == ["0", "1", "2", "3", "4"]


def test_where_cells_are_small_every_fifth_is_numbered():
    layout = fixed_layout(20)
    texts = [t.text for t in parse(svg.room_svg(layout, layout.state())).iter(f"{SVG}text")]
    assert sorted(set(texts), key=int) == ["0", "5", "10", "15"]
    wide = parse(svg.room_svg(layout, layout.state(), width=480))
    assert len(list(wide.iter(f"{SVG}text"))) == 40


def test_a_small_room_is_small_text_without_ids_and_the_same_every_time():
    for state in reachable(LAYOUT):
        text = svg.room_svg(LAYOUT, state)
        assert len(text.encode()) <= 3000
        assert text == svg.room_svg(LAYOUT, dict(reversed(state.items())))
        assert not re.search(r"\bid=|url\(|[ \t]+$", text, re.MULTILINE)


def trail_of(text):
    dotted = [p.get("d") for p in parse(text).iter(f"{SVG}path") if p.get("stroke-dasharray")]
    return dotted[0] if dotted else ""


def test_a_trail_is_a_dotted_line_through_the_cells_each_stretch_once():
    there_and_back = [(0, 0), (0, 1), (1, 1), (1, 1), (0, 1), (0, 0)]
    trail = trail_of(svg.room_svg(LAYOUT, START, trail=there_and_back))
    centre = [(10, 11), (30, 11), (30, 31)]
    lines = [f"M{a} {b}L{c} {d}" for (a, b), (c, d) in pairwise(centre)]
    assert trail == "".join(lines)
    assert trail_of(svg.room_svg(LAYOUT, START, trail=[(0, 0), (0, 0)])) == ""
    assert trail_of(svg.room_svg(LAYOUT, START)) == ""


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_picture_brings_its_own_background_and_its_text_can_be_read_on_it():
    root = parse(svg.room_svg(LAYOUT, START))
    card = root.find(f"{SVG}rect")
    assert next(iter(root)) is card
    assert (card.get("width"), card.get("height")) == ("100%", "100%")
    assert contrast(root.get("fill"), card.get("fill")) >= 4.5
    assert contrast(svg.INK, svg.FLOOR) >= 4.5  # the outline of key, agent and flag
    assert contrast(svg.VERMILLION, svg.INK) >= 3  # door and frame


def test_captions_are_escaped_wrapped_and_part_of_the_description():
    caption = '<script>alert("hi")</script> & a long, long name that needs several lines'
    text = svg.rooms_svg([(LAYOUT, START, caption), (LAYOUT, CARRIED, "after")])
    root = parse(text)
    assert "<script" not in text
    words = [t.text for t in root.iter(f"{SVG}text") if t.get("font-size") == "13"]
    assert len(words) > 3
    assert "".join(words).replace(" ", "") == f"{caption}after".replace(" ", "")
    assert root.get("aria-label") == (
        f"{caption}: {svg.describe_room(LAYOUT, START)} after: {svg.describe_room(LAYOUT, CARRIED)}"
    )


@pytest.mark.parametrize(("count", "across", "down"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 3, 2)])
def test_rooms_stand_side_by_side_and_inside_the_picture(count, across, down):
    root = parse(svg.rooms_svg([(LAYOUT, START, f"room {i}") for i in range(count)], width=150))
    places = [transform(g)[:2] for g in root.findall(f"{SVG}g")]
    assert len(set(places)) == count
    assert int(root.get("width")) == 150 * across
    height = int(root.get("height")) / down
    assert places == [(150 * (i % 3), height * (i // 3)) for i in range(count)]
    lowest = max(float(t.get("y")) for t in root.iter(f"{SVG}text"))
    assert lowest < height


def test_a_film_strip_shows_evenly_spaced_moments_with_both_ends():
    episode = walk(*[Action.RIGHT, Action.LEFT] * 5)
    texts = [room[2] for room in svg.strip_rooms(episode, frames=6)]
    moments = [0 if text == "start" else int(re.search(r"\d+", text).group()) for text in texts]
    assert moments == [0, 2, 4, 6, 8, 10]
    assert texts[:2] == ["start", "step 2: left"]
    assert parse(svg.strip_svg(episode)).get("aria-label").startswith("start: A room of")


def test_a_film_strip_of_a_short_episode_shows_each_moment_once():
    rooms = svg.strip_rooms(walk(Action.RIGHT, Action.DOWN), frames=6)
    assert [room[1]["agent"] for room in rooms] == [(0, 0), (0, 1), (1, 1)]
    assert [room[3] for room in rooms] == [[(0, 0)], [(0, 0), (0, 1)], [(0, 0), (0, 1), (1, 1)]]
    assert [room[2] for room in svg.strip_rooms(Episode((), LAYOUT))] == ["start"]


def test_a_film_strip_names_who_acted():
    skill = walk(Action.RIGHT, decision=Decision((), "has_key #1", "use has_key #1"))
    explore = walk(Action.PICK_UP, decision=Decision((), None, "explore: no memory yet"))
    assert svg.strip_rooms(skill)[-1][2] == "step 1: right (has_key #1)"
    assert svg.strip_rooms(explore)[-1][2] == "step 1: pick up (exploring)"


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (
            lambda: svg.room_svg(LAYOUT, START, width=40),
            "width must be at least 48 for 5 cells, got 40",
        ),
        (lambda: svg.rooms_svg([]), "rooms must hold at least one"),
        (lambda: svg.strip_svg(walk(Action.UP), frames=1), "frames must be at least 2 .* got 1"),
        (lambda: svg.strip_svg(Episode(())), "layout must be known to draw an episode, got None"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_cause(call, cause):
    with pytest.raises(ValueError, match=cause):
        call()


@settings(max_examples=30, deadline=None)
@given(st.integers(4, 20), st.integers(0, 10**6), st.lists(st.sampled_from(Action), max_size=20))
def test_any_room_can_be_drawn_in_any_state(size, seed, actions):
    episode = walk(*actions, layout=draw_layout(size, np.random.default_rng(seed)))
    text = svg.strip_svg(episode)
    root = parse(text)
    assert root.get("aria-label").count(f"A room of {size} by {size} cells") <= 6
    for path in root.iter(f"{SVG}path"):
        numbers = re.sub("[MLQZ]", " ", path.get("d")).split()
        assert all(0 <= float(number) <= svg.UNIT * size for number in numbers)
        assert max(map(len, numbers)) <= 5
