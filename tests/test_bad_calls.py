"""Every public callable of the core, with every argument exchanged for everything that it is not.

The table is generated: the public functions, constructors and methods of each module, the arguments
of each, and a list of nasty values. A call is *good* if the argument admits the value, or *refused*
by a ``ValueError`` that names the argument and leaves all that took part as it was. Anything else
is a fault. What is new is in the table by itself; an argument of a new name needs a line in VALID.
"""

import inspect
import pickle
import signal
from collections import Counter
from functools import cache, partial
from importlib import import_module
from itertools import product
from types import GeneratorType

import numpy as np
import pytest

from procmem import Action, GridWorld, ProceduralMemoryAgent, Skill, lab
from procmem.embedding import FunctionEncoder
from procmem.exploration import CuriousExplorer
from procmem.gridworld import fixed_layout
from procmem.neural import MLP
from procmem.office import Office
from procmem.rehearsal import Rehearsal
from procmem.retention import Retention, least_used
from procmem.skill import Recording

MODULES = "agent embedding episode exploration gridworld library neural office rehearsal retention"
MODULE_NAMES = [
    f"procmem.{name}" for name in [*MODULES.split(), "segmentation", "selection", "skill"]
]

NASTY = [
    None,
    True,
    -1,
    0,
    1,
    2.5,
    -1.5,
    float("nan"),
    float("inf"),
    10**400,
    "",
    "x",
    b"x",
    [],
    [None],
]
NASTY += [(), {}, {"a": object()}, {1: True}, object(), int, np.float64("nan"), np.int64(3)]
NASTY += [np.array([]), np.zeros((2, 2)), np.array(None), np.random.default_rng(0), print]


def zero_features(state):
    """Return an encoding that says nothing."""
    return np.ones(3)


def make_world():
    """Return one object of each kind that a call may need."""
    agent = ProceduralMemoryAgent(GridWorld(4, shuffle=True), 8, rng=0)
    steps = agent.train(2, seeds=[1, 2])[0].steps
    agent.consolidate(at_least=2)
    recorded = [skill for skill in agent.library if skill.recording]
    agent.library.retire(recorded[0].name)
    state, skill = steps[0].state, recorded[1]
    network = next(one for one in agent.library if one.closed_loop)
    agent.env.reset(seed=1)
    desk = lab.Roles(Office())
    clerk = ProceduralMemoryAgent(desk, rng=0, encoder=lab.WordEncoder(16))
    clerk.train(2, seeds=[1, 2])
    other = ProceduralMemoryAgent(GridWorld(4, shuffle=True), 8, rng=1)
    other.train(1, seeds=[5])
    return {
        "agent": agent,
        "library": agent.library,
        "steps": steps,
        "state": state,
        "skill": skill,
        "archived": recorded[0].name,
        "network": network,
        "clerk": clerk,
        "desk": desk,
        "many": [one_step(5)] * 3,
        "other": other.library,
        "recording": skill.recording,
        "mlp": MLP(3, 4, 2, 0),
        "explorer": CuriousExplorer(),
        "env": agent.env,
        "rehearsal": Rehearsal(GridWorld(4, shuffle=True), 0, rooms=2),
        "retention": Retention(least_used, limit=5),
        "layout": fixed_layout(4),
        "encoder": agent.encoder,
        "plain": FunctionEncoder(zero_features, 3),
        "query": lab.Query(fixed_layout(5), (one_step(5), one_step(6)), 0),
        "hashed": lab.HashedEncoder(8),
        "word": lab.WordEncoder(8),
        "least": lab.LeastTried(),
        "learner": begun(lab.QLearner()),
        "office": Office(),
        "room": lab.KeyRoom(4),
    }


def one_step(size):
    """Return a skill for the fixed room of this size."""
    state = fixed_layout(size).state()
    recording = Recording(state, state, state)
    return Skill("down", {}, [Action.DOWN], [1.0], effects={"has_key": True}, recording=recording)


def begun(explorer):
    """Return an explorer in an episode."""
    explorer.begin()
    return explorer


@cache
def blob():
    """Return the world, pickled: each call gets one of its own."""
    return pickle.dumps(make_world())


def whole(low=0, high=np.inf):
    """Return what a whole number in a range admits."""
    return lambda x: type(x) in (int, np.int64) and low <= x <= high


def real(low=-np.inf, high=np.inf):
    """Return what a finite number in a range admits."""
    kinds = (int, np.int64, float, np.float64)
    return lambda x: type(x) in kinds and -1e300 < x < 1e300 and low <= x <= high


def optional(admits):
    """Return what admits ``None`` as well."""
    return lambda x: x is None or admits(x)


def flag(x):
    """Whether ``x`` is true or false."""
    return type(x) is bool


def a_seed(x):
    """Whether ``x`` starts a random stream, or is one."""
    return isinstance(x, np.random.Generator) or x is None or whole()(x)


def empty(x):
    """Whether ``x`` is a sequence of nothing."""
    return isinstance(x, list | tuple | np.ndarray) and x is not None and np.shape(x) == (0,)


def a_dict(x):
    """Whether ``x`` is a dict: entries that are no facts and no places are context."""
    return isinstance(x, dict)


def never(x):
    """Return ``False``: no nasty value is right."""
    return False


def anything(x):
    """Return ``True``: the argument is handed on, or not looked at."""
    return True


# For the arguments of each name: how a right one is made of the world above (None: the default
# will do), and which nasty values are right as well.
PARAMETERS = {
    "a b after before embedding query numbers": (lambda w: w["skill"].embedding, never),
    "action": (lambda w: Action.UP, lambda x: type(x) in (int, bool, np.int64)),
    "actions": (lambda w: list(Action), empty),
    "action_sequence": (lambda w: [Action.UP, Action.OPEN], empty),
    "action_seq": (lambda w: (), anything),
    "key cell": (lambda w: (0, 0), never),
    "alike threshold frozen_threshold": (lambda w: 0.5, real(-1, 1)),
    "at_least k rooms tries limit inputs hidden outputs": (lambda w: 3, whole(1)),
    "begin end": (lambda w: w["state"], optional(a_dict)),
    "budget": (None, whole()),
    "candidates": (lambda w: w["agent"].select(w["state"]).candidates, empty),
    "decision": (lambda w: w["agent"].select(w["state"]), never),
    "dim embedding_dim": (lambda w: 8, optional(whole(1))),
    "discounted": (lambda w: (0.0, 0.0), never),
    "door": (lambda w: (2, 2), never),
    "encoder": (None, optional(callable)),
    "env world": (lambda w: w["env"], never),
    "episodes": (lambda w: 1, whole(0, 3)),
    "explorer life recording render_mode retention source status": (
        None,
        lambda x: x is None,
    ),
    "failed": (None, lambda x: empty(x) or np.size(x) == 0),
    "choose features offsets passes paths relevant segment train transition": (
        None,
        callable,
    ),
    "admit embed same utility": (None, optional(callable)),
    "library": (lambda w: w["agent"].library, never),
    "layout": (lambda w: fixed_layout(4), never),
    "learn use_skills shuffle succeeded": (lambda w: True, flag),
    "length_scale": (None, real(1e-9)),
    "min_success epsilon": (lambda w: 0.5, real(0, 1)),
    "keep evidence_decay": (lambda w: 0.5, lambda x: real(0, 1)(x) or callable(x)),
    "walked": (lambda w: 1, whole(1)),
    "name": (lambda w: w["skill"].name, lambda x: isinstance(x, str) and x == "x"),
    "names": (lambda w: ("door", "key"), empty),
    "now last_used success_count times_used t": (lambda w: 0, whole()),
    "other": (lambda w: w["other"], never),
    "partial preconditions effects": (lambda w: {"has_key": False}, a_dict),
    "piece path": (lambda w: w["steps"], never),
    "rate decay": (lambda w: 0.01, real(0)),
    "recordings": (lambda w: [w["recording"]] * 2, empty),
    "relevance": (lambda w: {}, a_dict),
    "rng": (lambda w: np.random.default_rng(0), a_seed),
    "seed": (lambda w: 3, optional(whole())),
    "seeds": (None, lambda x: x is None or x == [None]),
    "similarity": (lambda w: 0.5, real()),
    "situation state": (lambda w: w["state"], a_dict),
    "size": (lambda w: 4, whole(4, 99)),
    "skill": (lambda w: w["skill"], never),
    "skills": (lambda w: [w["skill"]], empty),
    "step": (lambda w: w["steps"][0], never),
    "steps": (lambda w: w["steps"], empty),
    "surplus": (lambda w: 1, lambda x: type(x) in (int, np.int64)),
    "targets": (lambda w: np.eye(2), lambda x: np.shape(x) == (2, 2)),
    "walls": (lambda w: frozenset(), never),
    "x": (lambda w: np.ones((2, 3)), lambda x: np.shape(x) == (2, 2)),
}
PARAMETERS = {name: kind for names, kind in PARAMETERS.items() for name in names.split()}
# Those of `procmem.lab`.
LAB = {
    "agents": (lambda w: [w["agent"]], never),
    "agent_seeds": (lambda w: [1], never),
    "agent_seed salt": (lambda w: 1, whole()),
    "agent": (lambda w: w["clerk"], never),
    "any_order wanted": (lambda w: True, flag),
    "axis": (None, lambda x: x is None or whole(-2, 1)(x)),
    "changed teacher upside_down": (lambda w: True, flag),
    "bind cause lift": (None, callable),
    "boredom": (lambda w: 0.1, real(0, 1)),
    "confidence": (None, real(0, 1)),
    "control scores": (lambda w: np.ones((2, 3)), lambda x: np.shape(x) == (2, 2)),
    "count": (lambda w: 2, whole(0, 9)),
    "discount step_size trace slip": (lambda w: 0.5, real(0, 1)),
    "elsewhere lamp plant": (lambda w: (0, 1), never),
    "encode": (lambda w: w["agent"].encoder, callable),
    "executor": (None, lambda x: x is None),
    "progress": (None, optional(callable)),
    "initial_value": (None, real()),
    "make": (lambda w: ProceduralMemoryAgent, callable),
    "make_agent": (lambda w: ProceduralMemoryAgent, callable),
    "memories": (lambda w: [w["many"]], empty),
    "memory": (lambda w: w["agent"].library, never),
    "effect": (lambda w: "has_key", lambda x: isinstance(x, str)),
    "stored": (None, optional(callable)),
    "planning": (None, whole()),
    "queries": (lambda w: [w["query"]], empty),
    "repeats": (lambda w: 20, whole(1, 99)),
    "requests": (lambda w: ["a b", "c"], empty),
    "retrieve rules statistic weigh": (None, callable),
    "same_agents": (None, optional(flag)),
    "split": (None, never),
    "tasks": (lambda w: {"same size": lab.TASKS["same size"]}, never),
    "text": (lambda w: "a text", lambda x: isinstance(x, str)),
    "used": (lambda w: 3, whole()),
    "worked": (lambda w: 0, whole(0, 3)),
    "z": (None, real(0)),
}
PARAMETERS |= {name: kind for names, kind in LAB.items() for name in names.split()}
# Where a name means something else.
OFFICE = ("Roles", "causes", "examine_requests", "moments", "printing")
PARAMETERS |= {f"{asked}.env": (lambda w: w["desk"], never) for asked in OFFICE}
PARAMETERS |= {
    f"{asked}.state": (lambda w: w["desk"].unwrapped.state, lambda x: type(x) is dict and not x)
    for asked in ("bind", "lift", "roles")
}
PARAMETERS |= {
    "bind.state": (lambda w: w["desk"].unwrapped.state, never),
    "Office.reset.options": (None, optional(a_dict)),
    "bind.name": (lambda w: "SIGN_file", never),
    "Roles.env": (lambda w: w["desk"].env, never),
    "ask.count": (lambda w: 2, whole(1)),
    "ask.rng": (lambda w: 0, a_seed),
    "ask.rooms": (lambda w: 1, whole(1)),
    "examine.agents": (lambda w: 1, whole(1)),
    "examine.steps": (lambda w: 20, whole(1)),
    "examine.rooms": (lambda w: 1, whole(1)),
    "examine.seeds": (None, callable),
    "recordings.seed": (lambda w: 0, whole()),
    "recordings.rooms": (lambda w: 1, whole()),
    "causes.seeds": (lambda w: [1], lambda x: empty(x) or x == [None]),
    "examine_requests.seeds": (lambda w: [1], empty),
    "printing.count": (lambda w: 1, whole()),
    "Office.split": (None, never),
    "interquartile_mean.scores": (
        lambda w: np.ones((2, 3)),
        lambda x: np.asarray(x).size == 1 or np.shape(x) == (2, 2),
    ),
    "HashedEncoder.dim": (lambda w: 8, whole(1)),
    "WordEncoder.dim": (lambda w: 8, whole(2)),
    "raw_features.inputs": (lambda w: {"key": (1.0, 2.0)}, a_dict),
    "raw_features.dim": (lambda w: 8, anything),
    "evaluate.seeds": (lambda w: [1], whole(1, 3)),
    "train_many.episodes": (lambda w: 1, whole(1, 3)),
    "QLearner.begin.learn": (lambda w: True, flag),
    "LeastTriedExplorer.explorer": (None, lambda x: x is None),
    "informative.effects": (lambda w: ["x", "y"], never),
    "inverse_document_frequencies.effects": (None, anything),
    "OneRoom.layout": (lambda w: fixed_layout(5), never),
    "negative_transfer.steps": (lambda w: np.ones((2, 3)), lambda x: np.shape(x) == (2, 2)),
    "useless_skills.encode": (lambda w: w["agent"].create_embedding, callable),
    "steps_to_key.rng": (None, whole()),
    "steps_to_key.limit": (None, whole()),
    "grow.agent": (lambda w: w["agent"], never),
    "doorkey.size": (lambda w: 5, never),
    "bricked_up.size": (lambda w: 7, whole(6, 99)),
    "short_cut.size": (lambda w: 7, whole(6, 99)),
    "trail.layout": (lambda w: w["query"].layout, never),
    "trail.state": (lambda w: w["query"].state, never),
    "works.layout": (lambda w: w["query"].layout, never),
    "works.skill": (lambda w: w["query"].skill, never),
    "room_of.situation": (lambda w: w["state"], never),
    "steps_to_key.encode": (lambda w: w["agent"].encoder, optional(callable)),
    "trail.actions": (lambda w: [Action.UP], empty),
    "from_skill_md.text": (lambda w: lab.to_skill_md(w["skill"]), never),
    "from_skill_md.encoder": (lambda w: w["encoder"], callable),
    "folder_name.name": (lambda w: "new", lambda x: isinstance(x, str)),
    "grow.library": (lambda w: w["other"], never),
    "FunctionEncoder.dim": (lambda w: 8, whole(1)),
    "Encoder.dim": (lambda w: 8, whole(2)),
    "padded.dim": (lambda w: 8, whole(3)),
    "MLP.train.steps": (lambda w: 1, whole(0, 9)),
    "fourier_features.dim": (lambda w: 8, whole(2)),
    "fourier_features.inputs": (lambda w: {"key": (1.0, 2.0)}, a_dict),
    "FunctionEncoder.function": (lambda w: zero_features, callable),
    "SkillLibrary.restore.name": (lambda w: w["archived"], never),
    "Skill.name": (lambda w: "new", lambda x: isinstance(x, str) and x == "x"),
    "SkillLibrary.add.skill": (lambda w: renamed(w["skill"]), never),
    "would_work.transition": (lambda w: w["env"].transition, callable),
    "shortest_path.env": (lambda w: w["env"], never),
    "Retention.tidy.agent": (lambda w: w["agent"], never),
    "least_useful.utility": (lambda w: steps_of, callable),
    "ProceduralMemoryAgent.library": (None, lambda x: x is None),
    "ProceduralMemoryAgent.select.threshold": (None, optional(real(-1, 1))),
    "GridWorld.reset.options": (None, optional(a_dict)),
    "Retention.limit": (None, optional(whole(1))),
    "Gate.seeds": (lambda w: [1], empty),
    "Retention.idle": (None, optional(whole(1))),
    "SkillLibrary.new_name.stem": (lambda w: "new", lambda x: isinstance(x, str)),
    "unit.array": (lambda w: w["skill"].embedding, lambda x: isinstance(x, np.ndarray)),
    "SkillLibrary.encoder": (None, lambda x: x is None),
}
for layout in ("Layout", "DecoyLayout", "MovedKeyLayout"):
    PARAMETERS[f"{layout}.agent"] = (lambda w: (0, 1), never)
    PARAMETERS[f"{layout}.goal"] = (lambda w: (3, 3), never)
    PARAMETERS[f"{layout}.size"] = (lambda w: 4, whole(4))
ASKED = "ask evaluate examination_seeds practice_seeds recordings train_many validation_seeds"
PARAMETERS |= {f"{asked}.world": (None, callable) for asked in ASKED.split()}


def steps_of(skill, library):
    """Return a utility."""
    return len(skill)


def renamed(skill):
    """Return another skill of another name."""
    return Skill("new", {}, skill.action_sequence, skill.embedding)


# Objects whose methods are called.
OBJECTS = {
    "ProceduralMemoryAgent": "agent",
    "Encoder": "encoder",
    "FunctionEncoder": "plain",
    "CuriousExplorer": "explorer",
    "GridWorld": "env",
    "Layout": "layout",
    "MLP": "mlp",
    "Skill": "skill",
    "SkillLibrary": "library",
    "Retention": "retention",
    "HashedEncoder": "hashed",
    "WordEncoder": "word",
    "LeastTried": "least",
    "Office": "office",
    "Roles": "desk",
    "NoMemoryAgent": "clerk",
    "QLearner": "learner",
    "KeyRoom": "room",
}
# History is written in the innermost loop and checks nothing; a file is tried in test_storage.
LEFT_OUT = {"PlainAction", "Candidate", "Decision", "Step", "Episode", "Action", "NeuralSkill"}
LEFT_OUT |= {
    "transition",
    "in_world",  # for every step; it refuses what no member of the world's is (test_storage)
    # For every skill of every decision, or of every addition; the library has checked all of it.
    "judge",
    "is_candidate",
    "preference",
    "summary",
    "twin_key",
    "GridWorld.transition",
    "Office.solved",
    "Office.transition",
    "partial_state",
    "SkillLibrary.save",
    "SkillLibrary.load",
    "Skill.to_data",
    "Skill.from_data",
}
# Of the lab: records, what stands between an agent and its exam, and rules.
LEFT_OUT |= {"Marks", "Query", "Results", "Role", "Task", "table"}
LEFT_OUT |= {"PolicyAgent", "Room", "BrokenWorld", "carried_off", "cause"}
# What Python's own conventions ask for instead: a name that is not there is a KeyError.
DOCUMENTED = {
    ("reachable", "state"): KeyError,  # a state of another world: the error is that world's
    ("SkillLibrary.forget", "name"): KeyError,
    ("SkillLibrary.restore", "name"): KeyError,
    ("SkillLibrary.retire", "names"): KeyError,
}


def callables():
    """Yield (module, name, function or method's name) of everything public."""
    for module in [*map(import_module, MODULE_NAMES), lab]:
        names = module.__all__ if module is lab else [*vars(module)]
        for name, thing in ((name, getattr(module, name)) for name in names):
            own = module is lab or getattr(thing, "__module__", "") == module.__name__
            own = own and (module.__name__, name) != ("procmem.office", "shortest_path")  # as there
            if name.startswith("_") or not own or name in LEFT_OUT or not callable(thing):
                continue
            if not inspect.isclass(thing) or "__init__" in vars(thing):
                yield module, name, thing
            for method in vars(thing) if inspect.isclass(thing) else ():
                known = f"{name}.{method}" not in LEFT_OUT and not method.startswith("_")
                inherited = any(hasattr(base, method) for base in thing.__mro__[1:])
                if (
                    known
                    and inspect.isfunction(vars(thing)[method])
                    and not (inherited and "lab" in module.__name__)
                ):
                    yield module, f"{name}.{method}", method


def arguments_of(thing):
    """Return the names of a callable's arguments, ``self`` and options of others left out."""
    kinds = inspect.Parameter
    # A world's class takes anything and hands it on: what counts is how an object is made.
    own = partial(thing.__init__, None) if inspect.isclass(thing) else thing
    found = inspect.signature(own).parameters.values()
    return [one.name for one in found if one.kind not in (kinds.VAR_KEYWORD, kinds.VAR_POSITIONAL)]


def prepare(name, thing, world=None):
    """Return a world (by default a fresh one), the callable, and its right arguments."""
    world = pickle.loads(blob()) if world is None else world
    if isinstance(thing, str):
        owner = name.partition(".")[0]
        thing = getattr(
            world["agent"].library if owner == "SkillLibrary" else world[OBJECTS[owner]], thing
        )
    arguments = {}
    for argument in arguments_of(thing):
        make, _ = kind_of(name, argument)
        if make is not None:
            arguments[argument] = make(world)
    return world, thing, arguments


def kind_of(name, argument):
    """Return how a right argument is made, and which values are right."""
    return PARAMETERS.get(f"{name}.{argument}") or PARAMETERS[argument]


def attempt(name, thing, argument, value, world, before):
    """Return "good" or "refused", or in words what is wrong; ``before`` is the world, pickled."""
    _, function, arguments = prepare(name, thing, world)
    try:
        result = function(**arguments | {argument: value})
        if isinstance(result, GeneratorType):
            list(result)
    except (ValueError, DOCUMENTED.get((name, argument), ValueError)) as error:
        own = callable(value) and kind_of(name, argument)[1](value)  # the error of that function
        if argument not in str(error) and type(error) is ValueError and not own:
            return f"does not name it: {error}"
        return "refused" if pickle.dumps(world) == before else f"half changed: {error}"
    except Hang:
        return "hangs"
    except Exception as error:
        own = callable(value) and kind_of(name, argument)[1](value)  # the error of that function
        return "good" if own else f"{type(error).__name__}: {error}"
    return "good" if kind_of(name, argument)[1](value) else "accepted"


class Hang(BaseException):
    """A call took too long."""


def stop(*_):
    """Interrupt a call."""
    raise Hang


CALLS = {
    f"{module.__name__.rpartition('.')[2]}:{name}": (name, thing)
    for module, name, thing in callables()
}


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs POSIX signals")
@pytest.mark.parametrize(("name", "thing"), CALLS.values(), ids=CALLS)
def test_a_bad_argument_is_refused_by_name_and_changes_nothing(name, thing):
    world, function, arguments = prepare(name, thing)
    untouched = pickle.dumps(world)
    result = function(**arguments)
    if isinstance(result, GeneratorType):
        list(result)
    outcomes, faults, outcome = Counter(), [], "good"
    before = signal.signal(signal.SIGALRM, stop)
    try:
        for argument, value in product(arguments_of(function), NASTY):
            signal.setitimer(signal.ITIMER_REAL, 5)
            # After a refusal the world is as it was, and serves again: a new one takes its time.
            world = pickle.loads(blob()) if outcome != "refused" else world
            outcome = attempt(name, thing, argument, value, world, untouched)
            outcomes[outcome if outcome in ("good", "refused") else "faulty"] += 1
            if outcome not in ("good", "refused"):
                faults.append(f"{argument}={value!r:.60}: {outcome:.200}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    print(f"{name}: {outcomes['good']} good, {outcomes['refused']} refused, {len(faults)} faulty")
    assert not faults, "\n".join(faults)
