"""What all widgets share: where no kernel runs, each leaves a picture and its description."""

from importlib.resources import files

import ipywidgets


def source(name):
    """Return the text of a file of this package."""
    return files("procmem.show").joinpath(name).read_text(encoding="utf-8")


STYLE = source("stage.css")


class Exhibit(ipywidgets.VBox):
    """Base of the widgets: ``parts`` below one another. A subclass says what its ``picture`` is."""

    def __init__(self, parts, kind):
        super().__init__(parts)
        self.add_class("procmem").add_class(f"procmem-{kind}")

    def picture(self):
        """Return what is shown where nothing moves, as a ``Picture``."""
        raise NotImplementedError

    def stored(self):
        """Return what a notebook stores, as HTML."""
        return f'<div class="procmem-still">{self.picture()}</div>'

    def close(self):
        """Close the widget and all that it is made of; what is closed already stays so."""
        for part in parts(self) if self.comm else ():
            ipywidgets.Widget.close(part)

    def __repr__(self):
        return self.picture().words

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "text/html": self.stored()}


def parts(widget):
    """Return a widget and all that it is made of: children, links, layouts and styles."""
    own = (*getattr(widget, "children", ()), *getattr(widget, "links", ()))
    own += tuple(filter(None, (getattr(widget, name, None) for name in ("layout", "style"))))
    return [*(inner for part in own for inner in parts(part)), widget]


def row(*parts):
    """Return parts side by side, below one another where the page is narrow."""
    return ipywidgets.HBox(parts, layout={"flex_flow": "row wrap"})


def button(label, act):
    """Return a button as wide as its label that calls ``act()``."""
    made = ipywidgets.Button(description=label, layout={"width": "auto", "padding": "0 10px"})
    made.on_click(lambda _: act())
    return made


def named(name, values):
    """Return ``values``, which must be a dict with at least one entry."""
    if not isinstance(values, dict) or not values:
        raise ValueError(f"{name} must be a dict with at least one name, got {values!r}")
    return values
