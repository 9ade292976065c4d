"""The rules of `test_lessons.py` can fail: a good little lesson, broken once for each of them."""

import re

import nbformat
import pytest
import store_outputs
from lessons import Lesson
from test_lessons import RULES, badge

TOUR = """
%% md
# 0 · Tour
%% md
## Contents
%% md
## Glossary

- **skill**: what is done again.
"""

# A line `#> text` below code is what the cell prints, `#html` what it displays, `#png` a figure.
SAMPLE = f"""
%% md
{badge("01_sample.ipynb")}

# 1 · Sample

[← previous](00_start_here.ipynb) | [contents](00_start_here.ipynb#Contents) | next →

You have seen a room, now you need a number for it.
%% md
> **Question.** How long is a way?
>
> **After this lesson you can**
>
> 1. *compute* the length of a way through the room;
> 2. *predict* which of two ways is shorter.
>
> **Time.** 45 minutes (a section's number is the minute at which it begins)
>
> **Needs.** [the tour](00_start_here.ipynb)
>
> **New words.** [skill](00_start_here.ipynb#Glossary)
%% md
## Warm-up (0 min)

What is a skill?

- (a) A wish.
- (b) Something done again.

<details><summary>Answer</summary>

(b). A wish (a) does nothing.

</details>
%% code
SEED = 1
%% md
## See it first (5 min)

**In the picture:** a way of four steps.
%% code
fig, ax = plt.subplots()
plt.show()
#png
%% code
print(4)
#> 4
%% md
## First cycle (10 min)

**Predict.** Which way is shorter? Write down your reason.
%% code
room
#html <svg role="img" aria-label="A room"></svg>
%% md
**Investigate.** Look at the corner.
%% md
**Predict.** And now, and why?
%% code
print(5)
#> 5
%% md
**Investigate.** Count the steps.

**Change it.**

- Tweak: another start.
- Twiddle: another wall.
- Rebuild: another room.
%% md
## Build it, then import it (20 min)
%% code
def length(way):
    return len(way)
%% code
import inspect
from procmem import way_length
print(inspect.getsource(way_length))
assert length("RRD") == way_length("RRD")
#> def way_length(way):
%% md
## It breaks (30 min)

The way through the wall.
%% md
## Make (32 min)
%% md
### Exercise 01.1 — Count (objective 1)

*Fill in the blank.* How long is it?
%% code
def count(way): ...
check("01.1", count)
#> not tried yet
%% md
<details><summary>Hint 1</summary>

Look.

</details>

<details><summary>Hint 2</summary>

Look again.

</details>

<details><summary>Solution</summary>

```python
def count(way):
    return len(way)
```

</details>
%% md
### Exercise 01.2 — Compare (objectives 1 and 2)

*Put the lines in order.* Which is shorter?
%% code
def shorter(a, b): ...
check("01.2", shorter)
#> not tried yet
%% md
<details><summary>Hint 1</summary>

Look.

</details>

<details><summary>Hint 2</summary>

Look again.

</details>

<details><summary>Solution</summary>

```python
def shorter(a, b):
    return min(a, b, key=len)
```

</details>
%% md
### Exercise 01.3 — Invent (objective 2)

*Open.* Another one.
%% code
def invent(way): ...
check("01.3", invent)
#> not tried yet
%% md
<details><summary>Hint 1</summary>

Look.

</details>

<details><summary>Hint 2</summary>

Look again.

</details>

<details><summary>Solution</summary>

```python
def invent(way):
    return way
```

</details>
%% md
## Control (40 min)

Ours beside no memory and the optimum.
%% code
print("1.0, 9.0, 1.0")
#> 1.0, 9.0, 1.0
%% md
## Recap (42 min)

1. You computed the length of a way through the room.
2. You predicted which of two ways is shorter.

**The one formula.** steps / optimum

**What this does not show.** Much.

**Where human memory differs.** Much.

**Quiz**

<details><summary>One?</summary>

Yes.

</details>

<details><summary>Two?</summary>

Yes.

</details>

<details><summary>Three?</summary>

Yes.

</details>

**Sources.** None.

**Next.** Nothing.

Text: CC BY 4.0. Code: BSD-3-Clause.
"""

# (the rule that objects, what stands in the sample, what stands there instead)
TEXT_CHANGES = [
    ("no_empty_cell", "**Investigate.** Look at the corner.", ""),
    ("no_error_no_warning", "#> 5", "#stderr UserWarning"),
    ("no_error_no_warning", "#> 5", "#error ZeroDivisionError"),
    *(
        ("same_on_every_machine", "#> 5", f"#> {text}")
        for text in (
            *("<function f at 0x7f3a5c0d>", "/home/me/file.json", "C:\\Users", "http://localhost"),
            *("numpy 2.1.0", "2024-01-31", "0.30000000000000004", "1.2e-16", "np.float64(0.5)"),
            *("12:30:59", "took 12 ms", "took 3.2 s"),
        )
    ),
    ("whole_without_a_kernel", "#> 5", "#text HBox(children=(Button(),))"),
    ("whole_without_a_kernel", "#> 5", "#text <matplotlib.legend.Legend object>"),
    ("one_title", "# 1 · Sample", "# 2 · Sample"),
    ("one_title", "## First cycle (10 min)", "# First cycle (10 min)"),
    ("first_cell", "sample.ipynb)", "other.ipynb)"),
    ("first_cell", "| next →", "| [next →](02_other.ipynb)"),
    ("first_cell", "You have seen a room, now", "You have seen a room. Now"),
    ("headings_in_steps", "### Exercise 01.1", "#### Exercise 01.1"),
    ("headings_in_steps", "The way through the wall.", "### The way through the wall"),
    ("sections_in_order", "## It breaks", "## It bends"),
    ("minutes_add_up", "## It breaks (30 min)", "## It breaks"),
    ("minutes_add_up", "## It breaks (30 min)", "## It breaks (19 min)"),
    ("minutes_add_up", "## Recap (42 min)", "## Recap (46 min)"),
    ("licence_line", "CC BY 4.0", "Ours"),
    ("header_box_is_complete", "> **Time.** 45 minutes", "> Long"),
    ("header_box_is_complete", ">\n> **Needs.**", "> **Needs.**"),
    ("objectives_are_testable", "*predict* which", "*understand* which"),
    ("objectives_are_testable", "> 2. *predict*", "> 2. predict"),
    ("needs_and_words_are_linked", "[the tour](00_start_here.ipynb)", "the tour"),
    ("needs_and_words_are_linked", "> **New words.** [skill]", "> **New words.** [will]"),
    ("warm_up", "A wish (a) does", "A wish does"),
    ("predict_run_investigate_modify", "**Predict.** And now", "And now"),
    ("predict_run_investigate_modify", "**Investigate.** Look", "Look"),
    ("predict_run_investigate_modify", "Write down your reason", "Write it down"),
    ("predict_run_investigate_modify", "- Rebuild: another room.", ""),
    ("control_beside_ours", "Ours beside no memory and the optimum", "Ours"),
    ("recap_is_complete", "**What this does not show.**", "What this does not show."),
    ("recap_is_complete", "<details><summary>Three?</summary>\n\nYes.\n\n</details>", ""),
    ("recap_repeats_the_objectives", "2. You predicted which of two ways is shorter.", ""),
    (
        "recap_repeats_the_objectives",
        "You computed the length of a way through the room",
        "You did",
    ),
    ("exercises_have_a_stub", "### Exercise 01.3 — Invent", "### Exercise 01.4 — Invent"),
    ("exercises_have_a_stub", '\ncheck("01.1", count)', '\ncheck("01.1", other)'),
    ("exercises_have_a_stub", "#> not tried yet", "#> right"),
    (
        "exercises_have_help",
        "<details><summary>Hint 2</summary>",
        "<details><summary>Hint</summary>",
    ),
    ("exercises_have_help", "def count(way):\n", "def other(way):\n"),
    ("exercises_of_every_kind", "*Open.* Another one", "Another one"),
    ("every_objective_has_an_exercise", "(objectives 1 and 2)", "(objective 3)"),
    ("cells_are_plain_python", "\nroom\n", "\n%matplotlib inline\n"),
    ("cells_are_plain_python", "\nroom\n", "\n# NBVAL_SKIP\n"),
    ("cells_are_short", "\nroom\n", "\n" + "room\n" * 16),
    ("setup_holds_the_seed", "SEED = 1", "COLOUR = 1"),
    ("setup_holds_the_seed", "SEED = 1", "SEED = 1\n" + "room\n" * 6),
    ("drawing_ends_in_show", "plt.show()\n#png", "ax.legend()\n#png"),
    ("drawing_ends_in_show", "\nroom\n", "\nplot_room(4)\n"),
    ("drawing_ends_in_show", "\nroom\n", "\nroom;\n"),
    ("figures_have_their_numbers", "#> 4", "#> four"),
    ("callbacks_only_set_values", "\nroom\n", "\nwidgets.interact(room)\n"),
    ("shown_is_reproducible", "print(5)", "print(f'{hash(5)}')"),
    ("shown_is_reproducible", "print(5)", "set('abc')"),
    ("pictures_have_words", 'aria-label="A room"', ""),
    ("pictures_have_words", "Look at the corner.", "![](00_start_here.ipynb)"),
    ("pictures_have_words", "Look at the corner.", '<img src="00_start_here.ipynb" alt="">'),
    ("png_pictures_are_described", "**In the picture:** a way", "A way"),
    ("links_resolve", "Look at the corner.", "[There](02_nowhere.ipynb)"),
    ("links_resolve", "Look at the corner.", "[There](00_start_here.ipynb#glossary)"),
    ("folds_are_well_formed", "<summary>One?</summary>\n\n", "<summary>One?</summary>\n"),
]


def add_cells(notebook):
    """Add more cells than one sitting holds."""
    notebook.cells += [nbformat.v4.new_markdown_cell("More.", id=f"x{n}") for n in range(40)]


def add_letters(notebook):
    """Make the file too big to be read on a web page."""
    notebook.cells.append(nbformat.v4.new_markdown_cell("x" * 500_000, id="x"))


def show_view(notebook):
    """Store a widget view."""
    notebook.cells[8].outputs[0].data[store_outputs.WIDGET_VIEW] = {"model_id": "1"}


# (the rule that objects, what is done to the notebook)
NOTEBOOK_CHANGES = [
    ("executed_in_order", lambda notebook: notebook.cells[3].update(execution_count=None)),
    ("executed_in_order", lambda notebook: notebook.cells[3].update(execution_count=7)),
    ("file_is_valid_and_small", add_letters),
    ("file_is_valid_and_small", lambda notebook: notebook.cells[3].update(id="c00")),
    ("has_20_to_60_cells", add_cells),
    ("has_20_to_60_cells", lambda notebook: notebook.update(cells=notebook.cells[:19])),
    ("metadata_is_stable", lambda notebook: notebook.metadata.update(widgets={})),
    ("metadata_is_stable", lambda notebook: notebook.cells[3].metadata.update(tags=["nbval-skip"])),
    ("whole_without_a_kernel", show_view),
]


def outputs_of(lines):
    """Return the outputs that the lines below a sample's code ask for."""
    new = nbformat.v4.new_output
    kinds = {
        "#>": lambda text: new("stream", name="stdout", text=f"{text}\n"),
        "#stderr": lambda text: new("stream", name="stderr", text=f"{text}\n"),
        "#error": lambda text: new("error", ename=text, evalue="", traceback=[]),
        "#text": lambda text: new("display_data", {"text/plain": text}),
        "#html": lambda text: new("display_data", {"text/html": text, "text/plain": "room"}),
        "#png": lambda text: new("display_data", {"image/png": "", "text/plain": "<Figure size>"}),
    }
    return [kinds[kind](text) for kind, _, text in (line.partition(" ") for line in lines)]


def notebook_of(text):
    """Return the notebook that a sample describes."""
    notebook = nbformat.v4.new_notebook(metadata=store_outputs.METADATA)
    for kind, source in re.findall(r"^%% (md|code)\n(.*?)(?=\n%%|\Z)", text, re.M | re.S):
        name = f"c{len(notebook.cells):02d}"
        if kind == "md":
            notebook.cells.append(nbformat.v4.new_markdown_cell(source.strip(), id=name))
            continue
        shown = re.findall(r"^#(?:>|[a-z]+\b).*$", source, re.M)
        cell = nbformat.v4.new_code_cell(source, id=name, outputs=outputs_of(shown))
        cell.source = re.sub(r"^#(?:>|[a-z]+\b).*$", "", source, flags=re.M).strip()
        cell.execution_count = 1 + sum(c.cell_type == "code" for c in notebook.cells)
        notebook.cells.append(cell)
    return notebook


def lesson_of(folder, notebook, name="01_sample.ipynb"):
    """Return the lesson that a notebook makes, beside a tour, in `folder`."""
    tour = notebook_of(TOUR)
    for file, book in (("00_start_here.ipynb", tour), (name, notebook)):
        (folder / file).write_text(nbformat.v4.writes(book), encoding="utf-8")
    return Lesson(folder / name)


def objecting(lesson):
    """Return the names of the rules that find a problem."""
    return {check.__name__ for check in RULES if list(check(lesson))}


def test_the_sample_is_good(tmp_path):
    """No rule objects to the sample as it stands."""
    assert objecting(lesson_of(tmp_path, notebook_of(SAMPLE))) == set()


@pytest.mark.parametrize(("name", "old", "new"), TEXT_CHANGES)
def test_a_changed_text_is_seen(tmp_path, name, old, new):
    """The rule objects to a sample with one text changed."""
    assert old in SAMPLE
    lesson = lesson_of(tmp_path, notebook_of(SAMPLE.replace(old, new, 1)))
    assert name in objecting(lesson)


@pytest.mark.parametrize(("name", "change"), NOTEBOOK_CHANGES)
def test_a_changed_notebook_is_seen(tmp_path, name, change):
    """The rule objects to a sample whose notebook was changed."""
    notebook = notebook_of(SAMPLE)
    change(notebook)
    assert name in objecting(lesson_of(tmp_path, notebook))


def test_a_gap_in_the_names_is_seen(tmp_path):
    """A lesson 02 right after lesson 00."""
    lesson = lesson_of(tmp_path, notebook_of(SAMPLE), "02_sample.ipynb")
    assert "file_name" in objecting(lesson)


def test_every_rule_is_broken_once():
    """No rule without a change above that it objects to."""
    tried = {name for name, *_ in [*TEXT_CHANGES, *NOTEBOOK_CHANGES]} | {"file_name"}
    assert tried == {check.__name__ for check in RULES}
