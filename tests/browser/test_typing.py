"""The plane of words in a real browser: a request is typed, by keyboard alone, and is found."""

import nbformat
import pytest
from test_jupyterlab import changed, run_all

pytestmark = pytest.mark.browser

CELLS = [
    """
from procmem import ProceduralMemoryAgent
from procmem.lab import Roles, WordEncoder, printing
from procmem.office import Office
from procmem.show import WordPlane
agents = {}
for name, count in (("few requests", 4), ("many requests", 30)):
    env = Roles(Office())
    agents[name] = ProceduralMemoryAgent(env, rng=1, encoder=WordEncoder())
    agents[name].train(count, seeds=printing(env, count))
""",
    """
state = {**env.reset(seed=1)[0], "found": True, "file_open": True}
WordPlane(agents, state, lambda request: "stamped" if "stamp" in request else None)
""",
]


@pytest.fixture(scope="module")
def box(browser, lab, lessons):
    """Open a notebook with one plane, run it, and return the control."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lessons / "plane.ipynb")
    page = browser.new_page()
    run_all(page, lab, "plane.ipynb")
    page.wait_for_selector(".procmem-words svg")
    yield page.locator(".procmem-words")
    page.close()


def test_the_ranking_moves_while_a_request_is_typed(box, screenshots):
    box.get_by_label("Memory", exact=True).select_option("many requests")
    before = box.inner_html()
    field = box.get_by_label("Request", exact=True)
    field.press("Control+a")
    field.press_sequentially("stamped, please", delay=20)
    changed(box.page, box, before)
    box.get_by_text("and that is right").wait_for()
    assert field.input_value() == "stamped, please"
    assert field.evaluate("field => field === document.activeElement")
    box.screenshot(path=screenshots / "words.png")


@pytest.mark.parametrize("request_", ["zzz", " ", "<script>alert(1)</script>", "y " * 2000])
def test_what_tells_nothing_is_told(box, request_):
    box.get_by_label("Request", exact=True).fill(request_)
    box.get_by_text("No word in the field tells this memory anything here.").wait_for()
    box.get_by_label("Request", exact=True).fill("stamped")
    box.get_by_text("Memory would use").wait_for()


def test_another_memory_is_chosen_and_the_picture_says_so(box):
    box.get_by_label("Request", exact=True).fill("stamped")
    for memory in ("many requests", "few requests"):
        box.get_by_label("Memory", exact=True).select_option(memory)
        box.locator(f'svg[role=img][aria-label^="{memory}, asked: stamped"]').wait_for()


def test_it_fits_a_phone(box):
    page, size = box.page, box.page.viewport_size
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    page.set_viewport_size({"width": 390, "height": 800})
    try:
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 1
    finally:
        page.set_viewport_size(size)
