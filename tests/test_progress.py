"""The progress bar is displayed once and moved by calls."""

import pytest

from procmem import ProceduralMemoryAgent
from procmem.lab.experiment import train_many
from procmem.show import progress as module


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, instead of displaying it."""
    shown = []
    monkeypatch.setattr(module, "display", shown.append)
    return shown


def test_a_bar_is_displayed_once_and_then_only_moved(shown):
    progress = module.progress_bar("Training")
    assert (progress.bar.value, progress.count.value) == (0, "not begun")
    for done in (1, 2, 3):
        progress(done, 3)
        assert (progress.bar.value, progress.bar.max) == (done, 3)
        assert progress.count.value.startswith(f"{done} of 3")
        assert ("to go" in progress.count.value) == (done < 3)
        assert (progress.bar.bar_style == "success") == (done == 3)
    assert shown == [progress] and progress.bar.description == "Training"


def test_nothing_to_do_is_done(shown):
    progress = module.progress_bar()
    progress(0, 0)
    assert progress.bar.max > 0  # the browser divides by it
    assert progress.bar.bar_style == "success"


def test_what_is_stored_is_a_sentence_that_never_changes(shown):
    progress = module.progress_bar("Training")
    before = progress._repr_mimebundle_()
    progress(2, 3)
    assert progress._repr_mimebundle_() == before
    assert before["text/plain"] == "Training: while this runs, a bar shows how far it has come."
    assert "application/vnd.jupyter.widget-view+json" in before


def test_an_experiment_moves_the_bar(shown):
    progress = module.progress_bar("Training 2 agents")
    train_many(ProceduralMemoryAgent, range(2), 1, progress=progress)
    assert (progress.bar.value, progress.count.value) == (2, "2 of 2")
