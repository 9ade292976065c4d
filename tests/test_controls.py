"""The progress bar: displayed once, moved by calls, and stored as one sentence."""

import nbformat
import pytest
from nbclient import NotebookClient

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab.experiment import train_many
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
