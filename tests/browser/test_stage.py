"""Every control of the stage in a real browser: moved by mouse and by keyboard, and accessible."""

from functools import partial
from importlib.resources import files

import pytest
from nbconvert import HTMLExporter
from test_jupyterlab import LESSONS, changed, run_all, write_notebook
from test_latency import PRESS

pytestmark = pytest.mark.browser

CELLS = [
    """
from functools import partial
from procmem import *
from procmem.lab import NaiveMemoryAgent
from procmem.lab.encoders import absolute
from procmem.neural import consolidate, train_network
from procmem.show import *
agent, naive = (make(GridWorld(shuffle=True), rng=0)
                for make in (ProceduralMemoryAgent, NaiveMemoryAgent))
agent.train(20)
naive.train(3)
layout, state = agent.env.layout, agent.env.layout.state()
""",
    "DriveByHand(GridWorld(), next_room=layout)",
    'SimilarityField({"absolute": absolute(16), "ours": agent.encoder}, layout)',
    "ThresholdExplorer(reuse_queries(agent, [(layout, state)]))",
    """
trained = {n: partial(train_network, steps=n) for n in (0, 50)}
PolicyMap(layout, {f"{n} steps": consolidate(agent.library, {}, rng=0, train=train)
                   for n, train in trained.items()})
""",
    """
bar = ProgressBar("Training")
bar(1, 2)
bar
""",
    """
Duel(*(agent.run_episode(use_skills, learn=False, seed=9) for use_skills in (False, True)),
     ("without memory", "with memory"))
""",
    'DragRoom({"ours": agent, "naive memory": naive})',
    "OffsetPlane(consolidate(agent.library, agent.encoder.relevance, rng=0))",
    "EpisodePlayer(agent.run_episode(False, learn=False, seed=9))",
]
KINDS = ("drive", "field", "threshold", "policy", "progress", "player", "duel", "drag")
KINDS += ("offsets",)
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
    write_notebook(lessons / "stage.ipynb", CELLS)
    page = browser.new_page()
    run_all(page, lab, "stage.ipynb")
    page.wait_for_selector(".procmem-offsets [role=group]")
    yield page
    page.close()


def act(page, box, deed):
    """Do something to a control and return what it shows when that has changed."""
    box.scroll_into_view_if_needed()
    before = box.inner_html()
    deed()
    return changed(page, box, before)


def press(page, box, name, key=None):
    """Press a button by mouse, or by a key, and see the control change."""
    part = box.get_by_role("button", name=name, exact=True)
    act(page, box, (lambda: part.press(key)) if key else part.click)


def drag(page, box, start, end):
    """Drag from the middle of one element of a control to that of another, and see it change."""
    box.locator(start).first.scroll_into_view_if_needed()
    ends = [box.locator(one).first.bounding_box() for one in (start, end)]
    (x, y), there = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in ends]

    def pull():
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(*there, steps=4)
        page.mouse.up()

    return act(page, box, pull)


def test_drive_by_hand(page):
    box = page.locator(".procmem-drive")
    for name, key in (("Right", None), ("Right", "Enter"), ("Down", "Space"), ("Undo", None)):
        press(page, box, name, key)
    act(page, box, box.locator("[data-cell='2,2']").click)
    act(page, box, lambda: box.locator("[data-cell='2,2']").press("Enter"))
    assert "Now it is true: has_key." in box.inner_text()
    press(page, box, "Make this a skill")
    assert "has_key #1" in box.inner_text()
    assert "In the next room" in box.inner_text()
    press(page, box, "Show the shortest path")
    press(page, box, "Paint walls")
    drag(page, box, "[data-cell='0,3']", "[data-cell='0,4']")
    box.get_by_text("at (0, 4)").wait_for()


def test_similarity_field(page):
    box = page.locator(".procmem-field")
    act(page, box, lambda: box.get_by_label("Encoder").select_option("ours"))
    free = next(
        cell for cell in ("0,0", "0,2", "1,1") if box.locator(f"[data-at='{cell}']").count() == 0
    )
    drag(page, box, "[data-thing=agent]", f"[data-cell='{free}']")
    box.locator(f"[data-thing=agent][data-at='{free}']").wait_for(state="attached")
    thing = box.locator("[data-thing=agent]")
    act(page, box, lambda: thing.press("ArrowRight" if free == "0,0" else "ArrowLeft"))
    assert page.evaluate("document.activeElement.dataset.thing") == "agent"


def test_drag_room(page):
    box = page.locator(".procmem-drag")
    for thing, key in (("key", "ArrowLeft"), ("goal", "ArrowRight"), ("door", "ArrowLeft")):
        act(page, box, lambda thing=thing, key=key: box.locator(f"[data-thing={thing}]").press(key))
        assert thing in box.locator(".said").inner_text()


def test_offset_plane(page):
    box = page.locator(".procmem-offsets")
    act(page, box, box.locator("[data-cell='1,1']").first.click)
    assert "At -3 rows, -3 columns" in box.locator(".said").inner_text()


def test_threshold_explorer(page):
    box = page.locator(".procmem-threshold")
    act(page, box, lambda: box.get_by_role("slider").press("ArrowLeft"))
    assert "At threshold 0.79" in box.inner_text()
    track = box.locator("[data-steps]")
    act(page, box, lambda: track.click(position={"x": track.bounding_box()["width"] / 2, "y": 50}))
    assert "At threshold 0.50" in box.inner_text()


def test_policy_map(page):
    box = page.locator(".procmem-policy")
    act(page, box, lambda: box.get_by_role("slider").press("ArrowRight"))
    assert "50 steps" in box.inner_text()


def test_a_player_plays_by_itself(page):
    box = page.locator(".procmem-player").last
    rewind(page, box)
    act(page, box, box.get_by_role("button", name="Play", exact=True).click)
    changed(page, box, box.inner_html())
    box.get_by_role("button", name="Play", exact=True).click()


def test_twenty_quick_clicks_end_where_twenty_slow_ones_do(page):
    box = page.locator(".procmem-player").last
    for delay in (0, 60):
        rewind(page, box)
        box.get_by_role("button", name="Next", exact=True).click(click_count=20, delay=delay)
        box.get_by_text("Step 20 of ").first.wait_for()


def rewind(page, box):
    """Go to the first step, from wherever the player is."""
    box.get_by_role("button", name="Last", exact=True).click()
    press(page, box, "First")


def test_duel(page):
    box = page.locator(".procmem-duel")
    for key in (None, "Enter"):
        press(page, box, "Next", key)
    press(page, box, "Last")
    assert box.inner_text().count("The goal is reached.") == 2


def test_nothing_jumps_from_step_to_step(page):
    """The boxes of all that is fixed stay where they are and as large as they are."""
    for box in (page.locator(".procmem-player").last, page.locator(".procmem-duel")):
        rewind(page, box)
        forward, boxes = partial(box.evaluate, f"box => {PRESS % 'Next'}"), set()
        for _ in range(30):
            act(page, box, forward)
            boxes.add(str(box.evaluate(BOXES)))
        assert len(boxes) == 1


def test_the_agent_glides_unless_the_reader_wants_no_motion(page):
    agent = page.locator(".procmem-player [data-part='0agent']").first
    wait = "part => parseFloat(getComputedStyle(part).transitionDuration)"
    assert 0 < agent.evaluate(wait) <= 0.15
    page.emulate_media(reduced_motion="reduce")
    assert agent.evaluate(wait) == 0
    page.emulate_media(reduced_motion="no-preference")


BOXES = """box => [...box.querySelectorAll("svg, .slot, .ribbon, button, input")].map(one => {
  const {x, y, width, height} = one.getBoundingClientRect(), origin = box.getBoundingClientRect();
  return [x - origin.x, y - origin.y, width, height].map(Math.round).join();
})"""


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


def test_players_go_on_when_the_kernel_is_gone(page):
    """This comes last here: nothing that asks Python works from now on."""
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel")
    box = page.locator(".procmem-player").last
    rewind(page, box)
    press(page, box, "Next")
    press(page, box, "Next", "Enter")
    act(page, box, lambda: box.get_by_role("slider").press("ArrowRight"))
    assert "Step 3 of " in box.inner_text()


@pytest.fixture
def exported(browser, lessons, tmp_path):
    """Return a function that opens a lesson as exported HTML, offline."""
    page = browser.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.route("http*://**", lambda route: route.abort())

    def show(lesson):
        text, _ = HTMLExporter().from_filename(str(lessons / lesson))
        path = tmp_path / "lesson.html"
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        return page

    yield show
    page.close()


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_exported_lesson_is_accessible_and_its_players_step(exported, lesson):
    page = exported(lesson)
    page.evaluate(axe())
    assert page.evaluate(SERIOUS, "main") == []
    for frame in page.locator("iframe").all():
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        if inside.locator("input").get_attribute("max") != "0":
            step_through(inside)
    assert page.locator(".procmem-strip img:visible").count() == 0
    assert not [problem for problem in page.problems if "require" not in problem]


def step_through(inside):
    """Move a page's own player by buttons, keys, slider and Play."""
    stage, slider = inside.locator("#stage"), inside.locator("input")
    inside.get_by_role("button", name="First").click()
    seen = [stage.evaluate(SEEN)]
    for move in (
        inside.get_by_role("button", name="Next").click,
        lambda: stage.page.keyboard.press("ArrowLeft"),
        lambda: slider.press("End"),
        lambda: slider.press("Home"),
        inside.get_by_role("button", name="Play").click,
    ):
        move()
        stage.page.wait_for_timeout(900 if len(seen) == 5 else 100)
        seen.append(stage.evaluate(SEEN))
    assert seen[0] == seen[2] == seen[4]
    assert seen[0] not in (seen[1], seen[3], seen[5])


SEEN = """stage => stage.innerText + [...stage.querySelectorAll("[data-part]")]
  .filter(part => part.style.display !== "none")
  .map(part => part.dataset.part + part.style.transform + part.getAttribute("d"))"""


def dress(page, theme):
    command = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    page.evaluate(command, theme)
    page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")


def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
