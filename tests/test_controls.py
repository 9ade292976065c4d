"""The progress bar is displayed once and moved by calls; the learner drives and is measured."""

import re

import gymnasium
import nbformat
import pytest
from nbclient import NotebookClient

from procmem import Action, GridWorld, ProceduralMemoryAgent
from procmem.lab.experiment import train_many
from procmem.lab.worlds import BrokenWorld
from procmem.show import controls


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, instead of displaying it."""
    shown = []
    monkeypatch.setattr(controls, "display", shown.append)
    return shown


def test_a_bar_is_displayed_once_and_then_only_moved(shown):
    progress = controls.progress_bar("Training")
    assert (progress.bar.value, progress.count.value) == (0, "not begun")
    for done in (1, 2, 3):
        progress(done, 3)
        assert (progress.bar.value, progress.bar.max) == (done, 3)
        assert progress.count.value == f"{done} of 3"
        assert (progress.bar.bar_style == "success") == (done == 3)
    assert shown == [progress]


def test_a_bar_has_its_label(shown):
    assert controls.progress_bar("Training 3 agents").bar.description == "Training 3 agents"


def test_nothing_to_do_is_done(shown):
    progress = controls.progress_bar()
    progress(0, 0)
    assert progress.bar.max > 0  # the browser divides by it
    assert progress.bar.bar_style == "success"


def test_what_is_stored_is_a_sentence_that_never_changes(shown):
    progress = controls.progress_bar("Training")
    before = progress._repr_mimebundle_()
    progress(2, 3)
    assert progress._repr_mimebundle_() == before
    assert before["text/plain"] == "Training: while this runs, a bar shows how far it has come."
    assert "application/vnd.jupyter.widget-view+json" in before
    assert repr(controls.progress_bar()).startswith("Progress: ")


def test_an_experiment_moves_the_bar(shown):
    progress = controls.progress_bar("Training 2 agents")
    train_many(ProceduralMemoryAgent, range(2), 1, progress=progress)
    assert (progress.bar.value, progress.count.value) == (2, "2 of 2")


NOTEBOOK = [
    """
from procmem import *
from procmem.show.controls import progress_bar
progress = progress_bar("Counting")
for done in range(1, 4):
    progress(done, 3)
progress.count.value
""",
    """
from procmem.show.player import EpisodePlayer
agent = ProceduralMemoryAgent(GridWorld(5), rng=1)
player = EpisodePlayer(agent.run_episode())
player
""",
    """
player.next.click()
player.slider.value, player.number.value
""",
]


def test_in_a_real_kernel_the_bar_and_the_player_leave_picture_and_words(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in NOTEBOOK])
    NotebookClient(
        notebook,
        timeout=60,
        store_widget_state=False,
        resources={"metadata": {"path": str(tmp_path)}},
    ).execute()
    bar, count, player, moved = [out for cell in notebook.cells for out in cell.outputs]
    assert bar.data["text/plain"] == "Counting: while this runs, a bar shows how far it has come."
    assert count.data["text/plain"] == "'3 of 3'"
    assert player.data["image/png"].startswith("iVBORw0KGgo")  # PNG, in base64
    episode = ProceduralMemoryAgent(GridWorld(5), rng=1).run_episode()
    sentence = f"An episode of {len(episode)} steps: solved. Skills used: none."
    assert player.data["text/plain"] == sentence
    assert moved.data["text/plain"] == "(1, 1)"


# ---------------------------------------------------------------- drive by hand


WAY = ["right", "right", "down", "down", "pick_up", "right", "open_door", "down", "down", "right"]


@pytest.fixture
def drive():
    return controls.DriveByHand(GridWorld())


def press(drive, *names):
    for name in names:
        getattr(drive, name).click()


def words(widget):
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", widget.value, flags=re.DOTALL)
    return " ".join(text.split())


def test_the_learner_drives_to_the_goal_and_is_measured_by_the_optimum(drive):
    press(drive, *WAY)
    assert drive.episode.solved
    assert drive.state["agent"] == drive.state["goal"]
    assert "Steps: 10 . The shortest way from the start: 10 ." in words(drive.frame)
    assert "The goal is reached: no way is shorter." in words(drive.frame)
    press(drive, "up")
    assert len(drive.steps) == 10
    assert "The goal is reached already." in words(drive.frame)


def test_a_detour_is_counted(drive):
    press(drive, "right", "left", *WAY)
    assert "2 more than needed" in words(drive.frame)


def test_what_changes_nothing_costs_its_step(drive):
    press(drive, "up")
    assert "It changed nothing, but it costs its step." in words(drive.frame)
    assert (len(drive.steps), drive.state) == (1, drive.room.state())


def test_a_step_can_be_taken_back(drive):
    press(drive, "right", "down", "undo")
    assert [step.action.name for step in drive.steps] == ["RIGHT"]
    press(drive, "undo", "undo")
    assert "There is no step to undo." in words(drive.frame)
    press(drive, "right", "again")
    assert drive.steps == []


def test_what_was_driven_becomes_a_skill(drive):
    press(drive, "make")
    assert "Nothing to learn from yet" in words(drive.skills)
    press(drive, *WAY[:5], "make")
    assert "1 piece, cut where a fact became true: has_key ." in words(drive.skills)
    assert [len(skill) for skill in drive.library] == [5, 4, 3, 2, 1]
    press(drive, "make")
    assert "Nothing new: memory holds ways as short already." in words(drive.skills)


def test_the_rewards_are_those_of_the_world(drive):
    press(drive, *WAY)
    env = GridWorld()
    env.reset()
    rewards = [env.step(step.action)[1] for step in drive.steps]
    assert [step.reward for step in drive.steps] == rewards


def test_the_learners_world_stays_as_it_is():
    env = GridWorld(shuffle=True)
    env.reset(seed=5)
    before = env.state, env.np_random.bit_generator.state
    drive = controls.DriveByHand(env)
    press(drive, "up", "down", "left", "right", "make")
    assert (env.state, env.np_random.bit_generator.state) == before


def test_an_agent_learns_what_the_learner_does():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    drive = controls.DriveByHand(agent.env, agent)
    press(drive, *WAY, "make")
    assert len(agent.run_episode(learn=False)) == 10


def test_driving_leaves_a_picture_and_a_sentence(drive):
    press(drive, *WAY[:5])
    bundle = drive._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("Drive by hand: 5 steps taken, 10 are enough. A room of")


def test_every_button_says_what_it_does(drive):
    labels = [
        getattr(drive, name).description for name in ("up", "pick_up", "open_door", "undo", "again")
    ]
    assert labels == ["Up", "Pick up", "Open", "Undo", "Start again"]


def test_only_our_rooms_can_be_driven():
    lake = gymnasium.make("FrozenLake-v1")
    with pytest.raises(ValueError, match="env must be a GridWorld, got"):
        controls.DriveByHand(lake)


def test_a_world_with_a_twist_keeps_it():
    env = BrokenWorld()
    env.broken = {Action.DOWN}
    drive = controls.DriveByHand(env)
    press(drive, "down")
    assert drive.state["agent"] == (0, 0)
    press(drive, "right")
    assert drive.state["agent"] == (0, 1)
    assert env.state["agent"] == (0, 0)


def test_nothing_done_is_nothing_lived(drive):
    press(drive, "make", "make")
    assert drive.library.age == 0
