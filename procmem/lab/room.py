"""The environment of an exam, and how a policy becomes an agent that can sit it."""

import gymnasium


class Room(gymnasium.Env):
    """The environment that an agent is given: it chooses the rooms, counts and keeps watch."""

    def __init__(self, world, seeds):
        self.actions, self.action_space = world.get_wrapper_attr("actions"), world.action_space
        self.observation_space, self.noticed = world.observation_space, set()
        self.enter(world, seeds)

    def enter(self, world, seeds):
        """Let the next resets begin the rooms of these seeds, whatever seeds they are given."""
        self._world, self._seeds = world, seeds
        self.resets = self.steps = self.reward = 0
        self.solved = self._over = False

    def reset(self, *, seed=None, options=None):
        """Begin the next room."""
        if self.resets >= len(self._seeds):
            self.noticed.add("reset a room")
        chosen = self._seeds[min(self.resets, len(self._seeds) - 1)]
        self.resets, self._over = self.resets + 1, False
        return self._world.reset(seed=chosen)[0], {}

    def step(self, action):
        """Do an action, and count it."""
        state, reward, terminated, truncated, _ = self._world.step(action)
        self.steps, self.reward = self.steps + 1, self.reward + reward
        self.solved, self._over = self.solved or terminated, terminated or truncated
        return state, reward, terminated, truncated, {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if name != "layout" or not self._over:  # that of an episode may be kept, once it is over
            self.noticed.add(f"asked the world for its {name}")
        return self._world.get_wrapper_attr(name)


class PolicyAgent:
    """Makes an agent of a policy with ``predict(observation)``, such as Stable-Baselines3's.

    ``env`` may be the exam's environment in wrappers that turn states into what the policy reads.
    A policy with ``learn(steps)`` practises by it, ``chunk`` steps at a time.
    """

    def __init__(self, env, policy, chunk=100):
        self.env, self.policy, self.chunk = env, policy, chunk

    def run_episode(self, learn=False, seed=None):
        """Follow the policy to the end of an episode, or let it learn."""
        if learn and hasattr(self.policy, "learn"):
            self.policy.learn(self.chunk)
            return
        state, over = self.env.reset(seed=seed)[0], False
        while not over:
            action = self.policy.predict(state)
            action = action[0] if isinstance(action, tuple) else action
            state, _, terminated, truncated, _ = self.env.step(int(action))
            over = terminated or truncated
