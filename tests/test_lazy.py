"""Names from three places: all are there, none loads early, what is missing is named."""

import importlib
import subprocess
import sys

import pytest

import procmem
import procmem.lab
import procmem.show

PACKAGES = [procmem, procmem.lab, procmem.show]


def run(code):
    """Return what a Python of its own prints for `code`."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_every_name_is_there(package):
    assert len(set(package.__all__)) == len(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert name in dir(package)
    with pytest.raises(AttributeError, match="no attribute 'unheard_of'"):
        package.unheard_of  # noqa: B018


def test_a_name_is_the_object_of_its_module():
    from procmem.lab import statistics

    assert procmem.lab.wilson_interval is statistics.wilson_interval
    assert procmem.DoorKeyFacts is importlib.import_module("procmem.doorkey").DoorKeyFacts


def test_imports_alone_load_nothing_heavy():
    heavy = {"IPython", "ipywidgets", "matplotlib", "minigrid", "procmem.lab.experiment"}
    code = "import sys, procmem, procmem.lab, procmem.show"
    assert run(f"{code}; print(*{heavy} & set(sys.modules))") == ""


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ("procmem.show import EpisodePlayer", "matplotlib"),
        ("procmem.show.plots import plot_comparison", "ipywidgets"),
        ("procmem import DoorKeyFacts", "minigrid"),
        ("procmem.doorkey import DoorKeyFacts", "minigrid"),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(wanted, missing):
    code = f"""
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == {missing!r} else find(name, *more)
try:
    from {wanted}
except ModuleNotFoundError as error:
    print(error)
"""
    said = run(code)
    assert f"needs {missing}, which is not installed" in said
    assert 'pip install "procmem-course[course]"' in said
