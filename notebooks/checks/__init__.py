"""The checks of the lessons' exercises, installed as ``procmem_checks``.

Tasks, hints and solutions stand in the notebooks; here, each lesson has a module of its own.
"""

from procmem_checks.verdict import Verdict, check

__all__ = ["Verdict", "check"]
