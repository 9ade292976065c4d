"""The pictures: what they draw is what the numbers say, and one can read it without colours."""

import itertools

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab.experiment import Results
from procmem.lab.statistics import bootstrap_interval, interquartile_mean, wilson_interval
from procmem.show import comparison
from procmem.show.comparison import plot_comparison, plot_skill_success, summary_text
from procmem.show.plots import QUANTITIES, caption, plot_learning_curve

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


def texts(ax):
    """Return everything that is written in a picture."""
    return [text.get_text() for text in ax.texts if text.get_text()]


def told(ax):
    """Return the caption of a picture as one line."""
    return " ".join(caption(ax).split())


def drawn_lines(ax):
    """Return the lines that stand for conditions: those with a marker."""
    return [line for line in ax.lines if line.get_marker() != "None"]


def render(ax):
    ax.figure.canvas.draw()
    return ax.figure.canvas.get_renderer()


# Learning curves


def test_a_line_is_the_median_over_agents():
    (line,) = drawn_lines(plot_learning_curve({"ours": FIVE}))
    assert line.get_xdata().tolist() == [1, 2, 3]
    assert line.get_ydata().tolist() == [300, 30, 14]


def test_the_band_is_the_middle_half():
    (band,) = plot_learning_curve({"ours": FIVE}).collections
    corners = band.get_paths()[0].vertices
    limits = [set(corners[corners[:, 0] == episode, 1]) for episode in (1, 2, 3)]
    assert limits == [{200, 400}, {20, 40}, {12, 16}]


def test_few_agents_are_drawn_one_by_one():
    ax = plot_learning_curve({"ours": results([[10, 20], [30, 60]])})
    thin = [line.get_ydata().tolist() for line in ax.lines if line.get_linewidth() < 1]
    assert thin == [[10, 20], [30, 60]]
    assert not ax.collections
    assert drawn_lines(ax)[0].get_ydata().tolist() == [20, 40]


def test_one_agent_has_no_spread():
    ax = plot_learning_curve({"ours": results([[10, 20]])})
    assert len(ax.lines) == 2  # the agent and the optimum
    assert ax.get_title(loc="left") == "1 agent"


def test_the_optimum_is_drawn_and_named():
    optimum = [[8, 11], [10, 11], [20, 30]]
    ax = plot_learning_curve({"ours": results([[90, 80]] * 3, optimum)})
    (line,) = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert line.get_ydata().tolist() == [10, 11]
    assert texts(ax).count("optimum") == 1


@pytest.mark.parametrize(
    ("quantity", "ours", "best"),
    [
        ("ratio", [30, 3], [1, 1]),
        ("solved", [75, 25], [100, 100]),
        ("rewards", [0, 0], [0.9, 0.9]),
    ],
)
def test_other_quantities(quantity, ours, best):
    solved = [[1, 1], [1, 0], [1, 0], [0, 0]]
    data = results([[300, 30]] * 4, solved=np.array(solved, dtype=bool), skills=7)
    ax = plot_learning_curve({"ours": data}, quantity=quantity)
    assert drawn_lines(ax)[0].get_ydata().tolist() == ours
    dotted = [line.get_ydata().tolist() for line in ax.lines if line.get_linestyle() == ":"]
    assert dotted == ([pytest.approx(best)] if best else [])
    assert ax.get_ylabel() == QUANTITIES[quantity]
    assert ax.get_yscale() == ("log" if quantity == "ratio" else "linear")


SEVEN = {f"condition {i}": results(FIVE.steps * 1.1**i) for i in range(7)}


@pytest.mark.parametrize("plot", [plot_learning_curve, plot_comparison])
def test_conditions_differ_in_more_than_colour(plot, monkeypatch):
    monkeypatch.setattr(comparison, "bootstrap_interval", lambda scores: (1.0, 2.0))
    marks = {line.get_marker() for line in drawn_lines(plot(SEVEN))} - {".", "|"}
    assert len(marks) == 7


def test_neighbouring_lines_differ_in_their_dashes():
    ax = plot_learning_curve(SEVEN)
    dashes = [str(line._unscaled_dash_pattern) for line in drawn_lines(ax)]
    assert len(set(dashes[:5])) == 5


def test_markers_of_short_and_long_curves_sit_at_their_ends():
    for episodes in (1, 2, 9, 300):
        ax = plot_learning_curve({"ours": results(np.full((4, episodes), 20.0))})
        assert drawn_lines(ax)[0].get_markevery()[-1] == episodes - 1
        assert len(drawn_lines(ax)[0].get_markevery()) <= 10


def test_names_stand_apart_beside_the_ends_of_their_lines():
    ax = plot_learning_curve(SEVEN)
    renderer = render(ax)
    labels = [text for text in ax.texts if text.get_text()]
    assert {text.get_text() for text in labels} == {*SEVEN, "optimum"}
    # Of the text alone: an annotation's own extent takes its thread in.
    extent = matplotlib.text.Text.get_window_extent
    boxes = [extent(text, renderer) for text in labels]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(boxes, 2))
    assert all(box.x0 > ax.get_window_extent().x1 for box in boxes)
    assert all(box.x1 <= ax.figure.bbox.x1 for box in boxes)
    ends = {text.get_text(): text.xy[1] for text in labels}
    assert ends["condition 2"] == pytest.approx(14 * 1.1**2)
    order = sorted(labels, key=lambda text: text.xy[1])
    assert [extent(text).y0 for text in order] == sorted(box.y0 for box in boxes)


def test_names_do_not_climb_above_the_picture():
    ax = plot_learning_curve({name: FIVE for name in "abcd"}, quantity="solved")
    heights = [text.xyann[1] for text in ax.texts]
    assert max(heights) <= 1
    assert len(set(heights)) == 5


def test_curves_of_different_length_meet_in_one_picture():
    ax = plot_learning_curve({"a": results([[20, 30]]), "b": results([[20, 30, 40]] * 3)})
    (optimum,) = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert len(optimum.get_xdata()) == 3
    assert ax.get_title(loc="left").startswith("line: median of 1-3 agents")


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
    assert texts(ax) == ["optimum"]
    (optimum,) = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert list(optimum.get_xdata()) == [1, 1]
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
    assert "[1.00, 2.00]" in caption(plot_comparison(data, interval=interval))
    assert "[1.00, 2.00]" in summary_text(data, interval=interval)
    assert calls == [(FIVE.steps.shape, interquartile_mean)]


def luminance(colour):
    """Return the relative luminance that WCAG defines."""
    rgb = np.array(matplotlib.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def test_captions_tell_the_numbers():
    curve = told(plot_learning_curve({"ours": FIVE}))
    assert "line: median of 5 agents" in curve
    assert (
        "ours: from 300 in the first episode to 14 in the last (there between 12 and 16)." in curve
    )
    assert "optimum" in curve
    score = told(plot_comparison({"ours": FIVE}))
    middle = f"{interquartile_mean(FIVE.ratio):.2f}"
    assert score.startswith(f"Steps divided by the fewest possible. ours: {middle} [")
    assert score.endswith(f"mean {FIVE.ratio.mean():.2f}, 100.0% solved.")


def test_a_caption_belongs_to_our_plots():
    with pytest.raises(ValueError, match="ax must come from a plot of procmem"):
        caption(plt.subplots()[1])


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

PICTURES = {
    **{
        quantity: (plot_learning_curve, {"a": FIVE, "b": FIVE}, {"quantity": quantity})
        for quantity in QUANTITIES
    },
    "comparison": (plot_comparison, {"a": FIVE, "b": FIVE}, {}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_uses_the_axes_it_is_given(name):
    plot, data, more = PICTURES[name]
    _, (left, right) = plt.subplots(1, 2)
    assert plot(data, left, **more) is left
    assert not right.has_data()
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_read_at_half_its_size(name):
    plot, data, more = PICTURES[name]
    ax = plot(data, **more)
    render(ax)
    written = ax.findobj(matplotlib.text.Text)
    assert min(text.get_fontsize() for text in written if text.get_text()) >= 9
    assert ax.figure.get_size_inches()[0] <= 6.4
    assert ax.get_xlabel()
    assert ax.get_ylabel() or all(label.get_text() for label in ax.get_yticklabels())
    drawn, paper = ax.get_tightbbox(), ax.figure.bbox
    assert drawn.x0 > paper.x0 and drawn.x1 < paper.x1
    assert drawn.y0 > paper.y0 and drawn.y1 < paper.y1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plot_learning_curve({}), "at least one name"),
        (lambda: plot_comparison(FIVE), "a dict"),
        (lambda: summary_text({}), "at least one name"),
        (lambda: plot_learning_curve({"a": FIVE}, quantity="speed"), "steps, ratio.*got 'speed'"),
    ],
)
def test_wrong_data_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("name", ["a $\\bad{ b$", "$", "50 $ and 60 $"])
def test_a_dollar_in_a_name_is_no_formula(name):
    for plot in (plot_comparison, plot_learning_curve):
        ax = plot({name: results([[20, 10]])})
        render(ax)
        assert name in told(ax).replace("\n", " ")


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
    assert f"worked {ranked[0].success_count} of {ranked[0].times_used} times" in told(ax)
    assert inside(ax)


def test_all_skills_are_shown_those_never_used_too(library):
    ax = plot_skill_success(library, most=None, interval=lambda worked, used: (0.25, 0.75))
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    unused = sum(skill.times_used == 0 for skill in library)
    assert (len(bars), len(dots)) == (len(library), len(library) - unused)
    assert all(list(bar.get_xdata()) == [0.25, 0.75] for bar in bars)
    assert f"of all, {unused} were never used" in told(ax)
    assert inside(ax)


def test_no_skill_is_refused():
    with pytest.raises(ValueError, match="library must hold at least one skill, got none"):
        plot_skill_success([])
