"""What a library holds: a table of its skills that can be sorted, and forgotten from."""

from html import escape

import ipywidgets

from procmem.show.picture import Picture, card, group, words
from procmem.show.room import in_words, path_svg
from procmem.show.style import INK
from procmem.show.touch import Control, button, dropdown, html_table, row
from procmem.skill import describe

_ORDERS = {
    "age": lambda skill: 0,
    "name": lambda skill: skill.name,
    "length": len,
    "uses": lambda skill: skill.times_used,
    "successes": lambda skill: skill.success_count,
    "success estimate": lambda skill: skill.success_estimate,
}
_HEADS = ["Skill", "Path", "In words", "#Used", "#Worked", "#Estimate"]


class LibraryBrowser(Control):
    """The skills of a library or of an agent as a table that can be sorted, and forgotten from.

    What is forgotten goes to the library's archive, and comes back from there.

    Its parts are public: the dropdowns ``sort`` and ``choice``, the checkbox ``descending``, the
    number box ``page`` and the buttons ``forget`` and ``undo``.
    """

    def __init__(self, source, per_page=8):
        if per_page < 1:
            raise ValueError(f"per_page must be a whole number from 1 up, got {per_page}")
        self.source, self.per_page = source, per_page
        self.sort, self.choice = dropdown("Sort by", list(_ORDERS)), dropdown("Skill", ())
        self.descending = ipywidgets.Checkbox(False, description="largest first", indent=False)
        self.page = ipywidgets.BoundedIntText(1, 1, 1, description="Page")
        self.page.layout.width, self.descending.layout.width = "130px", "130px"
        self.page.style.description_width = "40px"
        self.forget = button("Forget this skill", lambda: self.act(self.forget_chosen))
        self.undo = button("Undo forgetting", lambda: self.act(self.take_back))
        order = row(self.sort, self.descending, self.page)
        super().__init__([order, row(self.choice, self.forget, self.undo)], "library")
        for part in (self.sort, self.descending, self.page, self.choice):
            part.observe(lambda _: self.show(), "value")
        self.show()

    @property
    def library(self):
        """The library that is shown: what the agent has now, if an agent was given."""
        return getattr(self.source, "library", self.source)

    def skills(self):
        """Return all skills in the order that was asked for; among equals the older comes first."""
        order = _ORDERS[self.sort.value]
        return sorted(self.library, key=order, reverse=self.descending.value)

    def forget_chosen(self):
        """Move the chosen skill to the archive, where the agent does not see it; say so."""
        name = self.choice.value
        if name not in self.library:
            return "There is nothing to forget."
        self.library.retire(name)
        return f"Forgotten: <b>{escape(name)}</b>. Undo brings it back."

    def take_back(self):
        """Take the skill that was archived last back into the library; say what came of it."""
        if not self.library.archive:
            return "Nothing was forgotten."
        name = list(self.library.archive)[-1]
        kept = self.library.restore(name).name
        if kept == name:
            return f"Back again: <b>{escape(name)}</b>."
        return f"Its twin {escape(kept)} is as good: <b>{escape(name)}</b> stays away."

    def draw(self):
        """Return one page of the table, as HTML."""
        skills = self.skills()
        self._offer([skill.name for skill in skills])
        first = (self.page.value - 1) * self.per_page
        shown = skills[first : first + self.per_page]
        names = [skill.name for skill in shown]
        chosen = names.index(self.choice.value) if self.choice.value in names else None
        table = html_table("Skills", _HEADS, list(map(_cells, shown)), chosen)
        return f"<p>{len(skills)} skills, {len(shown)} of them below.</p>{table}"

    def _offer(self, names):
        """Let the parts offer what there is now, without being called again for each."""
        self.page.max = max(1, -(-len(names) // self.per_page))
        if list(self.choice.options) != names:
            kept = self.choice.value
            self.choice.options = names
            self.choice.value = kept if kept in names else next(iter(names), None)

    def picture(self):
        """Return the first skills and their paths as a ``Picture``."""
        shown = self.skills()[:6]
        body = "" if shown else words(95, 100, "no skills", 13)
        for i, skill in enumerate(shown):
            body += group(_portrait(skill), (190 * (i % 3), 200 * (i // 3), 1))
        used = sorted(self.library, key=lambda skill: -skill.times_used)[:3]
        told = [f"{s.name} (worked {s.success_count} of {s.times_used} times)" for s in used]
        label = f"A library of {len(self.library)} skills. Most used: {', '.join(told) or 'none'}."
        across, down = max(1, min(3, len(shown))), max(1, -(-len(shown) // 3))
        return Picture(card(190 * across, 200 * down, label, body), label)


def _cells(skill):
    when, then = describe(skill.preconditions), describe(skill.effects)
    does = " ".join(map(in_words, skill.action_sequence))
    told = f"when {escape(when)}: <b>{escape(does)}</b>, then {escape(then)}<br/>{_life(skill)}"
    counts = [str(skill.times_used), str(skill.success_count), f"{skill.success_estimate:.2f}"]
    told = f'<div class="wide">{told}</div>'
    return [f"<b>{escape(skill.name)}</b>", path_svg(skill.action_sequence), told, *counts]


def _life(skill):
    """Return in words where the skill is in its life, and where it comes from."""
    if skill.life.source is None:
        return skill.life.status
    episode, first, last = skill.life.source
    return f"{skill.life.status}, from episode {episode}, steps {first} to {last}"


def _portrait(skill):
    worked = f"worked {skill.success_count} of {skill.times_used} times"
    name = skill.name if len(skill.name) <= 26 else f"{skill.name[:25]}…"
    drawn = group(path_svg(skill.action_sequence, 150), (20, 6, 1))
    return drawn + words(95, 176, name, 12, INK) + words(95, 192, worked, 11)
