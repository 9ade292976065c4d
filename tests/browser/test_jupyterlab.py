"""Every lesson in a real browser: see it as stored, run it, move every player and control."""

import json
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.browser

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
# A part of each kind of control, and the key that moves it to somewhere else.
PARTS = {
    "drive": ("button:text-is('Right')", "Enter"),
    "field": ("[data-thing=agent]", "ArrowRight"),
    "drag": ("[data-thing=agent]", "ArrowRight"),
    "offsets": ("[data-cell='0,0']", "Enter"),
    "words": ("input[type=text]", "x"),
}
# The toolbar says "idle" too early; this asks the kernel connection itself.
IDLE = """() => {
  const context = window.jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel?.status === "idle";
}"""
NOTHING_LEFT = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = [...panel.content.model.cells].filter(cell => cell.type === "code");
  return cells.every(cell => cell.executionCount !== null)
    && panel.sessionContext.session.kernel.status === "idle";
}"""
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter(cell => cell.type === "code")
  .flatMap(cell => [...Array(cell.outputs.length).keys()].map(i => cell.outputs.get(i).toJSON()))
  .filter(output => output.output_type === "error").map(output => output.evalue)"""


def write_notebook(path, cells):
    """Write a notebook of these code cells."""
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in cells]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def open_lesson(page, lab, lesson):
    page.goto(f"{lab}/lab/tree/{lesson}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)


def run_all(page, lab, lesson):
    open_lesson(page, lab, lesson)
    run_all_cells(page)


def run_all_cells(page):
    page.wait_for_function(IDLE, timeout=60_000, polling=200)
    # What was stored must not pass for what is run now.
    page.evaluate("window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(NOTHING_LEFT, timeout=120_000, polling=200)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_whole_before_anything_runs_and_moves_when_it_has_run(page, lab, lesson):
    open_lesson(page, lab, lesson)
    see_what_is_stored(page, lesson)
    run_all_cells(page)
    assert page.evaluate(ERRORS) == []
    players = page.locator(".procmem-player")
    controls = page.locator(", ".join(f".procmem-{kind}" for kind in PARTS))
    assert players.count() + controls.count() == stored(lesson)[1]
    for number in range(players.count()):
        move(page, players.nth(number))
    for number in range(controls.count()):
        stir(page, controls.nth(number))
    assert page.get_by_text("Error displaying widget").count() == 0
    assert page.problems == []


def see_what_is_stored(page, lesson):
    """In a fresh clone nothing is trusted; no picture is missing, and no text stands in for one."""
    page.wait_for_function(f"({PICTURES})().length === {stored(lesson)[0]}", timeout=30_000)
    assert page.evaluate(TRUSTED) == 0
    pictures = page.evaluate(PICTURES)
    assert all(picture["wide"] > 100 and picture["words"] for picture in pictures)
    assert page.locator(".jp-OutputArea iframe, .jp-OutputArea script").count() == 0
    text = " ".join(page.locator(".jp-OutputArea-output").all_inner_texts())
    assert not [sign for sign in STRAY if sign in text]


def move(page, player):
    """Press a player's buttons by mouse and by keyboard, and see its picture change each time."""
    first, following = (
        player.get_by_role("button", name=name, exact=True) for name in ("First", "Next")
    )
    following.scroll_into_view_if_needed(timeout=30_000)
    first.click()
    frames = [player.inner_html()]
    for press in (following.click, lambda: following.press("Enter"), first.click):
        press()
        frames.append(changed(page, player, frames[-1]))
        page.wait_for_timeout(50)
    assert len(set(frames[:3])) == 3


def stir(page, control):
    """Move a part of a control by keyboard, and see the control change."""
    kind = next(kind for kind in PARTS if f"procmem-{kind}" in control.get_attribute("class"))
    selector, key = PARTS[kind]
    part, before = control.locator(selector).first, control.inner_html()
    part.scroll_into_view_if_needed(timeout=30_000)
    part.press(key)
    changed(page, control, before)


TRUSTED = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter(cell => cell.type === "code" && cell.outputs.length && cell.trusted).length"""
# What would be read if a picture's insides were shown as text.
STRAY = ("Widget(", "data-part", ".procmem", "<svg", "const record", "Error displaying", "Loading")
PICTURES = """() => [...document.querySelectorAll(".jp-OutputArea-output img")]
  .filter(image => image.complete && image.naturalWidth)
  .map(image => ({wide: image.getBoundingClientRect().width,
                  words: image.alt || image.src.startsWith("data:image/png")}))"""


def stored(lesson):
    """Return how many pictures a notebook stores, and of how many players and controls."""
    notebook = json.loads((NOTEBOOKS / lesson).read_text(encoding="utf-8"))
    shown = [
        output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])
    ]
    pages = ["".join(data.get("text/html", "")) for data in shown]
    plots = sum("image/png" in data for data in shown)
    pictures = sum(page.count("<img ") for page in pages)
    widgets = sum("<iframe" in page or "procmem-still" in page for page in pages)
    return plots + pictures, widgets


def changed(page, element, before):
    """Wait until an element shows something else, and return it."""
    for _ in range(100):
        now = element.inner_html()
        if now != before:
            return now
        page.wait_for_timeout(50)
    raise AssertionError("nothing changed in five seconds")
