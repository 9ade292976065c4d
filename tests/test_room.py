"""A room is an image with its description; every thing has its own shape and its own place."""

import base64
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procmem import Action
from procmem.gridworld import draw_layout, fixed_layout, transition
from procmem.lab.worlds import OneRoom
from procmem.rehearsal import reachable
from procmem.show.room import describe_room, path_svg, pose, room, room_svg, rooms_svg, stretches

LAYOUT = fixed_layout(5)
START = LAYOUT.state()


def inside(picture):
    """Return the SVG in the data of an image, parsed, and the image's alternative text."""
    image = ElementTree.fromstring(str(picture).replace('">', '"/>'))
    data = image.get("src").removeprefix("data:image/svg+xml;base64,")
    return ElementTree.fromstring(base64.b64decode(data)), image.get("alt")


def after(*actions):
    state = START
    for action in actions:
        state = transition(LAYOUT, state, action)
    return state


def test_a_room_is_an_image_with_its_description():
    picture = room_svg(LAYOUT, START)
    svg, alt = inside(picture)
    assert alt == describe_room(LAYOUT, START) == repr(picture)
    assert picture._repr_html_() == str(picture)
    assert (svg.get("width"), svg.get("height"), svg.get("role")) == ("240", "240", "img")


def test_the_description_says_where_everything_is():
    assert describe_room(LAYOUT, START) == (
        "A room of 5 by 5 cells: the agent is at (0, 0); the key lies at (2, 2); the door at (3, 3)"
        " is closed; the goal at (4, 4) is not reached; row 3 is wall but for column 3."
    )
    carried = describe_room(LAYOUT, {**START, "has_key": True, "door_open": True})
    assert "the agent at (0, 0) carries the key" in carried
    assert "the door at (3, 3) is open" in carried


def test_every_reachable_situation_has_its_own_picture_and_its_own_words():
    states = reachable(OneRoom(LAYOUT), START)
    assert len({room_svg(LAYOUT, state) for state in states}) == len(states)
    assert len({describe_room(LAYOUT, state) for state in states}) == len(states)


def test_door_and_key_differ_in_shape_and_not_in_colour_alone():
    def shapes(**changed):
        return re.sub("#[0-9a-f]{6}", "", room(LAYOUT, {**START, **changed}, 240))

    assert shapes() != shapes(has_key=True) != shapes(door_open=True) != shapes()


def test_things_are_in_their_cells_with_row_0_at_the_top_and_make_room_for_each_other():
    posed = pose(LAYOUT, {**START, "agent": (0, 3)})
    assert (posed["agent"], posed["key"]) == ((60, 0, 1), (40, 40, 1))
    assert (posed["open door"], posed["held key"]) == (None, None)
    posed = pose(LAYOUT, {**START, "agent": LAYOUT.key})
    assert posed["agent"][2] < 1 and posed["key"][2] < 1


def test_walls_are_drawn_where_they_are():
    assert "M0 60h20v20h-20zM20 60h20" in room(LAYOUT, START, 240)


def test_where_cells_are_small_every_fifth_is_numbered():
    def numbers(size):
        layout = fixed_layout(size)
        return re.findall(r">(\d+)</text>", room(layout, layout.state(), 240))

    assert sorted(set(numbers(5))) == ["0", "1", "2", "3", "4"]
    assert sorted(set(numbers(20)), key=int) == ["0", "5", "10", "15"]


def test_a_room_has_every_part_once_and_without_parts_nothing_hidden():
    text = room_svg(LAYOUT, START).svg
    assert not re.search(r"\bid=|data-part|display:none", text) and len(text) < 4_000
    parts = re.findall(r'data-part="0([a-z ]+)"', room(LAYOUT, START, 240, part="0"))
    assert sorted(parts) == [
        "agent",
        "closed door",
        "goal",
        "held key",
        "key",
        "open door",
        "trail",
    ]


def test_a_trail_has_each_stretch_once():
    cells = [(0, 0), (0, 1), (0, 1), (0, 0), (1, 0)]
    assert stretches(cells) == ["", "M10 11L30 11", "", "", "M10 11L10 31"]


def test_captions_are_escaped_wrapped_and_part_of_the_description():
    picture = rooms_svg([(LAYOUT, START, "<b>&, a caption that is too long for one line")])
    svg, alt = inside(picture)
    lines = [text.text for text in svg.iter() if text.get("font-size") == "13"]
    assert len(lines) > 1 and " ".join(lines) == "<b>&, a caption that is too long for one line"
    assert alt.startswith("<b>&, a caption")


@pytest.mark.parametrize(("count", "width", "rows"), [(1, 180, 1), (3, 540, 1), (4, 540, 2)])
def test_rooms_stand_side_by_side(count, width, rows):
    svg, _ = inside(rooms_svg([(LAYOUT, START, "x")] * count))
    assert (svg.get("width"), svg.get("height")) == (str(width), str(200 * rows))


def test_what_cannot_be_drawn_is_refused_with_the_cause():
    with pytest.raises(ValueError, match="width must be at least 48 for 5"):
        room_svg(LAYOUT, START, width=40)
    with pytest.raises(ValueError, match="rooms must hold at least one"):
        rooms_svg([])


@settings(max_examples=30, deadline=None)
@given(st.integers(4, 12), st.integers(0, 99), st.lists(st.sampled_from(Action), max_size=30))
def test_any_room_can_be_drawn_in_any_state(size, seed, actions):
    layout = draw_layout(size, np.random.default_rng(seed))
    state = layout.state()
    for action in actions:
        state = transition(layout, state, action)
    svg, alt = inside(room_svg(layout, state))
    assert alt == svg.get("aria-label")


def test_a_world_that_shows_its_rooms_turned_is_drawn_upright():
    class Turned(type(LAYOUT)):
        def upright(self, state):
            return {**state, "agent": (4, 0)}

    layout = Turned(**vars(replace(LAYOUT)))
    assert pose(layout, START)["agent"][:2] == (0, 80)


def test_the_path_of_a_skill_begins_in_a_ring_and_marks_deeds():
    svg = ElementTree.fromstring(path_svg([Action.RIGHT, Action.PICK_UP, Action.DOWN]))
    assert svg.get("aria-label") == "The path: right pick up down"
    assert "M24 5h12v12h-12z" in ElementTree.tostring(svg).decode()
    ElementTree.fromstring(path_svg([]))
