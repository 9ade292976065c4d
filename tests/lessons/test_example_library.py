"""The library that lesson 08 loads is what its script makes, and it is of use."""

import numpy as np
from example_library import PATH, example_library

from procmem import GridWorld, ProceduralMemoryAgent, SkillLibrary
from procmem.lab.experiment import evaluate
from procmem.lab.statistics import interquartile_mean


def plain(skill):
    """Return what must be equal to the last sign: all but vectors and weights."""
    fields = ("name", "preconditions", "effects", "recording", "action_sequence")
    counts = ("success_count", "times_used", "life", "kind")
    return [getattr(skill, name) for name in (*fields, *counts)]


def test_the_shipped_library_is_what_its_script_makes():
    shipped, made = SkillLibrary.load(PATH), example_library()
    assert (shipped.age, shipped.added) == (made.age, made.added)
    assert shipped.encoder.describe() == made.encoder.describe()
    assert shipped.encoder.relevance == made.encoder.relevance
    for ours, theirs in ((shipped, made), (shipped.archive.values(), made.archive.values())):
        for old, new in zip(ours, theirs, strict=True):
            assert plain(old) == plain(new)
            assert np.allclose(old.embedding, new.embedding, atol=1e-9)
            if old.self_assessing:
                weights = zip(old.network.weights, new.network.weights, strict=True)
                # Hundreds of steps of training magnify what another processor rounds.
                assert all(np.allclose(a, b, atol=1e-4) for a, b in weights)


def test_its_archive_outweighs_it_and_can_be_restored():
    library = SkillLibrary.load(PATH)
    assert len(library.archive) > len(library)
    name = next(iter(library.archive))
    assert library.restore(name).name in library


def test_an_agent_that_loads_it_is_good_at_once():
    env = GridWorld(shuffle=True)
    agent = ProceduralMemoryAgent(env, rng=0, library=SkillLibrary.load(PATH))
    found = evaluate([agent], 40)
    assert found.solved.all()
    assert interquartile_mean(found.ratio) < 1.1
