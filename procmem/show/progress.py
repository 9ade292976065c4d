"""How far a longer run has come, and how long it will take."""

import time

import ipywidgets
from IPython.display import display

from procmem.arguments import several


class ProgressBar(ipywidgets.HBox):
    """A labelled bar, moved by calls; a notebook stores nothing of it, so that runs stay equal."""

    def __init__(self, label=""):
        self._begun = time.monotonic()
        named = {"description_width": "initial"}
        self.bar = ipywidgets.IntProgress(0, 0, 1, description=label, style=named)
        self.count = ipywidgets.Label("not begun")
        super().__init__([self.bar, self.count], layout={"flex_flow": "row wrap"})
        self.add_class("procmem-progress")

    def __call__(self, done, total):
        """Show that ``done`` of ``total`` pieces of work are finished."""
        self.bar.max, self.bar.value = max(1, total), done
        self.bar.bar_style = "success" if done == total else ""
        left = (time.monotonic() - self._begun) * (total - done) / max(1, done)
        wait = f", about {left:.0f} s to go" if 0 < done < total else ""
        self.count.value = f"{done} of {total}{wait}"

    def _repr_mimebundle_(self, **kwargs):
        return {**super()._repr_mimebundle_(**kwargs), "text/plain": ""}


def progress_bar(label=""):
    """Display a ``ProgressBar`` and return it, to be called as ``progress(done, total)``."""
    bar = ProgressBar(label)
    display(bar)
    return bar


def tracked(things, label=""):
    """Display a bar and return an iterator over ``things`` that moves it."""
    things, bar = list(several("things", things)), progress_bar(label)

    def moving():
        for done, one in enumerate(things, start=1):
            yield one
            bar(done, len(things))

    return moving()
