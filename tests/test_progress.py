"""The progress bar is displayed once and moved by calls."""

import pytest

from procmem import ProceduralMemoryAgent
from procmem.lab.experiment import train_many
from procmem.show import progress as module


@pytest.fixture
def bar(monkeypatch):
    """Return a bar that was displayed once, without displaying it."""
    shown = []
    monkeypatch.setattr(module, "display", shown.append)
    bar = module.progress_bar("Training")
    assert shown == [bar] and bar.bar.description == "Training"
    return bar


def test_a_bar_is_moved_by_calls_and_tells_the_time_to_go(bar):
    assert (bar.bar.value, bar.count.value) == (0, "not begun")
    for done in (1, 2, 3):
        bar(done, 3)
        assert (bar.bar.value, bar.bar.max) == (done, 3)
        assert bar.count.value.startswith(f"{done} of 3")
        assert ("to go" in bar.count.value) == (done < 3)
        assert (bar.bar.bar_style == "success") == (done == 3)
    bar(0, 0)
    assert bar.bar.max > 0  # the browser divides by it


def test_nothing_of_it_is_stored(bar):
    before = bar._repr_mimebundle_()
    bar(2, 3)
    assert bar._repr_mimebundle_() == before
    assert before["text/plain"] == ""
    assert "application/vnd.jupyter.widget-view+json" in before


def test_an_experiment_moves_the_bar(bar):
    train_many(ProceduralMemoryAgent, range(2), 1, progress=bar)
    assert (bar.bar.value, bar.count.value) == (2, "2 of 2")


def test_a_loop_that_is_tracked_moves_a_bar_of_its_own(monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", shown.append)
    seen = [(one, shown[0].bar.value) for one in module.tracked({"a": 1, "b": 2}.items(), "rows")]
    assert seen == [(("a", 1), 0), (("b", 2), 1)]
    assert (shown[0].bar.description, shown[0].count.value) == ("rows", "2 of 2")
    with pytest.raises(ValueError, match=r"things must be a sequence, got 3"):
        module.tracked(3)
