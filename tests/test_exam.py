"""The exam: the same for all agents, however it is run, and not blind."""

import re
from functools import partial

import numpy as np
import pytest

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab import exam
from procmem.lab.baselines import OracleAgent, RandomExplorer
from procmem.lab.exam import TASKS, Task, examine, table
from procmem.lab.experiment import evaluate, examination_seeds, practice_seeds
from procmem.lab.room import PolicyAgent, Room

SMALL = {"tasks": {"same size": Task()}, "agents": 2, "steps": 200, "rooms": 4}


def noticed(make, **options):
    return examine(make, **{**SMALL, **options})["same size"].noticed


def test_marks_are_those_of_the_agents_own_episodes():
    marks = examine(ProceduralMemoryAgent, **SMALL)["same size"]
    agents = []
    for number in range(2):
        agent, spent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=number), 0
        for seed in practice_seeds(number, 60):
            spent += len(agent.run_episode(seed=seed)) if spent < 200 else 0
        agents.append(agent)
    for found, use_skills in ((marks.results, True), (marks.control, False)):
        other = evaluate(agents, 4, use_skills=use_skills)
        for name in ("steps", "optimum", "solved", "rewards", "decisions", "skills"):
            assert np.array_equal(getattr(found, name), getattr(other, name)), name
    assert marks.noticed == set()
    assert marks.seconds > 0


def test_all_cores_give_the_same_table():
    few = SMALL | {"tasks": {name: TASKS[name] for name in ("same size", "key moved")}}
    with exam.workers(None) as executor:
        there = examine(ProceduralMemoryAgent, **few, executor=executor)
    assert table({"ours": there}) == table({"ours": examine(ProceduralMemoryAgent, **few)})


def test_every_task_can_be_taken():
    marks = examine(ProceduralMemoryAgent, agents=1, steps=100, rooms=1)
    assert list(marks) == list(TASKS)
    assert all((one.results.ratio >= 1).all() for one in marks.values())


# ---------------------------------------------------------------- what it notices


class Resetting(RandomExplorer):
    def run_episode(self, use_skills=True, *, learn=True, seed=None):
        self.env.reset()
        return super().run_episode(use_skills, learn=learn, seed=seed)


class Learning(ProceduralMemoryAgent):
    """Learns although it should not."""

    def run_episode(self, use_skills=True, *, learn=True, seed=None):
        return super().run_episode(use_skills, learn=True, seed=seed)


class Diligent(RandomExplorer):
    """Practises ten episodes for one."""

    def run_episode(self, use_skills=True, *, learn=True, seed=None):
        for _ in range(10 * learn):
            super().run_episode(use_skills, learn=learn, seed=seed)
        return super().run_episode(use_skills, learn=learn, seed=seed)


class Restless:
    """Walks at random, by dice of its own, for a few steps."""

    def __init__(self, env, rng, patience=1000):
        self.env, self.dice, self.patience = env, np.random.default_rng(rng), patience

    def run_episode(self, learn, seed):
        self.env.reset(seed=seed)
        for _ in range(self.patience):
            _, _, terminated, truncated, _ = self.env.step(self.dice.integers(6))
            if terminated or truncated:
                return


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (OracleAgent, {"asked the world for its layout", "asked the world for its state"}),
        (Resetting, {"reset a room"}),
    ],
)
def test_a_cheat_is_noticed(make, what):
    assert noticed(make) == what


def test_learning_while_frozen_and_practising_too_long_are_noticed_and_dice_of_ones_own_are_not():
    assert noticed(Learning, steps=1) == {"learned while frozen"}
    assert any(re.match("practised .* steps", what) for what in noticed(Diligent))
    assert noticed(Restless, rooms=10) == set()


def test_giving_up_is_no_short_cut():
    marks = examine(partial(Restless, patience=1), **SMALL)["same size"]
    assert not marks.results.solved.any()
    assert (marks.results.steps == 1000).all()


def test_an_agent_does_not_choose_its_room():
    room = Room(GridWorld(shuffle=True), (5, 6))
    states = [room.reset(seed=seed)[0] for seed in (1, 1)]
    assert states == [GridWorld(shuffle=True).reset(seed=seed)[0] for seed in (5, 6)]


def test_an_agent_that_does_not_step_is_refused():
    class Idle(RandomExplorer):
        def run_episode(self, use_skills=True, *, learn=True, seed=None):
            self.env.reset(seed=seed)

    with pytest.raises(ValueError, match="make_agent must return agents that step env"):
        examine(Idle, **SMALL)


# ---------------------------------------------------------------- policies and files


class Policy:
    """Predicts an action at random, in a tuple as Stable-Baselines3 does; counts its lessons."""

    def __init__(self, env):
        self.env, self.dice, self.learned = env, np.random.default_rng(0), 0
        self.schedule = lambda share: share  # pickle cannot copy it

    def predict(self, observation):
        assert observation["key"]
        return self.dice.integers(6), None

    def learn(self, steps):
        self.env.reset()
        for _ in range(steps):
            _, _, terminated, truncated, _ = self.env.step(self.dice.integers(6))
            self.learned += 1
            if terminated or truncated:
                self.env.reset()


def test_a_policy_practises_its_steps_and_sits_the_exam():
    made = []

    def make(env, rng):
        made.append(PolicyAgent(env, Policy(env), chunk=100))
        return made[-1]

    marks = examine(make, **SMALL | {"agents": 1})["same size"]
    assert made[0].policy.learned == 200
    assert marks.noticed == set()
    assert marks.results.decisions.tolist() == marks.results.steps.tolist()


def test_the_command_prints_a_table_and_times(tmp_path, capsys, monkeypatch):
    few = {name: TASKS[name] for name in ("same size", "with decoys")}
    monkeypatch.setattr(exam, "examine", partial(examine, tasks=few))
    (tmp_path / "mine.py").write_text(
        "from procmem import ProceduralMemoryAgent\n\n\n"
        "class Mine(ProceduralMemoryAgent):\n    pass\n\n\n"
        "def make_agent(env, rng):\n    return Mine(env, rng=rng)\n",
        encoding="utf-8",
    )
    options = ["--agents", "1", "--steps", "100", "--rooms", "1"]
    exam.main([f"{tmp_path / 'mine.py'}:make_agent", *options])
    out, err = capsys.readouterr()
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + 3 * len(few)
    assert len(re.findall(r"^.+: \d+\.\d\d ms a decision$", out, re.MULTILINE)) == 3
    assert err.endswith("1 of 1 agents\n")
    assert out.isascii()


def test_examination_rooms_are_asked_for():
    asked = []

    def seeds(count, **options):
        asked.append((count, options["size"]))
        return examination_seeds(count, **options)

    examine(RandomExplorer, **SMALL, seeds=seeds)
    assert asked == [(4, 5)]


@pytest.mark.parametrize("agent", ["missing.py:make", "nothing", "agents.py:missing"])
def test_what_is_no_function_in_a_file_is_told_without_a_traceback(
    agent, tmp_path, monkeypatch, capsys
):
    (tmp_path / "agents.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        exam.main([agent])
    assert "agent must be a file and a function in it" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["agents", "steps", "rooms"])
def test_an_exam_of_nothing_is_refused_by_name(name):
    with pytest.raises(ValueError, match=f"{name} must be a whole number from 1 up, got 0"):
        examine(ProceduralMemoryAgent, **{name: 0})
