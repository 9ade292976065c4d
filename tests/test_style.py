"""One look: a thing has the same colour and marker everywhere, in any style of the reader."""

import itertools
import re
from dataclasses import replace

import matplotlib
import matplotlib.pyplot as plt
import pytest
from test_plots import FIVE

from procmem import Episode, GridWorld, ProceduralMemoryAgent
from procmem.show.plots import plot_comparison, plot_learning_curve, plot_skill_success
from procmem.show.ribbon import ribbon
from procmem.show.style import CARD, FLOOR, GREY, INK, LOOKS, looks, svg_dash

matplotlib.use("Agg")
AGENT = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
LIFE = AGENT.train(8)
READERS = {
    "dark": {"figure.facecolor": "black", "axes.facecolor": "black", "text.color": "white"},
    "large": {"font.size": 25, "lines.linewidth": 9, "axes.titlesize": 40},
    "formulas": {"text.usetex": True, "axes.formatter.use_locale": True},
    "grid": {"axes.grid": False, "axes.spines.top": True, "figure.dpi": 50},
}


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def test_no_two_things_have_one_look():
    assert len({(look.colour, look.marker) for look in LOOKS.values()}) == len(LOOKS)


def test_one_thing_has_one_look_by_whatever_name_and_beside_whatever():
    assert looks(["naive"])["naive"] == LOOKS["naive memory"] == looks(["x", "naive"])["naive"]
    assert looks(["with memory"])["with memory"] == LOOKS["ours"]


def test_what_the_course_does_not_know_looks_like_nothing_that_it_knows():
    free = looks([f"row {i}" for i in range(7)])
    assert len(set(free.values())) == 7
    assert not {look[:2] for look in free.values()} & {look[:2] for look in LOOKS.values()}
    assert len(looks(map(str, range(20)))) == 20


NAMES = ("ours", "no memory", "naive memory", "sham skills", "networks", "recordings")


@pytest.mark.parametrize("order", [NAMES, NAMES[::-1]])
def test_curves_and_comparisons_agree_in_any_order(order):
    for plot in (plot_learning_curve, plot_comparison):
        lines = plot(dict.fromkeys(order, FIVE)).lines
        drawn = {(line.get_color(), line.get_marker()) for line in lines}
        assert {LOOKS[name][:2] for name in order} <= drawn


def test_what_a_skill_achieves_has_its_colour_in_ribbons():
    episode = next(one for one in LIFE if one.skills)
    kinds = {name.partition(" #")[0] for name in episode.skills}
    drawn = ribbon(episode, len(episode))
    assert all(looks(kinds)[kind].colour in drawn for kind in kinds)
    network = replace(episode.decisions[-1], skill="network: has_key #1")
    step = replace(episode.steps[0], decision=network)
    assert LOOKS["has_key"].colour in ribbon(Episode((step,)), 1)


@pytest.mark.parametrize("reader", READERS)
def test_the_readers_settings_do_not_matter_and_do_not_change(reader):
    plots = (
        lambda: plot_learning_curve({"ours": FIVE}),
        lambda: plot_comparison({"ours": FIVE}),
        lambda: plot_skill_success(AGENT.library),
    )
    usual = [plot().figure.get_facecolor() for plot in plots]
    with matplotlib.rc_context(READERS[reader]):
        before = dict(matplotlib.rcParams)
        for plot, face in zip(plots, usual, strict=True):
            ax = plot()
            assert ax.figure.get_facecolor() == face
            texts = [text for text in ax.figure.findobj(matplotlib.text.Text) if text.get_text()]
            assert not any(text.get_usetex() for text in texts)
            assert max(text.get_fontsize() for text in texts) <= 12
        assert dict(matplotlib.rcParams) == before


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_and_lines_can_be_read_on_every_ground():
    for ink, ground in itertools.product((INK, GREY), (CARD, FLOOR)):
        assert contrast(ink, ground) >= 4.5
    lines = ("ours", "no memory", "naive memory", "networks", "optimum", "worked", "failed")
    assert all(contrast(LOOKS[name].colour, FLOOR) >= 3 for name in lines)


def test_dashes_are_the_same_in_svg():
    assert [svg_dash(LOOKS[name]) for name in ("ours", "no memory")] == ["", "6 4"]
    assert re.fullmatch(r"[\d. ]*", svg_dash(LOOKS["networks"]))
