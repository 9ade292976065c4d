"""The player: each frame says what was so, every control moves all others, a picture stays."""

import io
import re
import struct
import threading
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.image import imread

from procmem import Action, Decision, Episode, GridWorld, ProceduralMemoryAgent, Step
from procmem.episode import Candidate
from procmem.gridworld import fixed_layout, successor
from procmem.show.player import EpisodePlayer, film_strip, frame_html
from procmem.show.svg import describe_room

LAYOUT = fixed_layout(5)
WAY = [
    *(Action.RIGHT, Action.RIGHT, Action.DOWN, Action.DOWN, Action.PICK_UP),
    *(Action.RIGHT, Action.OPEN, Action.DOWN, Action.DOWN, Action.RIGHT),
]


def walk(actions, decisions=None, truncated=False):
    steps, state = [], LAYOUT.state()
    for i, action in enumerate(actions):
        following = successor(LAYOUT, state, action)
        over = following["agent"] == following["goal"]
        out = truncated and i == len(actions) - 1
        steps.append(Step(state, action, -0.01, following, over, out, (decisions or {}).get(i)))
        state = following
    return Episode(tuple(steps), LAYOUT)


EXPLORE = Decision((), None, "explore: no memory yet")
USE = Decision(
    (
        Candidate("has_key #2", 0.95, True, 0.75, "eligible", True),
        Candidate("has_key #1", 0.9612, True, 0.5, "just tried in vain from here", False),
        Candidate("<b>at_goal</b>", -0.25, False, 0.125, "not here: it needs a & b", False),
    ),
    "has_key #2",
    "use has_key #2: the <most> similar",
)
EPISODE = walk(WAY, {0: EXPLORE} | dict.fromkeys(range(1, 10), USE))


def parse(html):
    return ElementTree.fromstring(f"<div>{html}</div>")


def words(element):
    return " ".join("".join(element.itertext()).split())


def status(html):
    return words(next(e for e in parse(html).iter() if e.get("role") == "status"))


def picture(html):
    return next(e for e in parse(html).iter() if e.get("role") == "img").get("aria-label")


# ---------------------------------------------------------------- frames


def test_a_frame_shows_the_room_as_it_was():
    for n, state in enumerate(EPISODE.states):
        assert picture(frame_html(EPISODE, n)) == describe_room(LAYOUT, state)


def test_a_frame_shows_the_way_so_far():
    assert "stroke-dasharray" not in frame_html(EPISODE, 0)
    assert 'd="M10 11L30 11M30 11L50 11" stroke=' in frame_html(EPISODE, 2)


def test_a_frame_says_what_was_done_and_what_comes():
    assert status(frame_html(EPISODE, 0)).startswith(
        "Step 0 of 10. Nothing is done yet. Next: right."
    )
    assert status(frame_html(EPISODE, 5)).startswith("Step 5 of 10. Done: pick up. Next: right.")
    assert status(frame_html(EPISODE, 10)).startswith(
        "Step 10 of 10. Done: right. The goal is reached."
    )


def test_a_frame_says_when_an_action_was_in_vain():
    episode = walk([Action.UP, Action.DOWN])
    assert "Done: up (it changed nothing). Next: down." in status(frame_html(episode, 1))
    assert "nothing" not in status(frame_html(episode, 2))


def test_the_last_frame_says_how_it_ended():
    assert "Time is up." in status(frame_html(walk([Action.UP], truncated=True), 1))
    assert "Here the record ends." in status(frame_html(walk([Action.UP]), 1))


def test_a_frame_tells_the_facts():
    before, after = status(frame_html(EPISODE, 4)), status(frame_html(EPISODE, 10))
    assert "Facts: has_key: no door_open: no at_goal: no" in before
    assert "Facts: has_key: yes door_open: yes at_goal: yes" in after


def test_a_frame_gives_the_decision_behind_the_next_action_and_when_it_was_taken():
    assert "Decision: explore: no memory yet." in status(frame_html(EPISODE, 0))
    assert "Decision: use has_key #2: the <most> similar." in status(frame_html(EPISODE, 1))
    assert "Decision, taken at step 1: use has_key #2" in status(frame_html(EPISODE, 6))
    assert "Decision" not in status(frame_html(EPISODE, 10))


def test_a_frame_lists_what_memory_offered():
    root = parse(frame_html(EPISODE, 1))
    rows = [[words(cell) for cell in row] for row in root.iter("tr")]
    assert [text.replace("\u00ad", "") for text in rows[0]] == [
        *("Memory", "Similarity", "Preconditions", "Success estimate")
    ]
    assert rows[1:] == [
        ["► has_key #2chosen", "0.95", "✓ hold", "0.75"],
        ["has_key #1just tried in vain from here", "0.96", "✓ hold", "0.50"],
        ["<b>at_goal</b>not here: it needs a & b", "-0.25", "✗ fail", "0.12"],
    ]
    bars = [e.get("style") for e in root.iter("span") if "width" in e.get("style", "")]
    assert bars == ["width:95%", "width:96%", "width:0%"]


def test_only_the_chosen_one_is_marked():
    classes = [row.get("class") for row in parse(frame_html(EPISODE, 1)).iter("tr")]
    assert classes == [None, "chosen", None, None]


def test_a_frame_without_candidates_has_no_table():
    assert not list(parse(frame_html(EPISODE, 0)).iter("table"))
    assert not list(parse(frame_html(walk(WAY), 3)).iter("table"))


def test_names_from_a_file_are_only_text():
    assert "<b>at_goal" not in frame_html(EPISODE, 1)
    assert "<most>" not in frame_html(EPISODE, 1)


@pytest.mark.parametrize("n", [-1, 11])
def test_a_frame_that_does_not_exist_is_refused(n):
    with pytest.raises(ValueError, match=f"n must be a step from 0 to 10, got {n}"):
        frame_html(EPISODE, n)


# ---------------------------------------------------------------- controls


@pytest.fixture
def player():
    return EpisodePlayer(EPISODE)


def check(player, n):
    """See that the player is at step n, every part of it."""
    assert (player.slider.value, player.number.value, player.clock.value) == (n, n, n)
    assert player.frame.value == frame_html(EPISODE, n)


def test_a_player_begins_at_the_beginning(player):
    check(player, 0)


def test_buttons_step_and_stop_at_both_ends(player):
    player.back.click()
    check(player, 0)
    for n in range(1, 11):
        player.next.click()
        check(player, n)
    player.next.click()
    check(player, 10)
    player.back.click()
    check(player, 9)
    player.first.click()
    check(player, 0)
    player.last.click()
    check(player, 10)


@pytest.mark.parametrize("part", ["slider", "number", "clock"])
def test_each_of_the_three_moves_the_others(player, part):
    for n in (7, 3, 10, 0):
        getattr(player, part).value = n
        check(player, n)


def test_play_becomes_pause_and_ends_at_the_end(player):
    player.play.click()
    assert (player.clock.playing, player.play.description) == (True, "Pause")
    player.clock.value = 4  # what the browser's timer does
    check(player, 4)
    player.play.click()
    assert (player.clock.playing, player.play.description) == (False, "Play")
    check(player, 4)
    player.play.click()
    player.clock.value = 10
    assert (player.clock.playing, player.play.description) == (False, "Play")
    check(player, 10)


def test_stepping_by_hand_pauses(player):
    player.play.click()
    player.next.click()
    assert not player.clock.playing
    check(player, 1)


def test_every_control_has_a_label(player):
    labels = [player.first, player.back, player.play, player.next, player.last, player.number]
    assert [part.description for part in labels] == [
        "First",
        "Back",
        "Play",
        "Next",
        "Last",
        "Step",
    ]
    controls = player.children[0].children
    assert set(labels) < set(controls)
    assert "procmem-player" in player._dom_classes


def test_the_clock_is_there_but_not_to_be_seen(player):
    # Its view must be in the page, or the browser's timer does not run.
    assert player.clock in player.children[0].children
    assert player.clock.layout.display == "none"


def test_long_episodes_play_faster():
    long = EpisodePlayer(walk([Action.UP] * 1000))
    assert long.clock.interval < EpisodePlayer(EPISODE).clock.interval


def test_clicks_on_two_threads_leave_one_step_shown(player):
    def click():
        for _ in range(20):
            player.next.click()
            player.back.click()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(player, player.slider.value)


# ---------------------------------------------------------------- without a kernel


def bundle(episode):
    return EpisodePlayer(episode)._repr_mimebundle_()


def test_a_player_leaves_a_picture_and_a_sentence():
    data = bundle(EPISODE)
    assert data["text/plain"] == "An episode of 10 steps: solved. Skills used: has_key #2."
    assert data["image/png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert set(data) == {
        *("text/plain", "image/png"),
        "application/vnd.jupyter.widget-view+json",
    }


@pytest.mark.parametrize(
    ("episode", "sentence"),
    [
        (walk([Action.UP]), "An episode of 1 step: not solved."),
        (walk([Action.UP, Action.DOWN]), "An episode of 2 steps: not solved."),
        (walk(WAY), "An episode of 10 steps: solved."),
        (
            walk([Action.UP], {0: EXPLORE}),
            "An episode of 1 step: not solved. Skills used: none.",
        ),
        (Episode((), LAYOUT), "An episode of 0 steps: not solved."),
    ],
)
def test_the_sentence_tells_length_end_and_skills(episode, sentence):
    assert repr(EpisodePlayer(episode)) == bundle(episode)["text/plain"] == sentence


def test_many_skills_are_counted_and_the_list_is_cut():
    names = ["a", "b", "a", *"cdefghijk"]
    decisions = {i: Decision((), name, f"use {name}") for i, name in enumerate(names)}
    sentence = repr(EpisodePlayer(walk([Action.UP] * 12, decisions)))
    assert sentence.endswith("Skills used: a (2 times), b, c, d, e, f, g, h and 3 more.")


def pixels(png):
    return np.rint(imread(io.BytesIO(png))[:, :, :3] * 255)


def has(picture, colour):
    rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((np.abs(picture - rgb).sum(axis=2) < 12).any())


def test_the_film_strip_shows_agent_key_door_and_goal():
    strip = pixels(film_strip(EPISODE))
    assert all(has(strip, colour) for colour in ("#0072b2", "#e69f00", "#d55e00", "#009e73"))
    assert not has(strip, "#cc79a7")  # and no colour that nothing has


def test_the_film_strip_is_as_large_as_it_needs_and_equal_every_time():
    def size(png):
        return struct.unpack(">II", png[16:24])

    full = film_strip(EPISODE)
    assert full == film_strip(EPISODE)
    assert len(full) < 60_000
    single = size(film_strip(Episode((), LAYOUT)))
    assert size(full) == (3 * single[0], 2 * single[1])
    assert size(film_strip(walk([Action.RIGHT]))) == (2 * single[0], single[1])


def test_odd_names_are_drawn_without_a_warning():
    odd = Decision((), "$x^{ \u5b66 \U0001f511 <b>", "use it")
    assert film_strip(walk([Action.RIGHT], {0: odd})).startswith(b"\x89PNG")


def test_pyplot_knows_nothing_of_the_film_strip():
    import matplotlib.pyplot as plt

    film_strip(EPISODE)
    assert plt.get_fignums() == []


# ---------------------------------------------------------------- episodes of every kind


def test_an_episode_without_steps_shows_its_room():
    player = EpisodePlayer(Episode((), LAYOUT))
    assert status(player.frame.value).startswith("Step 0 of 0. The episode has no steps.")
    assert picture(player.frame.value) == describe_room(LAYOUT, LAYOUT.state())
    player.next.click()
    player.slider.value = 1  # a slider needs a length, but there is nowhere to go
    assert (player.slider.value, player.number.value) == (0, 0)


def test_an_episode_without_a_layout_cannot_be_drawn():
    with pytest.raises(ValueError, match="layout must be known to draw an episode, got None"):
        EpisodePlayer(Episode(EPISODE.steps))


def test_what_the_agent_really_does_can_be_played():
    agent = ProceduralMemoryAgent(GridWorld(5), rng=0)
    agent.train(3)
    episode = agent.run_episode(learn=False)
    player = EpisodePlayer(episode)
    for n, step in enumerate(episode.steps):
        player.slider.value = n
        text = status(player.frame.value)
        assert f"Next: {step.action.name.lower().replace('_', ' ')}." in text
        assert words(parse(f"<p>{step.decision.reason}</p>")) in text
        assert len(list(parse(player.frame.value).iter("tr"))) == len(step.decision.candidates) + 1
    assert not re.search(r"0x[0-9a-f]{5}|object at", repr(player))
