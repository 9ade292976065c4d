"""The controls: what a touch does, what is said, and the picture that each leaves."""

import itertools
from dataclasses import replace

import ipywidgets
import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.embedding import cosine_similarity
from procmem.gridworld import draw_layout, fixed_layout, shortest_path
from procmem.lab.baselines import NaiveMemoryAgent
from procmem.lab.encoders import HashedEncoder
from procmem.lab.worlds import BrokenWorld, OneRoom
from procmem.office import Office
from procmem.show.drag import DragRoom
from procmem.show.drive import DriveByHand
from procmem.show.networks import OffsetPlane, PolicyMap
from procmem.show.similarity import SimilarityField, number, similarity_field
from procmem.show.threshold import ThresholdExplorer, reuse_queries
from procmem.show.touch import touchable
from procmem.show.widget import parts

LAYOUT = fixed_layout(5)
strokes = itertools.count()


def touch(control, *cells, thing=""):
    """Report a touch as the browser does."""
    control.surface.touch = {
        "thing": thing,
        "cells": list(map(list, cells)),
        "stroke": next(strokes),
    }


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(20)
    agent.consolidate()
    return agent


@pytest.fixture
def drive():
    return DriveByHand(GridWorld())


@pytest.fixture
def every(trained, drive):
    """Return one control of each kind."""
    networks = [skill for skill in trained.library if skill.kind == "network"]
    return [
        drive,
        DragRoom({"ours": trained}, LAYOUT),
        SimilarityField({"ours": trained.encoder}, LAYOUT),
        OffsetPlane(networks),
        ThresholdExplorer([(0.5, True), (0.7, False)]),
        PolicyMap(LAYOUT, {"now": networks}),
    ]


def test_every_control_leaves_a_picture_and_its_description_and_names_its_buttons(every):
    for control in every:
        bundle = control._repr_mimebundle_()
        assert '<img alt="' in bundle["text/html"] and "image/png" not in bundle
        assert len(bundle["text/plain"]) > 20
        assert "application/vnd.jupyter.widget-view+json" in bundle
        buttons = [one for one in parts(control) if isinstance(one, ipywidgets.Button)]
        assert all(button.description for button in buttons)


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda: DriveByHand(Office()), "env must be a GridWorld"),
        (lambda: DragRoom({"ours": ProceduralMemoryAgent(Office())}), "room must be a Layout"),
        (lambda: DragRoom({}, LAYOUT), "agents must be a dict with at least one name"),
        (lambda: SimilarityField({}, LAYOUT), "encoders must be a dict with at least one name"),
        (lambda: SimilarityField([1], LAYOUT), "encoders must be a dict with at least one name"),
        (lambda: SimilarityField({"one": len}, LAYOUT, 5), "other must be a Layout, got 5"),
        (lambda: SimilarityField({"one": len}, LAYOUT, state={"a": 1}), "where agent and key are"),
        (lambda: ThresholdExplorer([], 1.5), r"threshold must be a number in 0..1, got 1.5"),
        (lambda: OffsetPlane([]), "networks must hold at least one"),
        (lambda: PolicyMap(LAYOUT, {}), "stages must name at least one list of skills"),
        (lambda: PolicyMap(LAYOUT, {"now": []}), "stages must name at least one list of skills"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, cause):
    with pytest.raises(ValueError, match=cause):
        make()


def test_a_closed_control_takes_all_that_it_is_made_of_along(every):
    for control in every:
        made = parts(control)
        assert len(made) > 3 and all(widget.comm for widget in made)
        control.close()
        assert not any(widget.comm for widget in made)


def test_cells_and_things_can_be_reached_by_keyboard():
    drawn = touchable(2, {"key": (1, 0)}, click=True)
    assert drawn.count("data-cell=") == 4 and drawn.count('tabindex="0"') == 2
    assert 'data-thing="key" data-at="1,0"' in drawn
    assert 'aria-label="key at (1, 0); the arrow keys move it"' in drawn


def test_a_stroke_that_grows_is_heard_once_for_each_cell(drive):
    drive.brush.value = True
    for cells in ([[0, 1]], [[0, 1], [0, 2], [0, 3]]):
        drive.surface.touch = {"thing": "", "cells": cells, "stroke": "one"}
    assert {(0, 1), (0, 2), (0, 3)} <= drive.room.walls


# drive by hand


def test_the_learner_drives_to_the_goal_and_is_measured_by_the_optimum(drive):
    for action in shortest_path(GridWorld()):
        drive.act(drive.do, action)
    assert drive.episode.solved
    assert "The goal is reached: no path is shorter." in drive.surface.html
    drive.up.click()
    assert "The goal is reached already." in drive.words and len(drive.steps) == 10


def test_what_changes_nothing_costs_its_step_and_can_be_taken_back(drive):
    drive.up.click()
    assert "It changed nothing" in drive.words and len(drive.steps) == 1
    drive.undo.click()
    assert drive.words == "Undone: <b>up</b>." and drive.steps == []
    drive.undo.click()
    assert drive.words == "There is no step to undo."


def test_a_click_walks_there_takes_the_key_and_opens_the_door(drive):
    touch(drive, (2, 2))
    assert drive.state["agent"] == (2, 2) and len(drive.steps) == 4
    touch(drive, (2, 2))
    assert drive.state["has_key"]
    touch(drive, (2, 3))
    touch(drive, LAYOUT.door)
    assert drive.state["door_open"]
    touch(drive, LAYOUT.goal)
    assert drive.episode.solved


def test_a_click_where_no_walk_leads_is_told(drive):
    for cell in ((4, 0), (3, 0)):
        touch(drive, cell)
        assert f"cell must be one that a walk leads to, got {cell}" in drive.words
    assert drive.steps == []


def test_a_painted_wall_closes_the_way_and_painting_again_opens_it(drive):
    drive.guide.value = drive.brush.value = True
    assert "From here: 10 steps." in drive.surface.html
    touch(drive, (4, 3))
    assert "No path leads to the goal from here." in drive.surface.html
    touch(drive, (4, 3))
    assert "No path" not in drive.surface.html
    touch(drive, LAYOUT.key)
    assert "key must not lie in a wall" in drive.words


def test_what_was_driven_becomes_skills_and_the_agent_uses_them():
    room = draw_layout(5, np.random.default_rng(3))
    drive = DriveByHand(OneRoom(room), next_room=room)
    drive.make.click()
    assert "Nothing to learn from yet" in drive.words
    for action in shortest_path(OneRoom(room)):
        drive.act(drive.do, action)
    drive.make.click()
    assert "3 pieces" in drive.words and len(drive.agent.library) > 3
    best = len(drive.steps)
    assert f"reaches the goal after {best} steps; {best} are enough" in drive.surface.html
    drive.make.click()
    assert "Nothing new" in drive.words


def test_the_learners_world_stays_as_it_is_and_keeps_its_twist():
    env = BrokenWorld()
    env.broken = {Action.RIGHT}
    before, drive = env.state, DriveByHand(env)
    drive.right.click()
    assert "It changed nothing" in drive.words and env.state == before


# drag a room


def test_a_drag_moves_a_thing_and_every_agent_walks_anew(trained):
    control = DragRoom({"ours": trained, "naive memory": NaiveMemoryAgent(GridWorld())}, LAYOUT)
    before, known = control.episodes["ours"], len(trained.library)
    touch(control, (2, 2), (0, 4), thing="key")
    assert control.room == replace(LAYOUT, key=(0, 4))
    assert control.episodes["ours"].steps != before.steps
    assert control.episodes["ours"].solved and len(trained.library) == known
    assert "The key is at (0, 4). ours: " in control.words
    assert len(control.episodes["naive memory"]) <= 300


@pytest.mark.parametrize(
    ("thing", "cell", "cause"),
    [
        ("key", (3, 0), "key must not lie in a wall"),
        ("door", (1, 1), "door must be in the wall, got (1, 1)"),
        ("goal", (2, 2), "must not share cells"),
        ("key", (4, 0), "the goal must be reachable"),
    ],
)
def test_a_drag_that_does_not_work_is_told_and_changes_nothing(trained, thing, cell, cause):
    control = DragRoom({"ours": trained}, LAYOUT)
    touch(control, cell, thing=thing)
    assert control.words.startswith("That does not work: ") and cause in control.words
    assert control.room == LAYOUT


def test_the_door_moves_within_the_wall_and_the_same_drag_gives_the_same_paths(trained):
    pages = set()
    for _ in range(2):
        control = DragRoom({"ours": trained}, LAYOUT)
        touch(control, (3, 0), thing="door")
        assert control.room.door == (3, 0) and (3, 3) in control.room.walls
        pages.add(control.surface.html)
    assert len(pages) == 1


# a similarity field


def test_a_field_holds_the_cosine_of_every_free_cell(trained):
    control = SimilarityField({"ours": trained.encoder, "hashed": HashedEncoder(64)}, LAYOUT)
    grid = control.similarities
    assert np.isnan(grid[3]).all() and np.isfinite(grid).sum() == 20
    there = trained.encoder({**LAYOUT.state(), "agent": (1, 3)})
    assert grid[1, 3] == pytest.approx(cosine_similarity(there, trained.encoder(LAYOUT.state())))
    assert grid[0, 0] == pytest.approx(1)
    control.encoder.value = "hashed"
    assert not np.allclose(np.nan_to_num(control.similarities), np.nan_to_num(grid))


def test_a_drag_changes_the_situation_that_is_compared(trained):
    control = SimilarityField({"ours": trained.encoder}, LAYOUT)
    touch(control, (0, 0), (1, 1), thing="agent")
    assert control.state["agent"] == (1, 1) and "The agent is at (1, 1)." in control.words
    assert control.similarities[1, 1] == pytest.approx(1)
    for thing, cell in (("agent", (3, 1)), ("key", LAYOUT.door)):
        touch(control, cell, thing=thing)
        assert f"{thing} must be in a free cell, got {cell}" in control.words
    touch(control, (0, 4))
    assert control.state["key"] == LAYOUT.key


def test_the_facts_of_the_situation_hold_in_the_other_room(trained):
    state = {**LAYOUT.state(), "has_key": True, "door_open": True}
    grid = similarity_field(trained.encoder, state, LAYOUT)
    assert np.isfinite(grid[LAYOUT.door])
    control = SimilarityField({"ours": trained.encoder}, LAYOUT, state=state)
    assert 'data-thing="key"' not in control.surface.html
    control.move("agent", (1, 0))
    assert control.state["key"] == (1, 0)


def test_similarities_are_written_with_a_true_minus_and_no_minus_zero():
    assert [number(x) for x in (-0.5, -0.001, 0.999999999)] == ["−0.50", "0.00", "1.00"]


# thresholds


QUERIES = [(0.9, True), (0.8, False), (0.6, True), (0.4, False)]


@pytest.mark.parametrize(
    ("threshold", "counts"),
    [(0.0, [2, 2, 0, 0]), (0.5, [2, 1, 0, 1]), (0.8, [1, 1, 1, 1]), (1.0, [0, 0, 2, 2])],
)
def test_fates_are_counted_by_hand(threshold, counts):
    assert list(ThresholdExplorer(QUERIES).counts(threshold).values()) == counts


def test_every_threshold_is_a_step_and_its_cost_is_drawn():
    explorer = ThresholdExplorer(QUERIES, 0.7, cost=(3, 1))
    assert explorer.stage.frames["last"] == 100 and explorer.stage.step == 70
    assert explorer.number.value == explorer.slider.value == 70
    costs = [explorer._cost(n / 100) for n in (0, 50, 85, 100)]
    assert costs == [6, 3, 1, 2]
    dots = explorer.stage.frames["tracks"]["dot"]
    assert dots[1][1] < dots[2 * 85 + 1][1]


def test_no_queries_are_no_trouble():
    assert "of 0 tries" in repr(ThresholdExplorer([]))


def test_queries_are_what_memory_offers(trained):
    queries = reuse_queries(trained, [(LAYOUT, LAYOUT.state())])
    assert queries and all(isinstance(works, bool) for _, works in queries)


# networks


def test_the_plane_shows_the_probabilities_of_an_offset(trained):
    network = next(s for s in trained.library if s.kind == "network" and "has_key" in s.effects)
    plane = OffsetPlane([network])
    assert max(plane.at(network, (0, 3)), key=plane.at(network, (0, 3)).get) == Action.RIGHT
    touch(plane, (0, 4))
    assert plane.offset == (-4, 0) and "At -4 rows, 0 columns" in plane.words
