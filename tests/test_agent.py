"""The loop: look, remember, choose, do, learn."""

import numpy as np
import pytest
from test_library import contents

from procmem.agent import ProceduralMemoryAgent
from procmem.embedding import Encoder, unit
from procmem.episode import Candidate, split
from procmem.gridworld import Action, GridWorld, shortest_path
from procmem.lab.baselines import LeastTried
from procmem.lab.encoders import fourier
from procmem.lab.experiment import evaluate, examination_seeds, practice_seeds
from procmem.library import SkillLibrary
from procmem.selection import NEARLY_IDENTICAL, choose
from procmem.skill import PlainAction, Skill

LAYOUTS = examination_seeds(15)


@pytest.fixture(scope="module")
def trained():
    """Return an agent that has practised in shuffled rooms; tests must leave it as it is."""
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=1)
    agent.train(60, seeds=practice_seeds(1, 60))
    return agent


def agent_with(*skills, **options):
    """Return an agent in the fixed room who remembers these skills, for where it stands."""
    agent = ProceduralMemoryAgent(GridWorld(), rng=0, **options)
    for skill in skills:
        agent.library.add(skill)
    return agent


def here(name, actions, *, likeness=1.0, **fields):
    """Return a skill for the first situation of the fixed room, or for one less like it."""
    agent = ProceduralMemoryAgent(GridWorld())
    vector = agent.create_embedding(agent.env.state, ())
    aside = unit(np.eye(64)[-1] - vector[-1] * vector)
    when = fields.pop("preconditions", {})
    embedding = likeness * vector + np.sqrt(1 - likeness**2) * aside
    return Skill(name, when, actions, embedding, **fields)


def actions(episode):
    return [step.action for step in episode.steps]


def uses(episode):
    """Return the pieces of an episode that one skill each produced."""
    pieces = {}
    for step in episode.steps:
        if step.decision.skill:
            pieces.setdefault(id(step.decision), []).append(step)
    return list(pieces.values())


# ---------------------------------------------------------------- explore


def test_without_memories_it_explores_and_says_so():
    decision = agent_with().select(GridWorld().state)
    assert (decision.skill, decision.candidates) == (None, ())
    assert decision.reason == "explore: no memory yet"


def test_with_memory_switched_off_no_skill_is_used(trained):
    episode = trained.run_episode(use_skills=False, learn=False, seed=LAYOUTS[0])
    assert {decision.reason for decision in episode.decisions} == {"explore: memory is not used"}


def test_it_learns_even_while_memory_is_not_used():
    agent = agent_with()
    agent.run_episode(use_skills=False)
    assert len(agent.library) > 0


@pytest.mark.parametrize(("chosen", "taken"), [(Action.OPEN, {Action.OPEN}), (None, set(Action))])
def test_it_does_what_the_explorer_chooses_and_anything_if_that_has_no_choice(chosen, taken):
    class Fixed(LeastTried):
        def choose(self, state, actions, rng):
            return chosen

    agent = agent_with(explorer=Fixed())
    assert {agent.explore(agent.env.state) for _ in range(100)} == taken


def test_a_skill_ends_at_an_action_from_a_file_that_this_world_does_not_have():
    agent = agent_with(here("foreign", [PlainAction(0, "JUMP")]))
    decision = agent.decide(agent.env.state)
    assert decision.skill == "foreign"
    assert list(agent.execute(decision, agent.env.state)) == []


def test_epsilon_explores_in_spite_of_a_good_memory_but_only_while_it_learns():
    agent = agent_with(here("walk", [1]), epsilon=1.0)
    decision = next(agent.play()).decision
    assert (decision.skill, decision.reason) == (None, "explore: looking for another way")
    assert next(agent.play(learn=False)).decision.skill == "walk"


def test_with_every_episode_old_experience_fades():
    habit = here("walk", [1], times_used=10, success_count=10)
    agent = agent_with(habit, evidence_decay=0.5)
    agent.run_episode(use_skills=False)
    assert agent.library["walk"].evidence == (5, 5)
    agent.run_episode(use_skills=False, learn=False)
    assert agent.library["walk"].evidence == (5, 5)


# ---------------------------------------------------------------- choose


def chosen(*skills, failed=(), **options):
    agent = agent_with(*skills, **options)
    return agent.select(agent.env.state, failed)


def test_the_most_similar_skill_wins():
    decision = chosen(here("far", [1], likeness=0.8), here("near", [1, 1], likeness=0.9))
    assert decision.skill == "near"


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ({"actions": [1, 1], "success_count": 3}, {"actions": [1]}, "second"),
        ({"times_used": 1}, {"success_count": 1}, "second"),
        (
            {"effects": {"a": True}},
            {"effects": {"a": True, "b": True}, "actions": [1, 1]},
            "second",
        ),
        ({}, {}, "first"),
    ],
    ids=["shorter", "more-successful", "more-useful", "older"],
)
def test_among_equally_similar_skills_wins_the(first, second, winner):
    first = {"actions": [1], **first}
    # Other preconditions, which hold as well: the two are no twins.
    second = {"actions": [1], "preconditions": {"has_key": False}, **second}
    assert chosen(here("first", **first), here("second", **second)).skill == winner


@pytest.mark.parametrize(
    ("fields", "just_enough", "too_much", "why"),
    [
        ({"likeness": 0.8}, {"threshold": 0.75}, {"threshold": 0.85}, "similarity below 0.85"),
        ({"times_used": 4}, {"min_success": 0.16}, {"min_success": 0.17}, "estimate below 0.17"),
        ({}, {"failed": {"run"}}, {"failed": {"walk"}}, "just failed from here"),
        ({}, {"failed": {2}}, {"failed": {1}}, "just failed from here"),
    ],
)
def test_no_skill_is_used_beyond_a_limit(fields, just_enough, too_much, why):
    assert chosen(here("walk", [1], **fields), **just_enough).skill == "walk"
    decision = chosen(here("walk", [1], **fields), **too_much)
    assert decision.skill is None
    assert decision.reason.startswith("explore: walk is ")
    assert decision.reason.endswith(why)


@pytest.mark.parametrize(
    ("likeness", "frozen", "learning"), [(0.81, 1, 1), (0.21, 1, 0), (0.19, 0, 0)]
)
def test_while_frozen_it_follows_what_is_less_alike(likeness, frozen, learning):
    agent = agent_with(here("walk", [1], likeness=likeness), epsilon=0.0)
    used = [agent.decide(agent.env.state, learn=learn).skill for learn in (False, True)]
    assert used == ["walk" if use else None for use in (frozen, learning)]


@pytest.mark.parametrize(
    "skill", [here("walk", [1], preconditions={"has_key": True}), here("wait", [])]
)
def test_no_skill_is_used_that_may_not_begin_or_has_nothing_to_do(skill):
    assert chosen(skill).skill is None


def test_an_action_that_changed_nothing_is_not_taken_again_until_something_has_changed():
    up, down = 0, 1  # above the agent lies the wall
    skills = [
        here("up", [up], preconditions={}),
        here("up, too", [up], preconditions={"has_key": False}),
        here("down", [down], likeness=0.9),
    ]
    episode = agent_with(*skills).run_episode(learn=False)
    assert actions(episode)[:2] == [up, down]


# ---------------------------------------------------------------- do


def played(skill, count=1):
    """Return the agent, and its first steps with this one memory."""
    agent = agent_with(skill, epsilon=0.0, threshold=0.999)
    return agent, agent.run_episode().steps[:count]


def test_a_skill_runs_to_its_end():
    _, steps = played(here("walk", [1, 1, 3]), 3)
    assert [step.decision.skill for step in steps] == ["walk"] * 3
    assert steps[-1].next_state["agent"] == (2, 1)


def test_a_skill_is_interrupted_where_the_world_does_not_answer():
    agent, steps = played(here("bump", [0, 1, 1, 1]), 2)
    assert [step.decision.skill for step in steps] == ["bump", None]
    assert agent.library["bump"].success_count == 0


def test_a_skill_stops_when_its_effect_has_come():
    env = GridWorld()
    fetch = here("fetch", [1, 1, 3, 3, 4, 0, 0, 0], effects={"has_key": True})
    agent, steps = played(fetch, 5)
    assert steps[-1].next_state["has_key"]
    assert agent.library["fetch"].success_count == 1
    assert env.state["has_key"] is False


def test_a_skill_that_ends_without_its_effect_has_failed():
    agent, _ = played(here("fetch", [1, 1], effects={"has_key": True}), 2)
    fetch = agent.library["fetch"]
    assert (fetch.success_count, fetch.times_used, fetch.life.last_used) == (0, 1, 1)


def test_a_skill_cut_short_by_truncation_is_not_blamed():
    agent = agent_with(here("walk", [1, 1, 3], effects={"has_key": True}), epsilon=0.0)
    agent.env.max_steps = 2
    assert len(agent.run_episode()) == 2
    assert agent.library["walk"].times_used == 0


def test_a_trained_agent_stops_in_vain_steps_and_tries_nothing_twice_from_one_state(trained):
    for seed in LAYOUTS:
        episode, failed = trained.run_episode(learn=False, seed=seed), set()
        for piece in uses(episode):
            assert all(step.changed for step in piece[:-1])
            start = frozenset(piece[0].state.items()), piece[0].decision.skill
            assert start not in failed
            failed |= set() if piece[-1].changed else {start}
        for decision in episode.decisions:
            eligible = [one.name for one in decision.candidates if one.eligible]
            assert len(decision.candidates) == 5
            assert decision.skill in (*eligible, None)


# ---------------------------------------------------------------- learn


def follow_shortest_path(agent):
    """Let the agent learn from an episode that went the shortest way."""
    env = GridWorld()
    path = iter(shortest_path(env))
    agent.explore = lambda state: next(path)
    return agent.run_episode(use_skills=False)


def test_every_state_on_the_way_to_an_achievement_becomes_a_skill():
    agent = agent_with()
    follow_shortest_path(agent)
    lengths = [(*stored.effects, len(stored)) for stored in agent.library]
    assert lengths == [
        *[("has_key", n) for n in (5, 4, 3, 2, 1)],
        *[("door_open", n) for n in (2, 1)],
        *[("at_goal", n) for n in (3, 2, 1)],
    ]


def test_a_skill_says_what_it_needs_and_what_it_was_learned_from():
    agent = agent_with()
    episode = follow_shortest_path(agent)
    first = next(iter(agent.library))
    assert first.preconditions == {"has_key": False, "door_open": False, "at_goal": False}
    recording = first.recording
    assert recording.begin == recording.situation == episode.steps[0].state
    assert recording.end == episode.steps[4].next_state
    assert {stored.life.source for stored in agent.library} == {(1, 1, 5), (1, 6, 7), (1, 8, 10)}
    assert agent.library.age == 1


def test_what_was_learned_once_is_done_again_without_a_detour():
    agent = agent_with()
    follow_shortest_path(agent)
    del agent.explore
    episode = agent.run_episode(learn=False)
    assert (episode.solved, len(episode), len(episode.skills)) == (True, 10, 3)


@pytest.mark.parametrize(("limit", "effects"), [(3, set()), (5, {"has_key"})])
def test_an_episode_cut_short_teaches_what_it_achieved(limit, effects):
    agent = agent_with()
    agent.env.max_steps = limit
    follow_shortest_path(agent)
    assert {effect for stored in agent.library for effect in stored.effects} == effects


def test_it_finds_out_by_itself_which_landmark_matters_when(trained):
    relevance = trained.encoder.relevance
    assert relevance[frozenset()] == {"key"}
    assert relevance[frozenset({"has_key"})] == {"door"}
    assert "goal" in relevance[frozenset({"has_key", "door_open"})]


def test_memories_are_encoded_anew_when_relevance_changes(trained):
    for stored in trained.library:
        fresh = trained.create_embedding(stored.situation, stored.action_sequence)
        assert np.array_equal(stored.embedding, fresh)


def test_repeated_practice_uses_what_it_learned(trained):
    assert sum(stored.success_count for stored in trained.library) > 60


# ---------------------------------------------------------------- what memory is worth


def mean_ratio(agent):
    return evaluate([agent], LAYOUTS).ratio.mean()


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("library", SkillLibrary(64)),
        ("create_embedding", lambda state, action_seq: np.zeros(64)),
        ("choose", lambda candidates: None),
    ],
)
def test_the_trained_agent_lives_by_its_memory(trained, monkeypatch, part, without):
    # Cut the wire in any of three places and what was learned is gone.
    with_memory = mean_ratio(trained)
    assert with_memory < 1.5
    monkeypatch.setattr(trained, part, without, raising=False)
    assert mean_ratio(trained) > 2 * with_memory


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"library": SkillLibrary(32)}, "library must .* got"),
        ({"library": SkillLibrary(encoder=Encoder(length_scale=1.5))}, "library must .* got"),
        ({"embedding_dim": 128}, "embedding_dim must be the encoder's, 64, got 128"),
    ],
)
def test_what_does_not_fit_the_encoder_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ProceduralMemoryAgent(GridWorld(), encoder=Encoder(), **arguments)
    assert ProceduralMemoryAgent(GridWorld(), encoder=fourier(32)).embedding_dim == 32


# ---------------------------------------------------------------- what must stay untouched


def memory(agent):
    return contents(agent.library), dict(agent.encoder.relevance), dict(agent.explorer.tried)


@pytest.mark.parametrize("use_skills", [True, False])
def test_without_learning_nothing_is_changed(trained, use_skills):
    before = memory(trained)
    for seed in LAYOUTS[:5]:
        trained.run_episode(use_skills, learn=False, seed=seed)
    assert memory(trained) == before


@pytest.mark.parametrize("learn", [True, False])
def test_an_abandoned_episode_leaves_no_trace(learn):
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=1)
    agent.train(10)
    before = memory(agent)
    for count in (1, 2, 5, 8):
        play = agent.play(learn=learn, seed=count)
        for _ in range(count):
            next(play)
        play.close()
        assert memory(agent) == before
    assert agent.run_episode(seed=4).solved


def test_building_a_second_agent_over_a_library_changes_nothing(trained):
    before = memory(trained)
    heir = ProceduralMemoryAgent(GridWorld(shuffle=True), library=trained.library)
    assert heir.encoder is trained.library.encoder
    assert memory(trained) == before


def test_an_episode_ends_when_the_agent_begins_another():
    agent = agent_with()
    first = agent.play()
    next(first)
    next(agent.play())
    with pytest.raises(RuntimeError, match="this episode is over: the agent has begun another"):
        next(first)
    assert len(agent.library) == 0


# ---------------------------------------------------------------- play and train


def test_whoever_iterates_sets_the_pace():
    agent = agent_with()
    play = agent.play()
    for _ in range(5):
        step = next(play)
        assert agent.env.state == step.next_state


def test_an_episode_begins_in_the_layout_of_its_seed():
    env = GridWorld(shuffle=True)
    episodes = ProceduralMemoryAgent(env, rng=0).train(3, seeds=[7, 8, 7])
    layouts = [episode.layout for episode in episodes]
    env.reset(seed=7)
    assert layouts[0] == layouts[2] == env.layout != layouts[1]


def test_steps_of_an_episode_are_linked():
    episode = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0).run_episode(seed=1)
    pairs = zip(episode.steps, episode.steps[1:], strict=False)
    assert all(before.next_state == after.state for before, after in pairs)
    assert [step.terminated for step in episode.steps] == [False] * (len(episode) - 1) + [True]


def test_training_for_no_episodes_plays_none():
    assert ProceduralMemoryAgent(GridWorld()).train(0) == []


def test_too_few_seeds_are_refused():
    with pytest.raises(ValueError, match=r"seeds must hold 3 .* got 1"):
        ProceduralMemoryAgent(GridWorld()).train(3, seeds=[1])


def test_random_numbers_come_from_a_seed_or_a_generator():
    first, second, third = (
        ProceduralMemoryAgent(GridWorld(), rng=rng).run_episode()
        for rng in (5, np.random.default_rng(5), 6)
    )
    assert actions(first) == actions(second) != actions(third)


def test_nothing_is_drawn_from_numpys_global_numbers():
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0).train(2, seeds=[0, 1])
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


def test_who_has_merged_a_library_goes_on_learning():
    other = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=1)
    other.train(40, seeds=range(40))
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=2)
    agent.library.merge(other.library)
    agent.train(60, seeds=range(100, 160))
    assert len(agent.library) > len(other.library)


def test_training_without_seeds_is_reproducible_and_keeps_to_the_rooms_for_practice():
    histories = []
    for _ in range(2):
        agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=7)
        histories.append(agent.train(30))
    assert histories[0] == histories[1]
    assert {split(episode.layout.state()) for episode in histories[0]} == {"practice"}


def test_a_world_of_one_room_is_practised_whatever_its_split():
    assert len(ProceduralMemoryAgent(GridWorld(), rng=0).train(2)) == 2


@pytest.mark.parametrize("number", [np.float64(0.9), np.float32(0.5), np.int64(1)])
def test_settings_may_be_numpy_scalars(number):
    options = {"threshold": number, "evidence_decay": number, "epsilon": number}
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), np.int64(32), rng=0, **options)
    assert len(agent.train(np.int64(2), seeds=np.arange(2))) == 2


def test_what_explain_asks_for_by_default_is_what_the_agent_asks_for(trained):
    state = trained.env.reset(seed=LAYOUTS[0])[0]
    explained = trained.library.explain(trained.create_embedding(state, ()), state)
    assert explained == trained.select(state).candidates


# ---------------------------------------------------------------- how a recording is followed


def test_a_recording_from_elsewhere_is_followed_for_one_step_and_not_blamed():
    far = here("far", [1, 1, 3, 3, 4], likeness=0.9, effects={"has_key": True})
    agent = agent_with(far, epsilon=0.0)
    decisions = agent.run_episode().decisions
    assert decisions[0].single_step
    assert decisions[0].skill == "far"
    assert agent.library["far"].times_used == 0


def test_recordings_of_this_situation_come_before_networks_and_these_before_other_recordings():
    def candidate(name, similarity, closed_loop=False):
        return Candidate(name, similarity, True, 0.5, closed_loop=closed_loop, eligible=True)

    near, network = candidate("near", NEARLY_IDENTICAL), candidate("network", 0.5, True)
    far = candidate("far", 0.98)
    assert choose([far, network, near]) is near
    assert choose([far, network]) is network
    assert choose([far]) is far
    assert choose([]) is None
    alike = chosen(here("near", [1], likeness=NEARLY_IDENTICAL))
    assert (alike.skill, alike.single_step) == ("near", False)


def test_the_parts_that_may_be_replaced_are_used():
    asked = []

    def nothing(candidates):
        asked.append(candidates)

    agent = ProceduralMemoryAgent(
        GridWorld(),
        rng=0,
        segment=lambda steps: [steps],
        paths=lambda piece: [piece],
        choose=nothing,
    )
    episode = agent.run_episode()
    assert len(asked) == len(episode.decisions)
    (skill,) = agent.library
    assert len(skill) == len(episode)
    assert set(skill.effects) == {"has_key", "door_open", "at_goal"}


def test_the_explorer_begins_every_episode_with_an_empty_map(trained):
    agent = ProceduralMemoryAgent(GridWorld(), rng=0)
    agent.train(1)
    next(agent.play(use_skills=False))
    assert len(agent.explorer._map) == 1


def test_the_archive_is_encoded_anew_with_the_library():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(1)
    name = next(iter(agent.library)).name
    agent.library.retire(name)
    agent.train(20)
    old = agent.library.archive[name]
    assert old.embedding.tolist() == agent.create_embedding(old.situation, ()).tolist()


def test_what_a_twin_replaced_still_tells_the_encoder_where_its_piece_began_and_ended():
    agent, told = agent_with(), []
    agent.encoder.learn = lambda recordings: told.append([*recordings])
    episode = agent.run_episode(use_skills=False, learn=False)
    agent.learn(episode.steps)
    known = len(agent.library)
    agent.learn(episode.steps)
    assert len(agent.library) == known
    assert [len(one) for one in told] == [known, 2 * known]
