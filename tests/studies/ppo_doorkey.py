"""How far PPO comes with the same facts: `python tests/studies/ppo_doorkey.py`.

Needs `stable-baselines3` (the extra `ppo`), which nothing else here does; it is not run with the
tests. PPO sees what our agent sees (offsets to key, door and goal in its own frame, and the two
facts) as eight numbers, in eight rooms of 5x5 at once, and is examined as our agent is, in unseen
larger rooms. Learning rate (3e-4, 1e-3) and entropy bonus (0, 0.01) were chosen by the return in
validation rooms of 6x6 after 20,480 frames; everything else is the library's default but for
`n_steps`.
"""

from functools import partial
from importlib.metadata import version

import gymnasium
import numpy as np
from study import row_of_returns, run

from procmem.embedding import offsets
from procmem.episode import split
from procmem.lab.experiment import examination_seeds, practice_seeds, validation_seeds
from procmem.lab.worlds import doorkey

SIZES = (6, 8)
BUDGETS = (2_048, 20_480, 61_440)
"""Frames of practice; the first is somewhat more than the agent's hundred episodes take."""


class Numbers(gymnasium.ObservationWrapper):
    """The state as a vector: three offsets in cells, two facts; rooms set apart are skipped."""

    def __init__(self, env, practice=False):
        super().__init__(env)
        self.practice = practice
        self.observation_space = gymnasium.spaces.Box(-32, 32, (8,), np.float32)

    def reset(self, *, seed=None, options=None):
        state, info = self.env.reset(seed=seed, options=options)
        while self.practice and split(state) != "practice":
            state, info = self.env.reset()
        return self.observation(state), info

    def observation(self, state):
        seen = offsets(state)
        facts = [state["has_key"], state["door_open"]]
        return np.array([*seen["key"], *seen["door"], *seen["goal"], *facts], np.float32)


def returns(model, seeds, size):
    """Return one return a room; actions are drawn: the likeliest alone would walk in circles."""
    env, found = Numbers(doorkey(size)), []
    for seed in seeds:
        state, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            action, _ = model.predict(state, deterministic=False)
            state, reward, terminated, truncated, _ = env.step(int(action))
            total, over = total + reward, terminated or truncated
        found.append(total)
    return found


def learn(rooms, rate, entropy, seed):
    """Return the returns by budget and kind of room, those where it practises among them."""
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env

    torch.set_num_threads(1)
    envs = make_vec_env(lambda: Numbers(doorkey(5), practice=True), 8, seed=seed)
    options = {"n_steps": 128, "learning_rate": rate, "ent_coef": entropy}
    model = PPO("MlpPolicy", envs, **options, seed=seed, device="cpu")
    found = {}
    for budget in BUDGETS:
        model.learn(budget - model.num_timesteps, reset_num_timesteps=False)
        for (size, kind), seeds in rooms.items():
            found[budget, f"{size}x{size}, {kind}"] = returns(model, seeds, size)
    return found


def report(options, executor):
    draw = validation_seeds if options.validation else examination_seeds
    rooms = {(5, "practised"): practice_seeds(0, options.rooms, world=doorkey)}
    rooms |= {(size, "unseen"): draw(options.rooms, size=size, world=doorkey) for size in SIZES}
    versions = ", ".join(f"{name} {version(name)}" for name in ("stable-baselines3", "torch"))
    yield f"PPO ({versions}), {options.agents} agents, {options.rooms} rooms of each kind:"
    yield "\n| frames of practice in 5x5 | rooms | solved | return |\n|---|---|---|---|"
    work = partial(learn, rooms, options.rate, options.entropy)
    done = list(executor.map(work, range(options.agents)))
    for budget, rooms in done[0]:
        found = np.array([one[budget, rooms] for one in done])
        yield row_of_returns(f"{budget:,} | {rooms}", found)


if __name__ == "__main__":
    run(__file__, report, agents=10, rooms=60, rate=1e-3, entropy=0.0)
