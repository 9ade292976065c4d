"""From click to changed picture: every click changes it, no frame is blank; the times are printed.

`pytest -s tests/browser/test_latency.py` shows them. No time is asserted: a slow machine is no bug.
"""

import pytest
from test_jupyterlab import run_all, write_notebook

pytestmark = pytest.mark.browser

CELLS = [
    """
import ipywidgets
from procmem import GridWorld, ProceduralMemoryAgent
from procmem.show import DragRoom, EpisodePlayer
agent = ProceduralMemoryAgent(GridWorld(size=8, shuffle=True), rng=0)
EpisodePlayer(agent.run_episode(use_skills=False, learn=False, seed=99))
""",
    "agent.train(20)\nDragRoom({'ours': agent}, GridWorld().layout)",
    """
button, sign = ipywidgets.Button(description="Ping"), ipywidgets.HTML("0")
button.on_click(lambda _: setattr(sign, "value", str(1 - int(sign.value))))
ipywidgets.VBox([button, sign]).add_class("ping")
""",
]
# Does something and waits until what is watched has changed; sees whether its picture ever went.
TIMED = """async ([root, deed]) => {
  const box = document.querySelector(root), start = performance.now();
  const changed = new Promise((resolve, reject) => {
    const watch = new MutationObserver(() => requestAnimationFrame(() => {
      watch.disconnect();
      resolve(performance.now() - start);
    }));
    watch.observe(box.lastElementChild,
      {subtree: true, childList: true, characterData: true, attributes: true});
    setTimeout(() => reject(new Error("nothing changed in five seconds")), 5000);
  });
  new Function("box", deed)(box);
  const time = await changed;
  return [time, root === ".ping" || Boolean(box.querySelector("svg"))];
}"""
PRESS = (
    """[...box.querySelectorAll("button")].find(one => one.textContent.trim() === "%s").click()"""
)
MOVE = """box.querySelector("[data-thing=agent]").dispatchEvent(
  new KeyboardEvent("keydown", {key: "%s", bubbles: true}))"""
DEEDS = {
    ".ping": [PRESS % "Ping"] * 60,
    ".procmem-player": [PRESS % "Next"] * 60,
    ".procmem-drag": [MOVE % "ArrowRight", MOVE % "ArrowLeft"] * 30,
}


def test_every_click_changes_the_picture_and_none_blanks_it(page, lab, lessons):
    write_notebook(lessons / "latency.ipynb", CELLS)
    run_all(page, lab, "latency.ipynb")
    page.wait_for_selector(".procmem-player svg")
    page.wait_for_selector(".ping button")
    page.wait_for_selector(".procmem-drag [role=group]")
    for root, deeds in DEEDS.items():
        done = [page.evaluate(TIMED, [root, deed]) for deed in deeds]
        assert all(drawn for _, drawn in done)
        times = sorted(time for time, _ in done)
        print(f"{root:16} median {times[30]:5.0f} ms, 95th percentile {times[56]:5.0f} ms")
