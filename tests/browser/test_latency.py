"""From click to changed picture: every click changes it, no frame is blank; the times are printed.

`pytest -s tests/browser/test_latency.py` shows them. No time is asserted: a slow machine is no bug.
"""

import nbformat
import pytest
from test_jupyterlab import run_all

pytestmark = pytest.mark.browser

CELLS = [
    """
import ipywidgets
from procmem import GridWorld, ProceduralMemoryAgent
from procmem.show.player import EpisodePlayer
agent = ProceduralMemoryAgent(GridWorld(size=8, shuffle=True), rng=0)
EpisodePlayer(agent.run_episode(use_skills=False, learn=False, seed=99))
""",
    """
button, sign = ipywidgets.Button(description="Ping"), ipywidgets.HTML("0")
button.on_click(lambda _: setattr(sign, "value", str(1 - int(sign.value))))
ipywidgets.VBox([button, sign]).add_class("ping")
""",
]
# Clicks a button and waits until what is watched has changed; sees whether its picture ever went.
CLICK = """async ([root, name]) => {
  const box = document.querySelector(root);
  const button = [...box.querySelectorAll("button")].find(one => one.textContent.trim() === name);
  const picture = [...box.querySelectorAll(".widget-html-content")].pop();
  let blank = false;
  const start = performance.now();
  const changed = new Promise((resolve, reject) => {
    const watch = new MutationObserver(() => {
      requestAnimationFrame(() => {
        blank ||= root === ".procmem-player" && !picture.querySelector("[role=img]");
        watch.disconnect();
        resolve();
      });
    });
    watch.observe(picture, {subtree: true, childList: true, characterData: true});
    setTimeout(() => reject(new Error("nothing changed in five seconds")), 5000);
  });
  const before = picture.innerHTML;
  button.click();
  await changed;
  return [performance.now() - start, before !== picture.innerHTML, blank];
}"""


@pytest.fixture
def page(browser, lab):
    page = browser.new_page()
    yield page
    page.close()


def test_every_click_changes_the_picture_and_none_blanks_it(page, lab, lessons):
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=kernel), lessons / "latency.ipynb"
    )
    run_all(page, lab, "latency.ipynb")
    page.wait_for_selector(".procmem-player [role=img]")
    page.wait_for_selector(".ping button")
    done = {}
    for root, name in ((".ping", "Ping"), (".procmem-player", "Next")):
        done[root] = [page.evaluate(CLICK, [root, name]) for _ in range(60)]
        assert all(changed for _, changed, _ in done[root])
        assert not any(blank for _, _, blank in done[root])
    for root, clicks in done.items():
        times = sorted(time for time, _, _ in clicks)
        print(f"{root:16} median {times[30]:5.0f} ms, 95th percentile {times[56]:5.0f} ms")
