"""What all tests share: property tests that say the same in every run, on slow machines, too."""

from hypothesis import settings

settings.register_profile("procmem", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("procmem")
