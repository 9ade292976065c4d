"""Controls that look into memory: what they show is what encoder, agent and library say."""

import threading
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from procmem import GridWorld, ProceduralMemoryAgent, Skill, SkillLibrary
from procmem.embedding import cosine_similarity
from procmem.gridworld import fixed_layout
from procmem.lab.encoders import absolute, egocentric
from procmem.lab.experiment import practice_seeds
from procmem.show.explorers import (
    LibraryBrowser,
    SimilarityMap,
    ThresholdExplorer,
    reuse_queries,
)

LAYOUT = fixed_layout(5)
START = LAYOUT.state()


@pytest.fixture(scope="module")
def trained():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=4)
    agent.train(10, seeds=practice_seeds(4, 10))
    return agent


def parse(html):
    return ElementTree.fromstring(f"<div>{html}</div>")


def words(html):
    return " ".join("".join(parse(html).itertext()).split())


def pictures(control):
    return [
        e.get("aria-label") for e in parse(control.frame.value).iter() if e.get("role") == "img"
    ]


def leaves_picture_and_words(control):
    bundle = control._repr_mimebundle_()
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"] == repr(control)
    assert set(bundle) == {
        *("text/plain", "image/png"),
        "application/vnd.jupyter.widget-view+json",
    }


# ---------------------------------------------------------------- how alike every cell looks


ENCODERS = {"absolute": absolute(32), "egocentric": egocentric(32)}


def test_a_map_holds_the_cosine_of_every_free_cell():
    grids = SimilarityMap(ENCODERS, LAYOUT).similarities
    for name, encoder in ENCODERS.items():
        for cell in np.ndindex(5, 5):
            if cell in LAYOUT.walls or cell == LAYOUT.door:
                assert np.isnan(grids[name][cell])
            else:
                alike = cosine_similarity(encoder({**START, "agent": cell}), encoder(START))
                assert grids[name][cell] == pytest.approx(alike)


def test_a_map_can_compare_with_other_places_and_facts():
    control = SimilarityMap(ENCODERS, LAYOUT)
    before = control.frame.value
    control.reference.value = "at the goal"
    assert np.nanargmax(control.similarities["absolute"]) == 24
    control.facts.value = "with the key, door open"
    open_door = control.similarities["absolute"]
    assert not np.isnan(open_door[LAYOUT.door])
    assert control.frame.value != before
    assert len(pictures(control)) == 2


def test_a_map_compares_with_a_skill_where_its_facts_hold(trained):
    skill = next(s for s in trained.library if s.situation["has_key"])
    control = SimilarityMap({"ours": trained.encoder}, LAYOUT, skills=[skill])
    control.reference.value = f"skill {skill.name}"
    assert control.facts.value.startswith("with the key")
    state = control._with_agent_at((0, 1))
    target = trained.encoder(skill.situation)
    alike = cosine_similarity(trained.create_embedding(state, ()), target)
    assert control.similarities["ours"][0, 1] == pytest.approx(alike)


def test_an_agent_brings_its_encoder_its_room_and_its_skills(trained):
    control = SimilarityMap(trained)
    assert list(control.encoders) == ["the agent's encoder"]
    assert len(control.reference.options) == 4 + len(trained.library)
    leaves_picture_and_words(control)


@pytest.mark.parametrize(("encoders", "layout"), [(ENCODERS, None), ({}, LAYOUT)])
def test_a_map_needs_a_room_and_an_encoder(encoders, layout):
    with pytest.raises(ValueError, match="a map needs a layout and an encoder"):
        SimilarityMap(encoders, layout)


def test_a_large_room_has_its_map():
    control = SimilarityMap(ENCODERS, fixed_layout(16))
    assert control.similarities["absolute"].shape == (16, 16)


# ---------------------------------------------------------------- where to set the threshold


QUERIES = [(0.9, True), (0.7, False), (0.5, True), (0.5, False), (0.1, False)]


@pytest.mark.parametrize(
    ("threshold", "counts"),
    [(0.0, (2, 3, 0, 0)), (0.5, (2, 2, 0, 1)), (0.7, (1, 1, 1, 2)), (1.0, (0, 0, 2, 3))],
)
def test_fates_are_counted_by_hand(threshold, counts):
    control = ThresholdExplorer(QUERIES, threshold)
    assert tuple(control.counts(threshold).values()) == counts
    told = words(control.frame.value)
    assert f"hits {counts[0]} (" in told
    assert f"false reuse {counts[1]} (" in told


def test_slider_and_number_move_each_other_and_the_picture():
    control = ThresholdExplorer(QUERIES)
    before = pictures(control)
    control.slider.value = 0.3
    assert (control.number.value, pictures(control) != before) == (0.3, True)
    control.number.value = 0.9
    assert control.slider.value == 0.9
    leaves_picture_and_words(control)


def test_no_queries_are_no_trouble():
    control = ThresholdExplorer([])
    assert sum(control.counts(0.5).values()) == 0
    leaves_picture_and_words(control)


def test_the_slider_on_two_threads_leaves_one_threshold_shown():
    control = ThresholdExplorer(QUERIES)

    def slide(values):
        for value in values:
            control.slider.value = value

    ways = [[0.1, 0.9] * 10, [0.4, 0.6] * 10]
    threads = [threading.Thread(target=slide, args=(way,)) for way in ways]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert control.slider.value == control.number.value
    assert f"At threshold {control.slider.value:.2f}," in words(control.frame.value)


def test_queries_are_what_memory_offers(trained):
    layout = fixed_layout(5)
    queries = reuse_queries(trained, [(layout, START)], k=3)
    found = trained.library.retrieve(trained.create_embedding(START, ()), 3)
    assert [similarity for similarity, _ in queries] == [
        similarity for similarity, skill in found if skill.applicable(START)
    ]
    assert reuse_queries(ProceduralMemoryAgent(GridWorld()), [(layout, START)]) == []


# ---------------------------------------------------------------- what the library holds


@pytest.fixture
def browser(trained):
    library = SkillLibrary(64, trained.encoder)
    for skill in list(trained.library)[:20]:
        library.add(replace(skill))
    for uses, skill in enumerate(library):
        for _ in range(uses % 4):
            skill.record(True)
    return LibraryBrowser(library)


def shown(browser):
    rows = list(parse(browser.frame.value).iter("tr"))[1:]
    return ["".join(row.find("th").itertext()) for row in rows]


def test_the_table_shows_a_page_of_skills_with_their_ways(browser):
    names = [skill.name for skill in browser.library]
    assert shown(browser) == names[:8]
    browser.page.value = 3
    assert (shown(browser), browser.page.max) == (names[16:], 3)
    assert all(label.startswith("The way of ") for label in pictures(browser))


@pytest.mark.parametrize(
    ("order", "key"),
    [("length", len), ("uses", lambda s: s.times_used), ("name", lambda s: s.name)],
)
def test_the_table_can_be_sorted_both_ways(browser, order, key):
    browser.sort.value = order
    skills = sorted(browser.library, key=key)
    assert shown(browser) == [skill.name for skill in skills[:8]]
    browser.descending.value = True
    assert shown(browser) == [s.name for s in sorted(browser.library, key=key, reverse=True)[:8]]


def test_a_skill_is_forgotten_and_comes_back(browser):
    name = browser.choice.options[2]
    browser.choice.value = name
    browser.forget.click()
    assert name not in browser.library
    assert name not in shown(browser)
    assert name not in browser.choice.options
    assert f"Forgotten: {name}." in words(browser.frame.value)
    browser.undo.click()
    assert name in browser.library
    assert f"Back again: {name}." in words(browser.frame.value)
    browser.undo.click()
    assert "Nothing was forgotten." in words(browser.frame.value)


def test_whoever_has_a_twin_by_now_stays_away(browser):
    skill = next(iter(browser.library))
    browser.choice.value = skill.name
    browser.forget.click()
    browser.library.add(replace(skill, name="twin"))
    browser.undo.click()
    assert "Its twin twin is as good" in words(browser.frame.value)


def test_forgetting_changes_what_the_agent_does():
    agent = ProceduralMemoryAgent(GridWorld(), rng=1)
    agent.train(5)
    before = agent.run_episode(learn=False)
    browser = LibraryBrowser(agent)
    while len(agent.library):
        browser.forget.click()
    assert agent.run_episode(learn=False).skills == []
    assert before.skills != []


def test_an_empty_library_can_be_looked_at():
    browser = LibraryBrowser(SkillLibrary())
    browser.forget.click()
    assert "There is nothing to forget." in words(browser.frame.value)
    assert repr(browser) == "A library of 0 skills. Most used: none."
    leaves_picture_and_words(browser)


def test_names_from_a_file_are_only_text():
    library = SkillLibrary()
    odd = "<img src=x onerror=alert(1)>"
    library.add(Skill(odd, {"<b>": True}, [0], [1.0], effects={"<i>": True}))
    browser = LibraryBrowser(library)
    for _ in range(2):
        browser.forget.click()
        assert "<img" not in browser.frame.value
        browser.undo.click()
        assert "<img" not in browser.frame.value
        assert "<b>:" not in browser.frame.value
    leaves_picture_and_words(browser)


# ---------------------------------------------------------------- clumsy hands


def test_a_room_that_is_shown_turned_has_no_map(trained):
    class Turned(type(fixed_layout(5))):
        def upright(self, state):
            return dict(state)

    layout = Turned(**vars(fixed_layout(5)))
    with pytest.raises(ValueError, match="a map needs a world that shows its rooms as they are"):
        SimilarityMap({"ours": trained.encoder}, layout)


def test_an_open_door_without_the_key_has_a_map(trained):
    layout = fixed_layout(5)
    shown = SimilarityMap(
        {"ours": trained.encoder}, layout, state={**layout.state(), "door_open": True}
    )
    assert shown.facts.value == "without the key, door open"


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_a_threshold_beyond_the_slider_is_refused(threshold):
    with pytest.raises(ValueError, match=r"threshold must lie in 0\.\.1"):
        ThresholdExplorer([(0.5, True)], threshold)


def test_a_page_holds_at_least_one_skill(trained):
    with pytest.raises(ValueError, match="per_page must be a whole number from 1 up, got 0"):
        LibraryBrowser(trained, 0)


def test_a_browser_shows_what_the_agent_has_now(trained):
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    browser = LibraryBrowser(agent)
    agent.library = trained.library
    browser.descending.value = True
    assert "20 skills" in words(browser.frame.value) or len(trained.library) != 20
    assert browser.library is trained.library


def test_a_skill_tells_its_life(browser):
    assert "active, from episode 1, steps" in words(browser.frame.value)
    name = browser.choice.value
    browser.forget.click()
    assert browser.library.archive[name].life.status == "archived"
