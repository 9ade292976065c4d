"""How many frames PPO needs with the same facts: `python tests/studies/ppo_doorkey.py`.

Needs `stable-baselines3` (the extra `ppo`), which nothing else here does; it is not run with the
tests. PPO sees what our agent sees (offsets to key, door and goal in its own frame, and the two
facts) as eight numbers, in eight rooms of 5x5 at once. It is examined as our agent is: unseen rooms
of 6x6. Its settings were chosen on the validation rooms among learning rates of 3e-4 and 1e-3 and
entropy bonuses of 0 and 0.01; everything else is the library's default.
"""

import argparse

import gymnasium
import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

from procmem.embedding import offsets
from procmem.episode import split
from procmem.lab.experiment import examination_seeds, validation_seeds
from procmem.lab.worlds import doorkey

GOOD = 0.94


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


def mean_return(model, seeds):
    """Return the mean return in unseen 6x6 rooms, or 0 once it can no longer be good."""
    env, found = Numbers(doorkey(6)), []
    for seed in seeds:
        state, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            action, _ = model.predict(state, deterministic=False)
            state, reward, terminated, truncated, _ = env.step(int(action))
            total, over = total + reward, terminated or truncated
        found.append(total)
        if len(found) - sum(found) > (1 - GOOD) * len(seeds):
            return 0.0
    return float(np.mean(found))


def frames_to_good(options, seed, seeds):
    model = PPO(
        "MlpPolicy",
        make_vec_env(lambda: Numbers(doorkey(5), practice=True), 8, seed=seed),
        n_steps=128,
        learning_rate=options.rate,
        ent_coef=options.entropy,
        seed=seed,
        device="cpu",
    )
    while model.num_timesteps < options.limit:
        model.learn(2048, reset_num_timesteps=False)
        if mean_return(model, seeds) >= GOOD:
            return model.num_timesteps
    return np.inf


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=200_000)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--entropy", type=float, default=0.01)
    parser.add_argument("--validation", action="store_true", help="not the examination rooms")
    options = parser.parse_args()
    draw = validation_seeds if options.validation else examination_seeds
    seeds, found = draw(60, size=6, world=doorkey), []
    for seed in range(options.seeds):
        found.append(frames_to_good(options, seed, seeds))
        print(f"seed {seed}: {found[-1]} frames", flush=True)
    print(f"median {np.median(found):.0f}")
