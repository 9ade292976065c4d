"""A real JupyterLab and a real Chromium, started once for all tests of this folder."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FOLDERS = [
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "IPYTHONDIR",
]
SETTINGS = {
    # No questions about news on the first start: a test cannot answer them.
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Cells out of sight stay drawn: older versions hide them, and a test looks everywhere.
    "notebook-extension/tracker": {"windowingMode": "none"},
}


@pytest.fixture(scope="session")
def chromium():
    """Return the path of Debian's Chromium; without one, skip on a laptop and fail in CI."""
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI"):
        pytest.fail("the browser tests need chromium on the PATH")
    if path is None:
        pytest.skip("no chromium on the PATH")
    return path


@pytest.fixture(scope="session")
def lessons(tmp_path_factory):
    """Return a folder that holds a copy of the notebooks, and what a test adds to them."""
    folder = tmp_path_factory.mktemp("lab") / "lessons"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


@pytest.fixture(scope="session")
def lab(lessons):
    """Start JupyterLab on a copy of the notebooks and yield its address."""
    home = lessons.parent
    for name, values in SETTINGS.items():
        path = home / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    port = free_port()
    options = [
        f"--ServerApp.root_dir={lessons}",
        f"--ServerApp.port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.port_retries=0",
        "--ServerApp.allow_root=True",
        "--LabApp.expose_app_in_browser=True",
        "--no-browser",
        "--ip=127.0.0.1",
    ]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env=os.environ | {name: str(home / name) for name in FOLDERS},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api/status")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def browser(chromium, tmp_path_factory):
    """Start Chromium with an empty profile and yield it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=chromium,
            headless=True,
            args=FLAGS,
            viewport={"width": 1100, "height": 900},
        )
        yield context
        context.close()


@pytest.fixture
def page(browser):
    """Open a page and collect what goes wrong in it in ``page.problems``."""
    page = browser.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda message: _note(page, message))
    yield page
    page.close()


def _note(page, message):
    if message.type == "error" and "widget" in message.text.lower():
        page.problems.append(message.text)


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory):
    """Return the folder for pictures of what was tested; SCREENSHOTS names one that is kept."""
    kept = os.environ.get("SCREENSHOTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
