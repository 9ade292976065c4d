"""Pictures of one agent: what they draw is what its history and its library say."""

from dataclasses import replace

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest

from procmem import Episode, GridWorld, ProceduralMemoryAgent, Skill
from procmem.lab.experiment import practice_seeds
from procmem.lab.statistics import wilson_interval
from procmem.show.plots import caption
from procmem.show.portraits import (
    count_by_effect,
    plot_decisions,
    plot_embedding_map,
    plot_library_composition,
    plot_skill_success,
    plot_skill_timeline,
    principal_components,
)

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def clean():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def life():
    """Return an agent, its episodes, and what its library held after each."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=2)
    episodes, history = [], []
    for seed in practice_seeds(2, 12):
        episodes.append(agent.run_episode(seed=seed))
        history.append(count_by_effect(agent.library))
    return agent, episodes, history


def told(ax):
    """Return the caption of a picture as one line."""
    return " ".join(caption(ax).split())


def inside(ax):
    """Whether everything that is drawn or written lies within the figure."""
    ax.figure.canvas.draw()
    box, frame = ax.get_tightbbox(), ax.figure.bbox
    return box.x0 > -1 and box.y0 > -1 and box.x1 < frame.x1 + 1 and box.y1 < frame.y1 + 1


def test_composition_adds_up(life):
    agent, _, history = life
    ax = plot_library_composition(history)
    assert sum(history[-1].values()) == len(agent.library)
    tops = [path.vertices[:, 1].max() for path in (c.get_paths()[0] for c in ax.collections)]
    assert max(tops) == max(sum(counts.values()) for counts in history)
    assert told(ax).startswith(f"{len(agent.library)} skills after 12 episodes: ")
    assert inside(ax)


def test_an_effect_that_comes_later_was_none_before():
    ax = plot_library_composition([{"a": 1}, {"a": 1, "b": 2}])
    assert told(ax) == "3 skills after 2 episodes: 1 for a, 2 for b."
    assert told(plot_library_composition([{}])) == "0 skills after 1 episodes: none."


def test_the_timeline_has_a_mark_for_each_episode_in_which_a_skill_acted(life):
    _, episodes, _ = life
    ax = plot_skill_timeline(episodes, most=5)
    names = [label.get_text().rpartition(" (")[0] for label in ax.get_yticklabels()]
    assert len(names) == 5
    for name, marks in zip(names, ax.collections, strict=True):
        when = [n for n, episode in enumerate(episodes, 1) if name in episode.skills]
        assert marks.get_offsets()[:, 0].tolist() == when
    used = {name for episode in episodes for name in episode.skills}
    assert told(ax).startswith(f"{len(used)} skills were used in 12 episodes.")
    assert inside(ax)


def test_a_timeline_of_an_agent_without_memory_is_empty():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    ax = plot_skill_timeline([agent.run_episode(use_skills=False)])
    assert told(ax) == "0 skills were used in 1 episodes. Most: none."


def test_success_shows_share_interval_and_estimate(life):
    agent, _, _ = life
    ax = plot_skill_success(agent.library, most=4)
    ranked = sorted(agent.library, key=lambda s: (-s.times_used, s.name))[:4]
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    shares = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    hollow = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert shares == [s.success_count / s.times_used for s in ranked]
    assert hollow == [s.success_estimate for s in ranked]
    for skill, bar in zip(ranked, bars, strict=True):
        assert tuple(bar.get_xdata()) == wilson_interval(skill.success_count, skill.times_used)
    assert f"worked {ranked[0].success_count} of {ranked[0].times_used} times" in told(ax)
    assert inside(ax)


def test_all_skills_are_shown_those_never_used_too(life):
    library = life[0].library
    ax = plot_skill_success(library, most=None, interval=lambda worked, used: (0.25, 0.75))
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    unused = sum(skill.times_used == 0 for skill in library)
    assert (len(bars), len(dots)) == (len(library), len(library) - unused)
    assert all(list(bar.get_xdata()) == [0.25, 0.75] for bar in bars)
    assert f"of all, {unused} were never used" in told(ax)
    assert inside(ax)


@pytest.mark.parametrize(
    "plot",
    [
        plot_library_composition,
        plot_skill_success,
        plot_skill_timeline,
        plot_embedding_map,
        plot_decisions,
    ],
)
def test_nothing_is_refused(plot):
    with pytest.raises(ValueError, match="must hold at least one"):
        plot([])


def test_the_map_keeps_what_differs_most(life):
    vectors = np.array([skill.embedding for skill in life[0].library])
    points, share = principal_components(vectors)
    values = np.linalg.eigvalsh(np.cov(vectors.T, bias=True))[::-1]  # the independent way
    assert points.var(axis=0) == pytest.approx(values[:2])
    assert share == pytest.approx(values[:2] / values.sum())
    assert np.abs(np.corrcoef(points.T)[0, 1]) < 1e-9


def test_the_sign_of_a_direction_is_fixed(life):
    vectors = np.array([skill.embedding for skill in life[0].library])
    points, _ = principal_components(vectors)
    reversed_points, _ = principal_components(vectors[::-1])
    assert reversed_points[::-1] == pytest.approx(points, abs=1e-9)


def test_one_skill_and_equal_skills_have_a_map():
    one = Skill("a", {}, [0], [1.0, 2.0, 3.0], effects={"x": True})
    for skills in ([one], [one, replace(one, name="b")]):
        assert "hold 0%" in told(plot_embedding_map(skills))


def test_the_map_tells_effects_apart_without_colour(life):
    agent, _, _ = life
    ax = plot_embedding_map(agent.library)
    counts = count_by_effect(agent.library)
    assert [len(c.get_offsets()) for c in ax.collections] == list(counts.values())
    shapes = {c.get_paths()[0].vertices.tobytes() for c in ax.collections}
    assert len(shapes) == len(counts)
    assert inside(ax)


def test_decisions_are_counted(life):
    _, episodes, _ = life
    ax = plot_decisions(episodes)
    heights = np.array([bar.get_height() for bar in ax.patches]).reshape(2, -1)
    assert heights.sum(axis=0).tolist() == [len(episode.decisions) for episode in episodes]
    assert heights[0].tolist() == [len(episode.skills) for episode in episodes]
    assert told(plot_decisions([Episode(())])).endswith("in the last one 0 and 0.")


def test_a_plot_is_drawn_where_it_is_told(life):
    _, axes = plt.subplots(1, 2)
    assert plot_decisions(life[1], axes[1]) is axes[1]
    assert not axes[0].has_data()
