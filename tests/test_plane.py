"""The plane of words: what is marked and said for a request, whatever is typed."""

import numpy as np
import pytest

from procmem import ProceduralMemoryAgent
from procmem.lab.texts import Roles, WordEncoder, lift, printing
from procmem.office import FACTS, WISHES, Office, shortest_path
from procmem.show.picture import mark
from procmem.show.plane import MARKS, WordPlane, plane
from procmem.show.style import LOOKS


def asked(request):
    """Return the first wish of a request, as the office does them."""
    ways = ((FACTS[tool], way) for tool, some in WISHES.items() for way in some)
    return next((fact for fact, way in ways if way in request), None)


@pytest.fixture(scope="module")
def agents():
    found = {}
    for name, count in (("few", 4), ("many", 60)):
        agent = ProceduralMemoryAgent(Roles(Office()), rng=1, encoder=WordEncoder())
        agent.train(count, seeds=printing(Roles(Office()), count))
        found[name] = agent
    return found


@pytest.fixture(scope="module")
def state():
    """Return a request to print with the file found and open."""
    office = Office("examination")
    office.reset(seed=1)
    for action in shortest_path(office)[:2]:
        office.step(action)
    return lift(office.state)


@pytest.fixture
def control(agents, state):
    return WordPlane(agents, state, asked)


def test_what_is_asked_for_is_found_and_marked(control):
    answer = control.answer("many")
    best = answer.ranking[0][1]
    assert answer.marks[best.name] == "right" and "translated" in best.effects
    assert answer.said == f"Memory would use {best.name}, and that is right."
    assert len(answer.marks) == len(answer.ranking) == 5
    similarities = [similarity for similarity, _ in answer.ranking]
    assert similarities == sorted(similarities, reverse=True)


def test_a_more_similar_skill_shadows_the_right_one(agents, state):
    control = WordPlane(agents, state, lambda request: "signed")
    answer = control.answer("many")
    used, right = (
        next(name for name, kind in answer.marks.items() if kind == mark)
        for mark in ("shadowing", "right")
    )
    place = [skill.name for skill in answer.skills].index(right) + 1
    assert answer.said == (
        f"Memory would use {used}; right would be {right}, number {place} by likeness."
    )


def test_the_ranking_moves_with_the_request_and_with_the_memory(control):
    before = control.surface.html
    control.request.value = "Print the $file for $person with our stamp."
    assert control.words != "" and control.surface.html != before
    control.memory.value = "many"
    assert "stamped" in control.words and "that is right" in control.words


UNKNOWN = "Memory would explore; which skill would be right is not known."
NOTHING = "No word in the field tells this memory anything here."


@pytest.mark.parametrize("request_", ["", "   ", "zzz", "?!", "x " * 5000, "<b>", "$", "file $"])
def test_what_tells_nothing_is_told_in_a_sentence(control, request_):
    control.request.value = request_
    assert control.words.startswith(f"{NOTHING} Memory would use ")


@pytest.mark.parametrize("request_", ["<b>signed</b>", "signed " * 3000, "SIGNED\x00&", "signed é"])
def test_any_text_can_be_typed(control, request_):
    control.memory.value = "many"
    control.request.value = request_
    assert control.words.startswith("Memory would ")
    assert "<b>" not in control.surface.html and "\x00" not in control.words


def test_what_is_right_may_be_unknown(agents, state):
    control = WordPlane(agents, state, lambda request: None)
    assert control.words.endswith(UNKNOWN.partition("; ")[2])


def test_a_memory_without_skills_says_so(state):
    control = WordPlane({"new": ProceduralMemoryAgent(Roles(Office()), rng=0)}, state, asked)
    assert control.words == f"{NOTHING} {UNKNOWN}"


def test_it_leaves_a_picture_of_every_memory_with_a_description(control):
    bundle = control._repr_mimebundle_()
    assert '<img alt="Plane of words. few, asked: ' in bundle["text/html"]
    assert repr(control).count(" Memory would ") == 2 and "many, asked: " in repr(control)


def test_every_mark_has_a_look_of_its_own():
    known = {look[:2] for look in LOOKS.values()} | {look[:2] for look in MARKS.values()}
    assert len(known) == len(LOOKS) + len(MARKS)
    assert len({mark(look, 0, 0).replace(look.colour, "") for look in MARKS.values()}) == 4


def test_the_plane_keeps_what_is_far_apart_apart():
    a, b, c = np.eye(3)
    places = plane([a, a, b, c], b)
    assert places[0] == places[1] and places[2] == places[4]
    assert len(set(places)) == 3
    assert len(plane([], a)) == 1 and len(plane([a], a)) == 2
    heights = {height for _, height in plane([a, b], c)}
    assert len(heights) == 1  # two skills lie on a line, and so does the request


def test_a_plane_needs_agents(state):
    with pytest.raises(ValueError, match=r"with at least one name, got \{\}"):
        WordPlane({}, state, asked)
