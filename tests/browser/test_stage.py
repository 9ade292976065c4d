"""Every control of the stage in a real browser: moved by mouse and by keyboard, and accessible."""

from importlib.resources import files

import nbformat
import pytest
from nbconvert import HTMLExporter
from test_jupyterlab import LESSONS, changed, run_all

pytestmark = pytest.mark.browser

CELLS = [
    """
from procmem import *
from procmem.lab.encoders import absolute
from procmem.show.controls import DriveByHand
from procmem.show.explorers import *
from procmem.show.player import Duel, EpisodePlayer
agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
agent.train(20)
layout, state = agent.env.layout, agent.env.layout.state()
""",
    "DriveByHand(GridWorld())",
    'SimilarityMap({"absolute": absolute(16), "ours": agent.encoder}, layout)',
    "ThresholdExplorer(reuse_queries(agent, [(layout, state)]))",
    "LibraryBrowser(agent)",
    "EpisodePlayer(ProceduralMemoryAgent(GridWorld(), rng=1).play())",
    """
from functools import partial
from procmem.neural import consolidate, train_network
from procmem.show.networks import PolicyMap
trained = {n: partial(train_network, steps=n) for n in (0, 50)}
PolicyMap(layout, {f"{n} steps": consolidate(agent.library, {}, rng=0, train=train)
                   for n, train in trained.items()})
""",
    """
from procmem.show.controls import ProgressBar
bar = ProgressBar("Training")
bar(1, 2)
bar
""",
    """
Duel(*(agent.run_episode(use_skills, learn=False, seed=9) for use_skills in (False, True)),
     ("without memory", "with memory"))
""",
]
KINDS = ("drive", "map", "threshold", "library", "policy", "progress", "player", "duel")
# Left out is what others bring: the exporter's colours of prompts, code and links; and the handle
# of a slider, which has no name, so that each slider stands beside a number box that has one.
SERIOUS = """async root => {
  const found = await axe.run(
    {include: root, exclude: [[".jp-InputPrompt"], [".jp-OutputPrompt"], [".highlight"],
      [".noUi-handle"]]},
    {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
     rules: {"link-in-text-block": {enabled: false}}});
  return found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 160)).join(" | "));
}"""


@pytest.fixture(scope="module")
def page(browser, lab, lessons):
    """Open one notebook that holds every control, and run it."""
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, lessons / "stage.ipynb")
    page = browser.new_page()
    run_all(page, lab, "stage.ipynb")
    page.wait_for_selector(".procmem-duel [role=img]")
    yield page
    page.close()


def press(page, box, part, *keys):
    """Move a part by mouse or by keys and see that the picture of its box changes."""
    before = picture(box).inner_html()
    part.scroll_into_view_if_needed()
    if keys:
        part.focus()
        for key in keys:
            page.keyboard.press(key)
    else:
        part.click()
    return changed(page, picture(box), before)


def picture(box):
    return box.locator(".widget-html-content").last


def button(box, name):
    return box.get_by_role("button", name=name, exact=True)


def test_drive_by_hand(page):
    box = page.locator(".procmem-drive")
    frame = box.locator(".widget-html-content").first
    for name, keys in (("Right", ()), ("Right", ("Enter",)), ("Down", ("Space",)), ("Undo", ())):
        before = frame.inner_html()
        part = button(box, name)
        part.focus()
        if keys:
            page.keyboard.press(*keys)
        else:
            part.click()
        changed(page, frame, before)
    for name in ("Down", "Down", "Pick up"):
        before = frame.inner_html()
        button(box, name).click()
        changed(page, frame, before)
    press(page, box, button(box, "Make this a skill"))
    assert "has_key #1" in box.inner_text()


def test_similarity_map(page):
    box = page.locator(".procmem-map")
    choice = box.get_by_label("Compare with")
    before = picture(box).inner_html()
    choice.select_option("at the goal")
    changed(page, picture(box), before)
    press(page, box, choice, "Home")


def test_threshold_explorer(page):
    box = page.locator(".procmem-threshold")
    press(page, box, box.get_by_role("slider"), "ArrowLeft", "ArrowLeft")
    before = picture(box).inner_html()
    box.get_by_label("Threshold", exact=True).fill("0.9")
    page.keyboard.press("Enter")
    changed(page, picture(box), before)


def test_library_browser(page):
    box = page.locator(".procmem-library")
    before = picture(box).inner_html()
    box.get_by_label("Sort by").select_option("length")
    changed(page, picture(box), before)
    press(page, box, box.get_by_label("largest first"), "Space")
    press(page, box, button(box, "Forget this skill"))
    press(page, box, button(box, "Undo forgetting"), "Enter")
    press(page, box, box.get_by_label("Page"), "ArrowUp")


def test_policy_map(page):
    box = page.locator(".procmem-policy")
    press(page, box, box.get_by_role("slider"), "ArrowRight")
    assert "50 steps" in picture(box).inner_text()
    before = picture(box).inner_html()
    box.get_by_label("After").select_option("0 steps")
    changed(page, picture(box), before)


def test_live_player(page):
    box = page.locator(".procmem-player").first
    for keys in ((), ("Enter",), ("Space",)):
        press(page, box, button(box, "Next"), *keys)
    press(page, box, box.get_by_role("slider"), "Home")
    press(page, box, button(box, "Last"))
    assert "The goal is reached." in picture(box).inner_text()


def test_a_player_plays_by_itself_at_the_speed_that_is_set(page):
    box = page.locator(".procmem-player").first
    press(page, box, button(box, "First"))
    box.get_by_label("Speed").select_option("4×")
    before = picture(box).inner_html()
    button(box, "Play").click()
    second = changed(page, picture(box), before)
    changed(page, picture(box), second)
    button(box, "Pause").click()


def test_duel(page):
    box = page.locator(".procmem-duel")
    for keys in ((), ("Enter",)):
        press(page, box, button(box, "Next"), *keys)
    press(page, box, button(box, "Last"))
    assert picture(box).inner_text().count("The goal is reached.") == 2


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_control_is_accessible(page, screenshots, theme):
    dress(page, theme)
    page.evaluate(axe())
    for kind in KINDS:
        box = page.locator(f".procmem-{kind}").first
        box.scroll_into_view_if_needed()
        assert page.evaluate(SERIOUS, f".procmem-{kind}") == [], kind
        box.screenshot(path=screenshots / f"{kind}_{theme.rpartition(' ')[2].lower()}.png")


@pytest.mark.parametrize("width", [390])
def test_every_control_fits_a_phone(page, screenshots, width):
    dress(page, "JupyterLab Light")
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 800})
    try:
        for kind in KINDS:
            box = page.locator(f".procmem-{kind}").first
            box.scroll_into_view_if_needed()
            box.screenshot(path=screenshots / f"{kind}_phone.png")
            wide = box.evaluate("box => box.scrollWidth - box.clientWidth")
            assert wide <= 1, f"{kind} is {wide} pixels too wide"
    finally:
        page.set_viewport_size(before)


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_exported_lesson_is_accessible(browser, lessons, tmp_path, lesson):
    text, _ = HTMLExporter().from_filename(str(lessons / lesson))
    exported = tmp_path / "lesson.html"
    exported.write_text(text, encoding="utf-8")
    page = browser.new_page()
    try:
        page.route("http*://**", lambda route: route.abort())
        page.goto(exported.as_uri())
        page.evaluate(axe())
        assert page.evaluate(SERIOUS, "main") == []
    finally:
        page.close()


def dress(page, theme):
    command = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(command, theme)
    page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")


def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
