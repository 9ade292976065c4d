"""The loop: look, remember, choose, do, learn.

observation ──► query ──► candidates ──► decision ──► steps ──► next observation … ──► episode
                              ▲                                                           │
                           library ◄── skill ◄── known path  ◄── pieces ◄─────────────────┘
"""

from copy import deepcopy
from itertools import islice

from procmem import arguments
from procmem.arguments import each, flag, function, generator, having, instance, real, whole
from procmem.embedding import Encoder, FunctionEncoder
from procmem.episode import Decision, Episode, Step, facts, holds, partial_state, split, state_key
from procmem.exploration import CuriousExplorer
from procmem.library import SkillLibrary
from procmem.segmentation import achieved, known_paths, segment
from procmem.selection import NEARLY_IDENTICAL, choose
from procmem.skill import Life, Recording, Skill, in_world


class ProceduralMemoryAgent:
    """An agent that explores, turns its successes into skills and uses them again.

    A skill may be used if its preconditions hold, its similarity to the present state is at least
    ``threshold`` (``frozen_threshold`` in episodes that are not learned from: exploring gains
    nothing there), its success estimate is at least ``min_success`` and it has not just failed from
    here. Otherwise the agent explores; while it learns, also at a share ``epsilon`` of its other
    decisions, since a shorter path may lie beside the known one. After every episode a share
    ``evidence_decay`` of each skill's evidence still counts (1: all of it), or what
    ``evidence_decay(worked, used)`` returns.

    ``env`` is a Gymnasium environment with flat dicts as states and an ``IntEnum`` of ``actions``.
    ``encoder`` is an encoder or a plain function of a state; without one it is the library's, and a
    new ``Encoder`` if that has none. The parts that may be replaced: ``explorer`` (such as
    ``CuriousExplorer``), ``segment(steps)``, ``paths(piece)``, ``choose(candidates)`` and
    ``retention``, which looks after the library between episodes.
    """

    def __init__(
        self,
        env,
        embedding_dim=None,
        rng=None,
        *,
        encoder=None,
        library=None,
        threshold=0.8,
        frozen_threshold=0.2,
        min_success=0.2,
        epsilon=0.1,
        evidence_decay=1.0,
        explorer=None,
        segment=segment,
        paths=known_paths,
        choose=choose,
        retention=None,
    ):
        self.env = having("env", env, "reset", "step", "get_wrapper_attr")
        self.actions = list(env.get_wrapper_attr("actions"))
        self.rng = generator("rng", rng)
        self.encoder, self.library = _memory(embedding_dim, encoder, library)
        self.embedding_dim = self.encoder.dim
        self.threshold = real("threshold", threshold, -1, 1)
        self.frozen_threshold = real("frozen_threshold", frozen_threshold, -1, 1)
        self.min_success = real("min_success", min_success, 0, 1)
        self.epsilon = real("epsilon", epsilon, 0, 1)
        if not callable(evidence_decay):
            evidence_decay = real("evidence_decay", evidence_decay, 0, 1)
        self.evidence_decay = evidence_decay
        explorer = CuriousExplorer() if explorer is None else explorer
        self.explorer = having("explorer", explorer, "begin", "observe", "learn", "choose")
        self.segment = function("segment", segment)
        self.paths = function("paths", paths)
        self.choose = function("choose", choose)
        if retention is not None:
            having("retention", retention, "initial_status", "tidy")
        self.retention = retention
        self._episode = None

    def create_embedding(self, state, action_seq):
        """Return the vector of a state, shape ``(embedding_dim,)``; override it for another one.

        ``action_seq`` is the skill's actions, none for a query. The encoder leaves them out: a
        query could not match them, so they would lower all similarities alike.
        """
        return self.encoder(state)

    def __copy__(self):
        return deepcopy(self)  # what one of two agents learns, the other does not know

    def run_episode(self, use_skills=True, *, learn=True, seed=None):
        """Reset the environment (with ``seed``), play to the end and return the ``Episode``."""
        steps = tuple(self.play(use_skills, learn=learn, seed=seed))
        has_layout = self.env.has_wrapper_attr("layout")
        return Episode(steps, self.env.get_wrapper_attr("layout") if has_layout else None)

    def train(self, episodes, *, seeds=None):
        """Play and learn for a number of episodes and return them.

        ``seeds`` starts each one; without it, seeds are drawn from the agent's ``rng``, and rooms
        that are set apart for validation and examination are skipped.
        """
        episodes = whole("episodes", episodes)
        if seeds is None:
            return [self.run_episode(seed=self._practice_seed()) for _ in range(episodes)]
        given = islice(arguments.several("seeds", seeds), episodes)
        seeds = [arguments.seed("each of seeds", seed) for seed in given]
        if len(seeds) < episodes:
            raise ValueError(f"seeds must hold {episodes} seeds, got {len(seeds)}")
        return [self.run_episode(seed=seed) for seed in seeds]

    def _practice_seed(self):
        # A world may have few rooms and all of them set apart: then one of those is practised.
        for _ in range(100):
            drawn = int(self.rng.integers(2**31))
            if split(self.env.reset(seed=drawn)[0]) == "practice":
                break
        return drawn

    def play(self, use_skills=True, *, learn=True, seed=None):
        """Yield the steps of one episode while they happen; learn from them after the last.

        An episode that is not played to its end leaves no trace in the memory.
        """
        use_skills, learn = flag("use_skills", use_skills), flag("learn", learn)
        state, _ = self.env.reset(seed=arguments.seed("seed", seed))
        steps, failures, uses, in_vain = [], {}, [], set()
        episode = self._episode = object()
        self.explorer.begin(learn)
        while not (steps and (steps[-1].terminated or steps[-1].truncated)):
            failed = failures.setdefault(state_key(state), set())
            decision = self.decide(state, failed | in_vain, use_skills, learn)
            done = []
            for step in self.execute(decision, state):
                done.append(step)
                in_vain = set() if step.changed else in_vain | {step.action}
                self.explorer.observe(step)
                yield step
                if self._episode is not episode:
                    raise RuntimeError("this episode is over: the agent has begun another one")
            outcome = self._outcome(decision, done)
            if decision.skill and not outcome:
                failed.add(decision.skill)
            if outcome is not None:
                uses.append((decision.skill, outcome))
            steps += done
            state = done[-1].next_state if done else state
        if learn:
            self._record(uses)
            self.explorer.learn()
            self.learn(steps)
            if self.retention:
                self.retention.tidy(self)

    def decide(self, state, failed=(), use_skills=True, learn=False):
        """Return the ``Decision`` for ``state``; while learning, now and then to explore."""
        use_skills, learn = flag("use_skills", use_skills), flag("learn", learn)
        if not use_skills:
            return Decision((), None, "explore: memory is not used")
        decision = self.select(state, failed, self.threshold if learn else self.frozen_threshold)
        if learn and decision.skill and self.rng.random() < self.epsilon:
            return Decision(decision.candidates, None, "explore: looking for another way")
        return decision

    def select(self, state, failed=(), threshold=None):
        """Return which skill, if any, memory has for ``state``, and why, as a ``Decision``.

        ``failed`` holds the names of skills that have just failed from here, and the actions that
        have just changed nothing.
        """
        candidates = self.library.explain(
            self.create_embedding(state, ()),
            state,
            threshold=self.threshold if threshold is None else threshold,
            min_success=self.min_success,
            failed=failed,
        )
        best = self.choose(candidates)
        if best is None:
            first = candidates[0] if candidates else None
            why = f"{first.name} is {first.verdict}" if first else "no memory yet"
            return Decision(candidates, None, f"explore: {why}")
        distant = not best.closed_loop and best.similarity < NEARLY_IDENTICAL
        return Decision(candidates, best.name, f"use {best.name}: it fits best", distant)

    def execute(self, decision, state):
        """Yield the steps of one decision: a skill until it ends or stalls, or a single step.

        A closed-loop skill ends as well when it comes back to a state: it would go on in circles.
        """
        name, state = instance("decision", decision, Decision).skill, partial_state("state", state)
        skill = self.library[name] if name else None
        action, t, visited = (skill.act(state, 0) if skill else self.explore(state)), 0, set()
        while action is not None:
            action = in_world(action, self.actions)
            if action is None:
                return
            following, reward, terminated, truncated, _ = self.env.step(action)
            step = Step(state, action, reward, following, terminated, truncated, decision)
            yield step
            # A remembered action that changes nothing: this is not the world it was learned in.
            over = terminated or truncated or not step.changed or skill is None
            if over or decision.single_step or (skill.effects and holds(skill.effects, following)):
                return
            visited.add(state_key(state))
            if getattr(skill, "closed_loop", False) and state_key(following) in visited:
                return
            state, t = following, t + 1
            action = skill.act(state, t)

    def explore(self, state):
        """Return the action that the explorer chooses, any action if it has none."""
        action = self.explorer.choose(state, self.actions, self.rng)
        return self.actions[self.rng.integers(len(self.actions))] if action is None else action

    def _outcome(self, decision, done):
        """Return whether a skill brought about its effects, ``None`` if that was not tested.

        One step of a recording from elsewhere says little about it: only a success counts.
        """
        if decision.skill is None or (done and done[-1].truncated):
            return None
        effects = self.library[decision.skill].effects
        if done and done[-1].changed and holds(effects, done[-1].next_state):
            return True
        return None if decision.single_step else False

    def _record(self, uses):
        for name, worked in uses:
            if name in self.library:
                self.library[name].record(worked, self.library.age + 1)
        if self.evidence_decay != 1:
            for skill in self.library:
                skill.discount(self.evidence_decay)

    def learn(self, steps):
        """Turn every piece that achieved something into skills, one for each state it left."""
        pieces = self.segment(each("steps", steps, Step))
        # What may be a learner's own function runs first: where it fails, nothing has changed.
        paths = [self.paths(piece) for piece in pieces]
        latest, first = [], 1
        self.library.age += 1
        for piece, known in zip(pieces, paths, strict=True):
            source = self.library.age, first, first + len(piece) - 1
            for path in known:
                latest.append(self.make_skill(path, piece, source))
                self.library.add(latest[-1])
            first += len(piece)
        if latest:
            self._refit_encoder(latest)

    def make_skill(self, path, piece, source=None):
        """Return the skill that does the steps of ``path`` again, to achieve what ``piece`` did."""
        path, effects = each("path", path, Step), achieved(piece)
        if not path:
            raise ValueError("path must hold at least one step, got none")
        situation = path[0].state
        actions = tuple(step.action for step in path)
        status = self.retention.initial_status if self.retention else "active"
        return Skill(
            self.library.new_name(" and ".join(effects)),
            facts(situation),
            actions,
            self.create_embedding(situation, actions),
            effects=effects,
            recording=Recording(piece[0].state, situation, piece[-1].next_state),
            life=Life(status, source),
        )

    def _refit_encoder(self, latest):
        """Let the encoder learn from all recordings; encode the skills anew if that changed it."""
        # What was put aside is not offered any more, but it is still known. Of the latest skills
        # some had a twin: where their pieces began and ended is news all the same.
        skills = [*self.library, *self.library.archive.values()]
        skills += [skill for skill in latest if skill not in skills]
        recordings = [skill.recording for skill in skills if getattr(skill, "recording", None)]
        if self.encoder.learn(recordings):
            self.library.reencode(self.create_embedding)

    def consolidate(self, **options):
        """Add a ``NeuralSkill`` for each kind of recorded skill, in place of the last ones.

        The recordings stay: what is known exactly is done exactly, the networks do the rest.
        ``options`` are those of ``procmem.neural.consolidate``.
        """
        from procmem.neural import consolidate  # loaded only if it is used

        relevance = getattr(self.encoder, "relevance", {})
        networks = consolidate(self.library, relevance, rng=self.rng, **options)
        recorded = [skill for skill in self.library if getattr(skill, "kind", "") != "network"]
        self.library.rebuild([*recorded, *networks])


def _memory(dim, encoder, library):
    """Return an encoder and a library that agree; nothing that was given is changed."""
    dim = None if dim is None else whole("embedding_dim", dim, 2, 10**6)
    known = SkillLibrary() if library is None else instance("library", library, SkillLibrary)
    encoder = function("encoder", encoder, optional=True) or known.encoder
    if encoder is None:
        encoder = Encoder(dim or known.dim or 64)
    elif not hasattr(encoder, "describe"):
        encoder = FunctionEncoder(encoder, dim or known.dim or 64)
    if dim not in (None, encoder.dim):
        raise ValueError(f"embedding_dim must be the encoder's, {encoder.dim}, got {dim}")
    if library is None:
        return encoder, SkillLibrary(encoder.dim, encoder)
    ours, theirs = encoder.describe(), (library.encoder or encoder).describe()
    if ours != theirs or library.dim not in (None, encoder.dim):
        made_by = f"{theirs} of {library.dim} numbers"
        raise ValueError(f"library must hold vectors made by {ours}, got {made_by}")
    return encoder, library
