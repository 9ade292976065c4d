"""A record: one drawing, and frames that say what moves; what is said at every step."""

import re
from xml.etree import ElementTree

import pytest

from procmem import Action, Decision, Episode, Step
from procmem.episode import Candidate
from procmem.gridworld import fixed_layout, transition
from procmem.show.record import film, pack
from procmem.show.ribbon import legend, letters, turns
from procmem.show.strip import in_a_sentence, strips_svg

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
SHORT = walk(WAY[:5], dict.fromkeys(range(5), USE))
EPISODE = walk(WAY, {0: EXPLORE} | dict.fromkeys(range(1, 10), USE))


def parse(html):
    quoted = html.replace("class=chosen", 'class="chosen"')
    return ElementTree.fromstring(f"<div>{quoted}</div>")


def words(html):
    return " ".join("".join(parse(html).itertext()).split())


def shown(episode, n, **options):
    """Return all that is in the parts at step ``n``, as a browser puts it together."""
    packed, now = pack(film(episode, **options)[1]), {}
    for name, track in packed["tracks"].items():
        for step, value in zip(track[::2], track[1::2], strict=True):
            if step <= n:
                value = packed["texts"][value] if isinstance(value, int) else value
                added = isinstance(value, str) and value.startswith("+")
                now[name[1:]] = now.get(name[1:], "") + value[1:] if added else value
    return now


def test_the_first_frame_holds_everything_and_the_others_only_what_changes():
    html, frames = film(EPISODE)
    assert len(frames) == len(EPISODE) + 1
    parts = set(re.findall(r'data-part="([^"]+)"', html))
    assert set().union(*frames) <= parts
    assert pack(frames)["tracks"]["0goal"] == [0, (80, 80, 1)]
    assert parse(html) is not None


def test_each_step_shows_the_room_as_it_was():
    assert shown(EPISODE, 4)["agent"] == (42, 46, 0.7)
    assert shown(EPISODE, 4)["key"] is not None
    after = shown(EPISODE, 5)
    assert (after["key"], after["held key"]) == (None, after["agent"])
    assert shown(EPISODE, 7)["closed door"] is None
    assert shown(EPISODE, 2)["trail"] == "M10 11L30 11M30 11L50 11"


def test_a_part_that_comes_into_sight_again_is_posed_again():
    packed = pack([{"a": (1, 1, 1)}, {"a": None}, {"a": (1, 1, 1)}, {"a": (1, 1, 1)}])
    assert packed["tracks"]["a"] == [0, (1, 1, 1), 1, None, 2, (1, 1, 1)]


def test_a_step_says_what_was_done_and_what_comes():
    said = [words(shown(EPISODE, n)["say"]) for n in range(11)]
    assert said[0] == "Nothing is done yet. Next: right."
    assert said[5] == "Done: pick up. Next: right."
    assert said[10] == "Done: right. The goal is reached."
    vain = walk([Action.UP, Action.DOWN])
    assert "Done: up (it changed nothing). Next: down." in words(shown(vain, 1)["say"])
    assert "Time is up." in shown(walk([Action.UP], truncated=True), 1)["say"]
    assert "Here the record ends." in shown(walk([Action.UP]), 1)["say"]
    assert 'data-count="10"' in film(EPISODE)[0]


def test_a_step_tells_facts_and_the_decision_behind_the_next_action():
    assert words(shown(EPISODE, 10)["facts"]) == "Facts: has_key: yes door_open: yes at_goal: yes"
    assert words(shown(EPISODE, 0)["why"]) == "Decision: explore: no memory yet."
    assert words(shown(EPISODE, 6)["why"]).startswith("Decision, taken at step 1: use has_key #2")
    assert shown(EPISODE, 10)["why"] == ""


def test_a_step_lists_what_memory_offered():
    table = parse(shown(EPISODE, 1)["table"])
    rows = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table]
    assert rows[1:] == [
        ["► has_key #2chosen", "0.95", "✓ hold", "0.75"],
        ["has_key #1just failed from here", "0.96", "✓ hold", "0.50"],
        ["<b>at_goal</b>not here: it needs a & b", "-0.25", "✗ fail", "0.12"],
    ]
    assert [row.get("class") for row in table] == [None, "chosen", None, None]
    assert "table" not in shown(EPISODE, 0)
    assert "table" not in shown(EPISODE, 1, brief=True)


def test_names_from_a_file_are_only_text():
    html, frames = film(EPISODE)
    assert "<b>at_goal" not in html + str(frames)
    assert "<most>" not in html + str(frames)


def test_every_text_has_room_for_the_longest():
    html, _ = film(EPISODE)
    ghosts = re.findall(r'<p aria-hidden="true">(.*?)</p>', html)
    assert any("taken at step 1" in ghost for ghost in ghosts)


def test_turns_follow_the_decisions_and_letters_the_skills():
    assert list(turns(EPISODE)) == [(None, 0, 1), ("has_key #2", 1, 10)]
    assert letters(EPISODE) == {"has_key #2": "A"}
    assert legend(EPISODE) == ["A\u00a0has_key #2", "grey: exploring"]
    assert "red mark: changed nothing" in legend(walk([Action.UP], {0: EXPLORE}))
    assert film(walk(WAY))[0].count("ribbon") == 0


def test_a_short_ribbon_leaves_room_for_a_longer_one():
    assert shown(EPISODE, 10, longest=20)["here"][0] == shown(EPISODE, 10)["here"][0] / 2


@pytest.mark.parametrize(
    ("episode", "sentence"),
    [
        (EPISODE, "An episode of 10 steps: solved. Skills used: has_key #2."),
        (walk([Action.UP]), "An episode of 1 step: not solved."),
        (walk([Action.UP], {0: EXPLORE}), "An episode of 1 step: not solved. Skills used: none."),
    ],
)
def test_the_sentence_tells_length_end_and_skills(episode, sentence):
    assert in_a_sentence(episode) == repr(strips_svg([("", episode)])) == sentence


def test_a_film_strip_shows_both_ends_and_each_moment_once():
    text = strips_svg([("", EPISODE)]).svg
    captions = re.findall(r'font-size="13"[^>]*>([^<]+)<', text)
    assert captions[0] == "start" and "step 10:" in " ".join(captions)
    assert strips_svg([("", walk([Action.UP]))]).svg.count(">start<") == 1


def test_two_strips_are_told_apart_and_share_one_scale():
    picture = strips_svg(
        [("long", EPISODE), ("short", walk(WAY[:5], dict.fromkeys(range(5), USE)))]
    )
    assert repr(picture).startswith("long: An episode of 10 steps")
    widths = [float(w) for w in re.findall(r"v18h-([\d.]+)z", picture.svg)]
    assert widths[-1] == pytest.approx(458 / 2, abs=1)


def test_an_episode_without_steps_shows_its_room():
    html, frames = film(Episode((), LAYOUT))
    assert len(frames) == 1 and "The episode has no steps." in html
    assert "no steps" not in repr(strips_svg([("", Episode((), LAYOUT))]))


def test_a_world_without_places_is_told_in_words():
    step = Step({"open": False}, Action.OPEN, 0.0, {"open": True}, True, False)
    html, frames = film(Episode((step,), None))
    assert "This world has no places" in html and len(frames) == 2
    state = {"request": "print <it>", "open": False}
    step = Step(state, Action.OPEN, 0.0, {**state, "open": True}, True, False)
    assert "request: <b>print &lt;it&gt;</b>" in film(Episode((step,), None))[0]
    assert repr(strips_svg([("", Episode((step,), None))])) == "An episode of 1 step: solved."


def test_a_thousand_steps_stay_small():
    episode = walk([Action.DOWN, Action.UP] * 500, dict.fromkeys(range(1000), EXPLORE))
    html, frames = film(episode, brief=True)
    assert len(html) + len(str(pack(frames))) < 100_000
