"""One look: a thing has the same colour and marker everywhere, in any style of the reader."""

import itertools
import re
from dataclasses import replace

import matplotlib
import matplotlib.pyplot as plt
import pytest
from test_plots import FIVE

from procmem import Episode, GridWorld, ProceduralMemoryAgent
from procmem.gridworld import fixed_layout
from procmem.show.drag import DragRoom
from procmem.show.picture import mark
from procmem.show.plots import plot_comparison, plot_learning_curve, plot_skill_success
from procmem.show.ribbon import ribbon
from procmem.show.similarity import _shade
from procmem.show.style import CARD, FLOOR, GREY, INK, LOOKS, Look, looks, svg_dash

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


def test_one_thing_has_one_look_by_whatever_name_and_beside_whatever():
    assert looks(["naive"])["naive"] == LOOKS["naive memory"] == looks(["x", "naive"])["naive"]
    assert looks(["with skills"])["with skills"] == LOOKS["ours"]


def test_what_the_course_does_not_know_looks_like_nothing_that_it_knows():
    free = looks([f"row {i}" for i in range(7)])
    assert len(set(free.values())) == 7
    assert not {look[:2] for look in free.values()} & {look[:2] for look in LOOKS.values()}
    assert len(looks(map(str, range(20)))) == 20


NAMES = ("ours", "no memory", "naive memory", "sham skills", "networks", "recordings")


def legends():
    """Yield what every legend of the package says: a thing, and its colour and shape."""
    for names in (NAMES, NAMES[::-1], NAMES[:2]):
        data = dict.fromkeys(names, FIVE)
        legend = plot_learning_curve(data).get_legend()
        for line, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            yield text.get_text(), (line.get_color(), shape(line.get_marker()))
        ax = plot_comparison(data)
        filled = [line for line in ax.lines if shape(line.get_marker()) and not hollow(line)]
        for line, label in zip(filled, ax.get_yticklabels(), strict=True):
            yield label.get_text().split("\n")[0], (line.get_color(), shape(line.get_marker()))
        ((_, drawn),) = DragRoom(dict.fromkeys(names, AGENT), fixed_layout(5)).panels(live=False)
        sample = r'<g transform="translate\(37 [^"]+"><path d="([^"]+)" fill="([^"]+)"'
        for name, (d, colour) in zip(names, re.findall(sample, drawn), strict=True):
            yield name, (colour, d)
    for kind in ("has_key", "door_open", "at_goal"):
        for skill in (f"{kind} #1", f"{kind} #23", f"network: {kind} #1"):
            decision = replace(LIFE[-1].decisions[-1], skill=skill)
            episode = Episode((replace(LIFE[-1].steps[0], decision=decision),))
            yield kind, (re.search(r'fill="([^"]+)"', ribbon(episode, 1))[1], "block")


def shape(marker):
    """Return a marker of matplotlib as pictures in SVG draw it."""
    drawn = marker not in ("", ".", "|", "None")
    return re.search('d="([^"]+)', mark(Look(INK, marker), 0, 0))[1] if drawn else ""


def hollow(line):
    return line.get_markerfacecolor() == "white"


def test_in_all_legends_a_thing_has_one_look_and_a_look_is_one_thing():
    found = set(legends())
    things, seen = zip(*found, strict=True)
    assert {*NAMES, "optimum", "has_key", "door_open", "at_goal"} == set(things)
    assert len(set(things)) == len(set(seen)) == len(found)


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
    assert all(contrast(INK, _shade(share / 10)) >= 4.5 for share in range(-10, 11))
    lines = ("ours", "no memory", "naive memory", "networks", "optimum", "worked", "failed")
    assert all(contrast(LOOKS[name].colour, FLOOR) >= 3 for name in lines)


def test_dashes_are_the_same_in_svg():
    assert [svg_dash(LOOKS[name]) for name in ("ours", "no memory")] == ["", "6 4"]
    assert re.fullmatch(r"[\d. ]*", svg_dash(LOOKS["networks"]))
