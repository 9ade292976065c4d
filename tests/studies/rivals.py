"""Agents that only the studies compare: other ways to use skills, and the agent's own ablations."""

from functools import partial

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import real
from procmem.episode import Decision
from procmem.gridworld import transition
from procmem.lab.baselines import LeastTried, UninterruptedAgent, each_suffix, whole_episode
from procmem.lab.encoders import absolute, fourier
from procmem.lab.encoders import egocentric as all_offsets
from procmem.lab.tabular import egocentric
from procmem.rehearsal import would_work
from procmem.segmentation import erase_loops


class EpisodeReplayAgent(ProceduralMemoryAgent):
    """Remembers whole solved episodes, without their loops, and replays the nearest one."""

    def __init__(self, env, embedding_dim=None, rng=None, **options):
        options = {"threshold": -1, "frozen_threshold": -1, **options}
        super().__init__(env, embedding_dim, rng, **options)

    def learn(self, steps):
        """Store the episode as one skill, if it was solved."""
        if steps and steps[-1].terminated:
            self.library.add(self.make_skill(erase_loops(steps), steps))


class OracleRetrievalAgent(ProceduralMemoryAgent):
    """Our agent with perfect retrieval: what the world would answer is known beforehand.

    Of all skills that would work from here the shortest is offered. What remains wrong is the
    skills' own fault, what goes better than with ours is the fault of our retrieval.
    """

    def select(self, state, failed=(), threshold=None):
        """Return the shortest skill that works from ``state`` in the true world."""
        layout = self.env.get_wrapper_attr("layout")

        def follow(state, action):
            return transition(layout, state, action)

        working = [skill for skill in self.library if would_work(skill, state, follow)]
        if not working:
            return Decision((), None, "explore: no skill would work")
        best = min(working, key=len)
        return Decision((), best.name, f"use {best.name}: the shortest that works")


class SkillValueAgent(ProceduralMemoryAgent):
    """Our agent, but what to do is chosen by value: semi-Markov Q-learning over its skills.

    The options are the applicable ones among the five most similar skills, and to explore. Each
    option has a value in each egocentric view; it is updated when the option ends, with the
    discounted reward on the way (Sutton, Precup & Singh 1999).
    """

    def __init__(self, *args, step_size=0.5, discount=0.99, epsilon=0.1, **options):
        super().__init__(*args, epsilon=epsilon, **options)
        self.step_size = real("step_size", step_size, 0, 1)
        self.discount = real("discount", discount, 0, 1)
        self.values, self._last, self._learning = {}, None, False

    def play(self, use_skills=True, *, learn=True, seed=None):
        """Yield the steps of one episode; no option of an earlier one is credited in it."""
        self._last, self._learning = None, learn
        yield from super().play(use_skills, learn=learn, seed=seed)

    def decide(self, state, failed=(), use_skills=True, learn=False):
        """Return the option of the highest value, drawn among equals, now and then any."""
        if not use_skills:
            return super().decide(state, failed, use_skills, learn)
        query = self.create_embedding(state, ())
        limits = {"threshold": -1, "min_success": 0, "failed": failed}
        candidates = self.library.explain(query, state, **limits)
        names = [None, *(one.name for one in candidates if one.eligible)]
        here = egocentric(state)
        values = [self.values.get((here, name), 0.0) for name in names]
        self._credit(max(values))
        best = [name for name, value in zip(names, values, strict=True) if value == max(values)]
        pool = names if self.rng.random() < self.epsilon else best
        chosen = pool[self.rng.integers(len(pool))]
        return Decision(candidates, chosen, f"{chosen or 'explore'}: by its value")

    def execute(self, decision, state):
        """Yield the steps of one option, and note what it earned unless it was cut off."""
        rewards, step = [], None
        for step in super().execute(decision, state):
            rewards.append(step.reward)
            yield step
        if step is None or (step.truncated and not step.terminated):
            self._last = None  # what would have followed is not known
            return
        earned = sum(self.discount**t * reward for t, reward in enumerate(rewards))
        option = egocentric(state), decision.skill
        self._last = option, earned, self.discount ** len(rewards)

    def learn(self, steps):
        """Turn the episode into skills; nothing follows its last option."""
        self._credit(0.0)
        super().learn(steps)

    def _credit(self, ahead):
        """Update the value of the option that ended last, now that what follows is known."""
        if self._last and self._learning:
            option, earned, discount = self._last
            old = self.values.get(option, 0.0)
            self.values[option] = old + self.step_size * (earned + discount * ahead - old)
        self._last = None


def straightened(steps):
    """Return the whole path from the beginning, without its loops, and none of its suffixes."""
    return [path] if (path := erase_loops(steps)) else []


def seeing(encoder, env, embedding_dim=64, rng=None, **options):
    """Return an agent that sees through ``encoder(dim)``."""
    return ProceduralMemoryAgent(env, rng=rng, encoder=encoder(embedding_dim), **options)


def untaught(env, rng=None):
    """Return an agent that explores by the least tried action."""
    return ProceduralMemoryAgent(env, rng=rng, explorer=LeastTried())


ABLATIONS = {
    "the full agent": ProceduralMemoryAgent,
    "encoder: all places, Fourier": partial(seeing, fourier),
    "encoder: all places, raw offsets": partial(seeing, all_offsets),
    "encoder: absolute places": partial(seeing, absolute),
    "no threshold": partial(ProceduralMemoryAgent, threshold=-1, frozen_threshold=-1),
    "strict threshold, 0.95": partial(ProceduralMemoryAgent, threshold=0.95, frozen_threshold=0.95),
    "no segments: whole episodes": partial(ProceduralMemoryAgent, segment=whole_episode),
    "no loop erasure": partial(ProceduralMemoryAgent, paths=each_suffix),
    "no suffixes": partial(ProceduralMemoryAgent, paths=straightened),
    "no success estimate": partial(ProceduralMemoryAgent, min_success=0),
    "no interruption": UninterruptedAgent,
    "explorer: least tried": untaught,
}
"""The full agent with one thing taken away; ``make(env, rng=seed)`` builds each."""
