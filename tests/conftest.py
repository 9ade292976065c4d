"""What all tests share: property tests that say the same in every run, on slow machines, too."""

import sys
from importlib.util import find_spec

NEEDED = ["hypothesis", "minigrid", "nbclient", "nbconvert", "nbformat", "packaging", "PIL", "yaml"]
if missing := [name for name in NEEDED if find_spec(name) is None]:
    install = 'python -m pip install -e ".[test]"'
    sys.exit(f"The tests need {', '.join(missing)}, which is not installed. Run: {install}")

from hypothesis import settings

settings.register_profile("procmem", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("procmem")
