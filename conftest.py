"""Pytest's set-up for tests and notebooks alike."""

import itertools
import os
import socket
import sys
from importlib.util import find_spec

INSTALL = 'python -m pip install -e ".[test]"'

if find_spec("nbval") is None:
    sys.exit(f"The tests need nbval, which is not installed. Run: {INSTALL}")

from jupyter_client.connect import ConnectionFileMixin, port_names

os.environ.pop("MPLBACKEND", None)  # a reader's backend would silence every figure in a kernel


def pytest_cmdline_main(config):
    """With pytest-xdist, keep each notebook whole: its cells share a kernel."""
    if getattr(config.option, "numprocesses", None) and config.option.dist in ("no", "load"):
        config.option.dist = "loadfile"
        # Files as they are given, not those with many tests first: the lessons in the browser are
        # few and take longest, and a worker that begins them last leaves the other one idle.
        config.option.loadscopereorder = False


def free_ports():
    """Yield ports that are free; processes that start at the same time get different ones."""
    for port in itertools.cycle(range(20_000 + os.getpid() % 120 * 100, 32_000)):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port


PORTS = free_ports()
write_connection_file = ConnectionFileMixin.write_connection_file


def write_with_own_ports(manager, **options):
    """Choose a kernel's ports: Jupyter's own choice may be given to two kernels at once."""
    for name in port_names:
        if manager.transport == "tcp" and getattr(manager, name) <= 0:
            setattr(manager, name, next(PORTS))
    write_connection_file(manager, **options)


ConnectionFileMixin.write_connection_file = write_with_own_ports
