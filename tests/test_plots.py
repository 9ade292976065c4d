"""The pictures: what they draw is what the numbers say, and one can read it without colours."""

import itertools

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab.experiment import Results
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, wilson_interval
from procmem.show.plots import (
    plot_comparison,
    plot_learning_curve,
    plot_skill_success,
    summary_text,
)

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    """Forbid to show, and check that a plot leaves the settings of all plots as they were."""
    monkeypatch.setattr(plt, "show", lambda *args, **more: pytest.fail("a plot showed itself"))
    before = dict(matplotlib.rcParams)
    yield
    plt.close("all")
    assert dict(matplotlib.rcParams) == before


def results(steps, optimum=10, solved=True, skills=0):
    """Return ``Results`` of the given steps; half as many decisions, no reward."""
    steps = np.asarray(steps, dtype=np.float64)
    full = [np.broadcast_to(np.asarray(x), steps.shape) for x in (optimum, solved, skills)]
    return Results(steps, full[0] * 1.0, full[1], 0 * steps, steps / 2, full[2] * 1.0)


# Five agents, three episodes.
FIVE = results([[100, 50, 10], [200, 40, 12], [300, 30, 14], [400, 20, 16], [500, 10, 98]])


SEVEN = {f"condition {i}": results(FIVE.steps * 1.1**i) for i in range(7)}


def drawn_lines(ax):
    """Return the lines that stand for conditions: those with a marker."""
    return [line for line in ax.lines if line.get_marker() != "None"]


def optimum_of(ax):
    """Return the one dotted line."""
    (line,) = [line for line in ax.lines if line.get_linestyle() == ":"]
    return line


def render(ax):
    ax.figure.canvas.draw()
    return ax.figure.canvas.get_renderer()


# Learning curves


def test_a_line_is_the_median_over_agents_and_its_band_their_middle_half():
    ax = plot_learning_curve({"ours": FIVE})
    (line,), (band,) = drawn_lines(ax), ax.collections
    assert line.get_xdata().tolist() == [1, 2, 3]
    assert line.get_ydata().tolist() == [300, 30, 14]
    corners = band.get_paths()[0].vertices
    limits = [set(corners[corners[:, 0] == episode, 1]) for episode in (1, 2, 3)]
    assert limits == [{200, 400}, {20, 40}, {12, 16}]


def test_the_optimum_is_the_longest_one_and_every_line_is_named_beside_the_plot():
    optimum = [[8, 11, 12], [10, 11, 12], [20, 30, 12]]
    ax = plot_learning_curve(
        {"a": results([[20, 30]]), "$\\bad{": results([[20, 30, 40]] * 3, optimum)}
    )
    assert optimum_of(ax).get_ydata().tolist() == [10, 11, 12]
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["optimum", "a", "\\$\\bad{"]
    assert ax.get_title(loc="left").startswith("line: median of 1-3 agents")
    legend = ax.get_legend().get_window_extent(render(ax))
    assert legend.x0 >= ax.get_window_extent().x1 and legend.x1 <= ax.figure.bbox.x1


def test_neighbouring_lines_differ_in_their_dashes():
    lines = drawn_lines(plot_learning_curve(SEVEN))
    assert len({str(line._unscaled_dash_pattern) for line in lines[:5]}) == 5


@pytest.mark.parametrize("episodes", [1, 2, 9, 300])
def test_markers_of_short_and_long_curves_sit_at_their_ends(episodes):
    ax = plot_learning_curve({"ours": results(np.full((4, episodes), 20.0))})
    marked = drawn_lines(ax)[0].get_markevery()
    assert marked[-1] == episodes - 1 and len(marked) <= 10


# Comparison


def test_a_comparison_shows_both_means_the_interval_and_every_agent():
    ratio = np.array([[1, 1, 2, 30], [1, 1, 1, 2], [1, 1, 2, 3], [1, 1, 2, 3]], dtype=np.float64)
    ax = plot_comparison({"ours": results(10 * ratio)})
    dots, mean, middle, interval = drawn_lines(ax)
    assert sorted(dots.get_xdata()) == pytest.approx(sorted([8.5, 1.25, 1.75, 1.75]))
    assert mean.get_xdata() == [pytest.approx(53 / 16)]
    # Sorted: eight and one more 1s, four 2s, 3, 3, 30; without four at each end 1 * 5, 2 * 3.
    assert middle.get_xdata() == [pytest.approx(np.mean([1, 1, 1, 1, 1, 2, 2, 2]))]
    assert tuple(interval.get_xdata()) == bootstrap_interval(ratio)


def test_one_agent_has_no_interval():
    assert len(drawn_lines(plot_comparison({"ours": results([[10, 20]])}))) == 3


def test_a_comparison_names_conditions_their_success_and_the_optimum():
    solved = np.array([[True, True, True, False]])
    ax = plot_comparison({"ours": results([[10, 20, 20, 90]], solved=solved), "b": FIVE})
    render(ax)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == ["ours\n75.0% solved", "b\n100.0% solved"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first condition stands at the top
    assert [text.get_text() for text in ax.texts] == ["optimum"]
    assert list(optimum_of(ax).get_xdata()) == [1, 1]
    assert ax.get_xscale() == "log"


def test_many_conditions_get_a_taller_picture():
    ax = plot_comparison({f"condition {i}": results([[10 + i, 20]]) for i in range(9)})
    renderer = render(ax)
    boxes = [label.get_window_extent(renderer) for label in ax.get_yticklabels()]
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))


def test_another_interval_is_asked_for_once_by_picture_and_table():
    calls = []

    def interval(scores, statistic):
        calls.append((scores.shape, statistic))
        return np.array([1.0, 2.0])

    data = {"ours": results(FIVE.steps * 1.2345)}
    plot_comparison(data, interval=interval)
    assert "[1.00, 2.00]" in summary_text(data, interval=interval)
    assert calls == [(FIVE.steps.shape, interquartile_mean)]


# The numbers in words


def test_a_summary_says_what_the_picture_shows():
    ratio = np.array([[1, 2, 3, 4], [1, 2, 3, 40]], dtype=np.float64)
    solved = np.array([[True, True, True, True], [True, True, True, False]])
    data = {"ours": results(10 * ratio, solved=solved), "none": results(100 * ratio[:1])}
    head, ours, none = summary_text(data).split("\n")
    assert head.split() == [
        *("success", "steps/optimum", "95", "%", "interval", "mean", "max", "decisions/step")
    ]
    low, high = bootstrap_interval(ratio)
    # The middle half of 1 1 2 2 3 3 4 40 is 2 2 3 3.
    assert ours.split() == f"ours 87.5% 2.50 [{low:.2f}, {high:.2f}] 7.00 40.00 0.50".split()
    assert none.split() == ["none", "100.0%", "25.00", "-", "25.00", "40.00", "0.50"]
    assert len({len(head), len(ours), len(none)}) == 1


# All pictures

PLOTS = [plot_learning_curve, plot_comparison]


@pytest.mark.parametrize("plot", PLOTS)
def test_conditions_differ_in_more_than_colour(plot):
    assert len({line.get_marker() for line in drawn_lines(plot(SEVEN))} - {".", "|"}) == 7


@pytest.mark.parametrize("plot", PLOTS)
def test_a_picture_uses_the_axes_it_is_given_and_leaves_their_style(plot):
    _, (left, right) = plt.subplots(1, 2, facecolor="black")
    assert plot({"a": FIVE}, left) is left
    assert not right.has_data() and len(plt.get_fignums()) == 1
    assert left.figure.get_facecolor() == (0, 0, 0, 1)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_picture_can_be_read_at_half_its_size(plot):
    ax = plot({"a": FIVE, "50 $ and 60 $": FIVE})
    assert inside(ax)
    written = ax.findobj(matplotlib.text.Text)
    assert min(text.get_fontsize() for text in written if text.get_text()) >= 9
    assert ax.figure.get_size_inches()[0] <= 6.4
    assert ax.get_xlabel()
    assert ax.get_ylabel() or all(label.get_text() for label in ax.get_yticklabels())


@pytest.mark.parametrize("call", [*PLOTS, summary_text])
@pytest.mark.parametrize(("data", "cause"), [({}, "at least one name"), (FIVE, "a dict")])
def test_wrong_data_are_refused(call, data, cause):
    with pytest.raises(ValueError, match=cause):
        call(data)


# How often each skill worked


@pytest.fixture(scope="module")
def library():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=2)
    agent.train(12)
    return agent.library


def inside(ax):
    """Whether everything that is drawn or written lies within the figure."""
    ax.figure.canvas.draw()
    box, frame = ax.get_tightbbox(), ax.figure.bbox
    return box.x0 > -1 and box.y0 > -1 and box.x1 < frame.x1 + 1 and box.y1 < frame.y1 + 1


def test_success_shows_share_interval_and_estimate(library):
    ax = plot_skill_success(library, most=4)
    ranked = sorted(library, key=lambda s: (-s.times_used, s.name))[:4]
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    shares = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    hollow = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert shares == [s.success_count / s.times_used for s in ranked]
    assert hollow == [s.success_estimate for s in ranked]
    for skill, bar in zip(ranked, bars, strict=True):
        assert tuple(bar.get_xdata()) == wilson_interval(skill.success_count, skill.times_used)
    assert inside(ax)


def test_all_skills_are_shown_those_never_used_too(library):
    ax = plot_skill_success(library, most=None, interval=lambda worked, used: (0.25, 0.75))
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    unused = sum(skill.times_used == 0 for skill in library)
    assert (len(bars), len(dots)) == (len(library), len(library) - unused)
    assert all(list(bar.get_xdata()) == [0.25, 0.75] for bar in bars)
    assert inside(ax)


def test_no_skill_is_refused():
    with pytest.raises(ValueError, match="library must hold at least one skill, got none"):
        plot_skill_success([])
