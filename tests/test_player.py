"""The players: controls linked to a picture that holds its record, and what is stored."""

import gc
import html
import re
import tracemalloc

import ipywidgets
import pytest
from test_record import EPISODE, LAYOUT, WAY, walk

from procmem import Episode
from procmem.show.player import Duel, EpisodePlayer


def page(player):
    """Return the stored page of a player, as a browser reads it."""
    stored = player._repr_mimebundle_()["text/html"]
    return html.unescape(re.search(r"srcdoc='([^']*)'></iframe>$", stored)[1])


def test_every_control_is_linked_in_the_browser_and_none_calls_the_kernel():
    player = EpisodePlayer(EPISODE)
    links = {(link.source[0], *link.source[1:], link.target[1]) for link in player.links}
    assert links == {
        (player.moves, "index", "press"),
        (player.play, "value", "playing"),
        (player.number, "value", "step"),
        (player.slider, "value", "step"),
        (player.speed, "index", "speed"),
    }
    assert all(link.target[0] is player.stage for link in player.links)
    assert all(isinstance(link, ipywidgets.widgets.widget_link.Link) for link in player.links)


def test_every_control_has_a_label_and_reaches_as_far_as_the_episode():
    player = EpisodePlayer(EPISODE)
    assert player.moves.options == ("First", "Back", "Next", "Last")
    assert [p.description for p in (player.play, player.number, player.speed)] == [
        *("Play", "Step", "Speed")
    ]
    assert (player.number.max, player.slider.max, player.slider.disabled) == (10, 10, False)
    assert EpisodePlayer(Episode((), LAYOUT)).slider.disabled


def test_long_episodes_play_faster():
    assert EpisodePlayer(EPISODE).stage.pace == 600
    assert EpisodePlayer(walk(WAY[:2] * 100)).stage.pace == 100


def test_what_is_no_episode_is_refused():
    with pytest.raises(ValueError, match="episode must be a Episode, got"):
        EpisodePlayer([1, 2])


def test_a_duel_runs_on_one_clock_and_the_shorter_one_waits():
    duel = Duel(EPISODE, walk(WAY[:3]), ("long", "<short>"))
    assert duel.stage.frames["last"] == 10
    tracks = duel.stage.frames["tracks"]
    assert (tracks["0here"][-2], tracks["1here"][-2]) == (10, 3)
    assert "<b>&lt;short&gt;</b>" in duel.stage.html


def test_a_duel_has_two_labels():
    with pytest.raises(ValueError, match="labels must be two, one for each side"):
        Duel(EPISODE, EPISODE, ("only one",))


def test_a_player_stores_a_picture_a_page_and_a_sentence():
    player = EpisodePlayer(EPISODE)
    bundle = player._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "An episode of 10 steps: solved. Skills used: has_key #2."
    assert bundle["text/html"].startswith("<style>.procmem-strip {display: none}</style>")
    assert f'<img alt="{bundle["text/plain"]}" src="data:image/svg+xml' in bundle["text/html"]
    assert "image/png" not in bundle
    inside = re.search(r"srcdoc='([^']*)'", bundle["text/html"])[1]
    assert not set("<>") & set(inside)  # else it may be shown as text where frames are dropped


def test_the_page_is_whole_and_asks_for_nothing():
    text = page(EpisodePlayer(EPISODE))
    assert text.count("<script") == text.count("</script>") == 1
    assert not re.search(r"(src|href)=|import |fetch\(|export default", text)
    assert text.count("<button") == 5 and '<b data-count="10">Step 0</b>' in text


def test_names_from_a_file_do_not_break_out_of_the_page():
    text = page(EpisodePlayer(walk(WAY, dict.fromkeys(range(10), NASTY))))
    assert "</script><b>" not in text and text.count("</script>") == 1


NASTY = type(EPISODE.steps[0].decision)((), "</script><b>'\"&", "use </script><b>'\"&")


def test_what_is_stored_is_the_same_every_time():
    first, second = (EpisodePlayer(EPISODE)._repr_mimebundle_()["text/html"] for _ in range(2))
    assert first == second


def test_a_long_record_leaves_the_candidates_out(monkeypatch):
    assert "Success estimate" in page(EpisodePlayer(EPISODE))
    monkeypatch.setattr("procmem.show.player.MANY", 1)
    assert "Success estimate" not in page(EpisodePlayer(EPISODE))


def test_a_hundred_players_leave_nothing_when_they_are_closed():
    def left():
        gc.collect()
        widgets = sum(issubclass(type(one), ipywidgets.Widget) for one in gc.get_objects())
        return widgets, len(ipywidgets.widgets.widget._instances)  # those with an open comm

    EpisodePlayer(EPISODE).close()  # what is made once is there from here on
    before = left()
    tracemalloc.start()
    try:
        for _ in range(100):
            EpisodePlayer(EPISODE).close()
        assert left() == before
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
