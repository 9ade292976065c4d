"""Names that a package offers before the modules that hold them are imported."""

import sys
from importlib import import_module
from importlib.util import find_spec

INSTALL = 'python -m pip install "procmem-course[course]"'


def exports(package, modules):
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` for the ``package`` of that name.

    ``modules`` maps each module of the package to its names, in one text. A module is imported
    when one of its names is asked for the first time.
    """
    home = {name: module for module, names in modules.items() for name in names.split()}

    def attribute(name):
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names():
        return sorted({*vars(sys.modules[package]), *home})

    return attribute, names, sorted(home)


def require(package, *libraries):
    """Raise ``ModuleNotFoundError`` with the command that installs a library that is missing."""
    for name in libraries:
        if find_spec(name) is None:
            message = f"{package} needs {name}, which is not installed. Run: {INSTALL}"
            raise ModuleNotFoundError(message, name=name)
