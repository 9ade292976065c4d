"""How many frames PPO needs with the same facts: `python tests/ppo_doorkey.py`.

Needs `stable-baselines3`, which nothing else here does; it is not run with the tests. PPO sees
what our agent sees (offsets to key, door and goal in its own frame, and the two facts) as eight
numbers, in eight rooms at once, with the best of the settings that we tried (learning rate, entropy
bonus, steps an update, epochs, λ); everything else is the library's default.
"""

import argparse

import gymnasium
import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.env_util import make_vec_env

from procmem.doorkey import DoorKeyFacts
from procmem.embedding import offsets
from procmem.lab.experiment import HELD_OUT

GOOD = 0.94


class Numbers(gymnasium.ObservationWrapper):
    """The state as a vector: three offsets in cells, two facts."""

    def __init__(self, env):
        super().__init__(env)
        self.observation_space = gymnasium.spaces.Box(-32, 32, (8,), np.float32)

    def observation(self, state):
        facts = [state["has_key"], state["door_open"]]
        return np.concatenate([offsets(state).ravel(), facts]).astype(np.float32)


def make(size):
    return Numbers(DoorKeyFacts(gymnasium.make(f"MiniGrid-DoorKey-{size}x{size}-v0")))


def mean_return(model, env):
    """Return the mean return on the held-out rooms, or 0 once it can no longer be good."""
    found = []
    for seed in HELD_OUT:
        state, _ = env.reset(seed=seed)
        total, over = 0.0, False
        while not over:
            action, _ = model.predict(state, deterministic=False)
            state, reward, terminated, truncated, _ = env.step(int(action))
            total, over = total + reward, terminated or truncated
        found.append(total)
        if len(found) - sum(found) > (1 - GOOD) * len(HELD_OUT):
            return 0.0
    return float(np.mean(found))


def frames_to_good(size, seed, limit):
    model = PPO(
        "MlpPolicy",
        make_vec_env(lambda: make(size), 8, seed=seed),
        n_steps=128,
        learning_rate=1e-3,
        ent_coef=0.01,
        seed=seed,
        device="cpu",
    )
    while model.num_timesteps < limit:
        model.learn(2048, reset_num_timesteps=False)
        if mean_return(model, make(size)) >= GOOD:
            return model.num_timesteps
    return None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--limit", type=int, default=200_000)
    options = parser.parse_args()
    found = []
    for seed in range(options.seeds):
        found.append(frames_to_good(options.size, seed, options.limit))
        print(f"seed {seed}: {found[-1]} frames", flush=True)
    print(f"median {np.median([frames or options.limit for frames in found]):.0f}")
