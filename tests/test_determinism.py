"""The same seeds give the same episodes, in another process and on another processor."""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest

PRACTICE = """
import hashlib
from procmem.agent import ProceduralMemoryAgent
from procmem.gridworld import GridWorld

agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=3)
digest = hashlib.sha256()
for episode in agent.train(30, seeds=range(30)):
    digest.update(repr([(int(s.action), s.reward, s.decision) for s in episode.steps]).encode())
relevance = agent.encoder.relevance.items()
digest.update(repr(sorted((sorted(true), sorted(names)) for true, names in relevance)).encode())
for skill in agent.library:
    digest.update(repr((skill.name, skill.action_sequence, skill.times_used)).encode())
print(digest.hexdigest())
"""

# What NumPy found beyond its baseline; without it, other routines add and multiply.
VECTOR_INSTRUCTIONS = np.show_config("dicts").get("SIMD Extensions", {}).get("found", [])
PROCESSES = [{"PYTHONHASHSEED": str(seed)} for seed in range(10)]
if platform.machine().lower() in ("x86_64", "amd64"):
    PROCESSES[1]["OPENBLAS_CORETYPE"] = "Haswell"
    PROCESSES[2]["OPENBLAS_CORETYPE"] = "Nehalem"
if VECTOR_INSTRUCTIONS and "NPY_DISABLE_CPU_FEATURES" not in os.environ:
    PROCESSES.append({"NPY_DISABLE_CPU_FEATURES": " ".join(VECTOR_INSTRUCTIONS)})


def start(variables):
    return subprocess.Popen(
        [sys.executable, "-c", PRACTICE],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **variables},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def digests():
    """Return the digest of thirty episodes of practice from each process."""
    running = [start(variables) for variables in PROCESSES]
    return [process.communicate()[0].strip() for process in running]


@pytest.mark.parametrize(
    "number", range(1, len(PROCESSES)), ids=lambda n: "-".join(PROCESSES[n].values())[:24]
)
def test_practice_is_the_same_in_another_process(digests, number):
    assert len(digests[0]) == 64
    assert digests[number] == digests[0]
