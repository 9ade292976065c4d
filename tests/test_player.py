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
from procmem.gridworld import fixed_layout, transition
from procmem.show import frame
from procmem.show.frame import film_strip, frame_html, letters, ribbon_html, turns
from procmem.show.player import Duel, EpisodePlayer
from procmem.show.svg import describe_room

LAYOUT = fixed_layout(5)
WAY = [
    *(Action.RIGHT, Action.RIGHT, Action.DOWN, Action.DOWN, Action.PICK_UP),
    *(Action.RIGHT, Action.OPEN, Action.DOWN, Action.DOWN, Action.RIGHT),
]


def walk(actions, decisions=None, truncated=False):
    steps, state = [], LAYOUT.state()
    for i, action in enumerate(actions):
        following = transition(LAYOUT, state, action)
        over = following["agent"] == following["goal"]
        out = truncated and i == len(actions) - 1
        steps.append(Step(state, action, -0.01, following, over, out, (decisions or {}).get(i)))
        state = following
    return Episode(tuple(steps), LAYOUT)


EXPLORE = Decision((), None, "explore: no memory yet")
USE = Decision(
    (
        Candidate("has_key #2", 0.95, True, 0.75, verdict="eligible", eligible=True),
        Candidate("has_key #1", 0.9612, True, 0.5, verdict="just failed from here"),
        Candidate("<b>at_goal</b>", -0.25, False, 0.125, verdict="not here: it needs a & b"),
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
        ["has_key #1just failed from here", "0.96", "✓ hold", "0.50"],
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


@pytest.mark.parametrize(("speed", "interval"), [("0.5×", 1200), ("1×", 600), ("4×", 150)])
def test_speed_sets_the_pace(player, speed, interval):
    player.speed.value = "2×"
    player.speed.value = speed
    assert player.clock.interval == interval


# ---------------------------------------------------------------- who acted when


def test_turns_follow_the_decisions():
    again = Decision((), "has_key #2", "use has_key #2")
    decisions = {0: EXPLORE, 1: Decision((), None, "explore"), 2: USE, 3: USE, 4: again}
    episode = walk(WAY, decisions)
    assert list(turns(episode)) == [
        *((None, 0, 2), ("has_key #2", 2, 4), ("has_key #2", 4, 5))
    ]  # what follows has no decision


def test_each_skill_has_a_letter_and_a_colour_of_its_own():
    decisions = {i: Decision((), name, "use") for i, name in enumerate(["x", "y", "x", "z"])}
    given = letters(walk(WAY[:4], decisions))
    assert [sign for sign, _ in given.values()] == ["A", "B", "C"]
    assert len({colour for _, colour in given.values()}) == 3
    many = {i: Decision((), str(i), "use") for i in range(60)}
    assert len({sign for sign, _ in letters(walk([Action.UP] * 60, many)).values()}) == 60


def blocks(ribbon):
    """Return (colour, start, length) of each block, from left to right."""
    found = []
    for path in parse(ribbon).iter("{http://www.w3.org/2000/svg}path"):
        for x, wide in re.findall(r"M([\d.]+) 8h([\d.]+)v18", path.get("d")):
            found.append((path.get("fill"), float(x), float(wide)))
    return sorted(found, key=lambda block: block[1])


def test_the_ribbon_gives_each_turn_its_share():
    (grey, start, one), (blue, second, nine) = blocks(ribbon_html(EPISODE, 0))
    assert (start, second) == (0, pytest.approx(45.8))
    assert (one, nine) == (pytest.approx(45.8, abs=1), pytest.approx(9 * 45.8, abs=1))
    assert grey != blue


def test_the_ribbon_says_in_words_who_acted():
    assert picture(ribbon_html(EPISODE, 3)) == (
        "Who acted: exploring in step 1, has_key #2 in steps 2 to 10."
    )
    legend = words(parse(ribbon_html(EPISODE, 3)).find(".//div/div"))
    assert "A has_key #2" in legend.replace("Ahas", "A has")
    assert "exploring" in legend


def test_the_ribbon_marks_the_step_and_what_was_in_vain():
    marks = {n: ribbon_html(EPISODE, n).rpartition('d="M')[2].split()[0] for n in (0, 5, 10)}
    assert marks == {0: "0", 5: "229", 10: "458"}
    vain = walk([Action.UP, Action.DOWN], dict.fromkeys(range(2), EXPLORE))
    assert "changed nothing" in ribbon_html(vain, 0)
    assert "changed nothing" not in ribbon_html(EPISODE, 0)


def test_a_ribbon_needs_decisions():
    assert ribbon_html(walk(WAY), 0) == ribbon_html(Episode((), LAYOUT), 0) == ""


def test_a_long_ribbon_stays_small_enough_and_whole():
    decisions = {i: Decision((), f"s{i % 90}", "use") for i in range(1000)}
    ribbon = ribbon_html(walk([Action.UP] * 1000, decisions), 500)
    assert len(blocks(ribbon)) == 1000
    assert len(ribbon) < 60_000
    assert "and 82 more skills" in ribbon


def test_names_in_the_ribbon_are_only_text():
    odd = Decision((), "<script>alert(1)</script>", "use it")
    assert "<script" not in ribbon_html(walk([Action.RIGHT], {0: odd}), 0)


# ---------------------------------------------------------------- live


class Tape:
    """Steps that are handed out one by one, and a count of how many were."""

    def __init__(self, episode, error=None):
        self.steps, self.given, self.error, self.closed = episode.steps, 0, error, False

    def play(self):
        for step in self.steps:
            self.given += 1
            yield step
        self.closed = True
        if self.error:
            raise self.error


@pytest.fixture
def world():
    env = GridWorld()
    env.reset(options={"layout": LAYOUT})
    return env


def test_live_a_step_is_taken_when_it_is_asked_for_and_only_once(world):
    tape = Tape(EPISODE)
    live = EpisodePlayer(tape.play(), world)
    assert tape.given == 1  # one ahead: the picture tells what comes next
    for n in range(1, 5):
        live.next.click()
        assert (tape.given, live.slider.value, live.slider.max) == (n + 1, n, n)
    for n in (3, 2, 3, 4):
        live.slider.value = n
        assert live.frame.value == frame_html(EPISODE, n).replace(" of 10.", ".")
    assert tape.given == 5
    live.last.click()
    assert (tape.given, tape.closed, live.slider.value) == (10, True, 10)
    assert live.frame.value == frame_html(EPISODE, 10)
    assert live.episode == EPISODE


def test_live_the_clock_plays_on_to_the_end(world):
    live = EpisodePlayer(Tape(EPISODE).play(), world)
    live.play.click()
    for n in range(1, 11):
        assert (live.clock.playing, live.clock.max >= n) == (True, True)
        live.clock.value = n
    assert (live.clock.playing, live.clock.max, live.play.description) == (False, 10, "Play")


def test_live_an_agent_brings_its_own_world_and_learns_at_the_end():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    live = EpisodePlayer(agent.play(seed=1))
    assert len(agent.library) == 0
    live.last.click()
    assert live.episode.solved
    assert len(agent.library) > 0
    assert live.episode == ProceduralMemoryAgent(GridWorld(), rng=0).run_episode(seed=1)


def test_live_what_breaks_is_told_and_what_happened_stays(world):
    tape = Tape(walk(WAY[:4]), RuntimeError("<b>no</b> more"))
    live = EpisodePlayer(tape.play(), world)
    live.last.click()
    assert "RuntimeError: &lt;b&gt;no&lt;/b&gt; more" in live.frame.value
    assert (live.slider.value, len(live.episode)) == (4, 4)
    live.back.click()
    live.next.click()
    assert live.slider.value == 4


def test_live_a_world_must_be_known():
    with pytest.raises(ValueError, match="env must be given where the steps are not an agent's"):
        EpisodePlayer(iter(EPISODE.steps))


def test_live_clicks_on_two_threads_take_each_step_once(world):
    tape = Tape(walk([Action.UP] * 60))
    live = EpisodePlayer(tape.play(), world)
    click = [threading.Thread(target=lambda: [live.next.click() for _ in range(20)]) for _ in "ab"]
    for thread in click:
        thread.start()
    for thread in click:
        thread.join()
    assert (tape.given, live.slider.value) == (41, 40)


# ---------------------------------------------------------------- two at once


def test_a_duel_runs_on_one_clock_and_the_shorter_one_waits():
    short, long = walk(WAY, dict.fromkeys(range(10), USE)), walk([Action.UP] * 30)
    duel = Duel(short, long, ("with memory", "without <b>"))
    assert duel.slider.max == 30
    for n in (0, 7, 25):
        duel.number.value = n
        left, right = (words(e) for e in parse(duel.frame.value).iter("section"))
        assert left.startswith("with memory")
        assert right.startswith("without <b>")
        assert f"Step {min(n, 10)} of 10." in left
        assert f"Step {n} of 30." in right
    assert "The goal is reached." in left
    assert repr(duel).startswith("with memory: An episode of 10 steps: solved.")
    assert duel._repr_mimebundle_()["image/png"].startswith(b"\x89PNG")


def test_a_duel_has_two_labels():
    with pytest.raises(ValueError, match="labels must be two"):
        Duel(EPISODE, EPISODE, ("one",))


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
    assert size(film_strip(walk(WAY))) == (3 * single[0], 2 * single[1])
    assert size(full) == (3 * single[0], 2 * single[1] + 90)  # and who acted when
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


@pytest.mark.parametrize("source", [None, [], 3])
def test_what_is_no_episode_is_refused(source):
    with pytest.raises(ValueError, match="source must be an Episode or a generator of steps"):
        EpisodePlayer(source)


def test_a_ribbon_tells_only_what_is_in_it():
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    agent.train(30)
    practised = agent.run_episode(learn=False)
    assert frame._told(practised, letters(practised))[-1].startswith("C\u00a0at_goal")
    explored = agent.run_episode(use_skills=False, learn=False)
    assert frame._told(explored, {}) == ["grey: exploring", "red mark: changed nothing"]
    assert has(pixels(film_strip(explored)), "#d55e00")
