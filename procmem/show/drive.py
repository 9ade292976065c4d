"""Be the agent: walk through a room by hand, and let an agent learn from the walk."""

from copy import deepcopy
from dataclasses import replace
from html import escape
from operator import itemgetter

import ipywidgets

from procmem.agent import ProceduralMemoryAgent
from procmem.arguments import instance
from procmem.episode import Episode, Step, state_key
from procmem.gridworld import GOAL_REWARD, MOVES, STEP_REWARD, Action, GridWorld, Layout
from procmem.lab.worlds import optimum
from procmem.search import breadth_first, path_to_goal
from procmem.segmentation import achieved, segment
from procmem.show.drag import walked
from procmem.show.picture import Picture, card
from procmem.show.record import facts_html, states_of
from procmem.show.room import describe_room, in_words, path_svg, room, trail, trail_of
from procmem.show.strip import strips_svg
from procmem.show.style import LOOKS
from procmem.show.touch import Control, touchable
from procmem.show.widget import button, row


class DriveByHand(Control):
    """The learner is the agent, in the room that ``env`` holds now; ``env`` itself stays as it is.

    A click on a cell walks there, on the agent's own cell picks up what lies there, and on a door
    beside it opens that. *Make this a skill* gives the walk to a new ``agent`` to learn from, which
    then walks through ``next_room``, a layout. *Paint walls* lets clicks set and remove walls.
    """

    def __init__(self, env, *, next_room=None):
        instance("env", getattr(env, "unwrapped", env), GridWorld)
        self._world = deepcopy(env.unwrapped)  # it answers with any twist that the learner's has
        self.next_room = instance("next_room", next_room, Layout | None)
        self.agent, self.steps, self._learned = ProceduralMemoryAgent(env), [], ""
        self.up, self.down, self.left, self.right, self.pick_up, self.open_door = (
            button(in_words(a).capitalize(), lambda a=a: self.act(self.do, a)) for a in Action
        )
        self.undo = button("Undo", lambda: self.act(self.take_back))
        self.again = button("Start again", lambda: self.act(self.restart))
        self.make = button("Make this a skill", lambda: self.act(self.learn))
        self.brush = ipywidgets.ToggleButton(description="Paint walls", layout={"width": "auto"})
        self.guide = ipywidgets.ToggleButton(description="Show the shortest path")
        self.guide.observe(lambda _: self.show(), "value")
        super().__init__([self._buttons()], "drive")
        self.show("Nothing is done yet.")

    def _buttons(self):
        free = ipywidgets.Label
        arrows = [free(), self.up, free(), self.left, self.down, self.right]
        columns = {"grid_template_columns": "72px 72px 72px", "margin": "0 16px 0 0"}
        deeds = row(self.pick_up, self.open_door, self.undo, self.again)
        beside = ipywidgets.VBox([deeds, row(self.make, self.guide, self.brush)])
        return row(ipywidgets.GridBox(arrows, layout=columns), beside)

    @property
    def room(self):
        """The layout of the room."""
        return self._world.layout

    @property
    def state(self):
        """Where things are now."""
        return self.steps[-1].next_state if self.steps else self.room.state()

    @property
    def episode(self):
        """What was done so far, as an ``Episode``."""
        return Episode(tuple(self.steps), self.room)

    def do(self, action):
        """Do one action and return what came of it; at the goal there is nothing left to do."""
        if self.episode.solved:
            return "The goal is reached already. Undo a step, or start again."
        following = self._world.transition(self.state, action)
        there = following["at_goal"]
        reward = STEP_REWARD + GOAL_REWARD if there else STEP_REWARD
        self.steps.append(Step(self.state, action, reward, following, there, False))
        return _outcome(self.steps[-1])

    def touched(self, thing, cells):
        """Walk to the last of the cells, or paint all of them; return what to say."""
        if self.brush.value:
            return self.paint(cells)
        cell, state = cells[-1], self.state
        if cell == state["agent"]:
            return self.do(Action.PICK_UP)
        if cell == state["door"] and not state["door_open"]:
            return self.do(Action.OPEN)
        for action in self._moves_to(cell):
            words = self.do(action)
        return f"{words} The agent is at {self.state['agent']}."

    def _moves_to(self, cell):
        def follow(state, action):
            return state if state["at_goal"] else self._world.transition(state, action)

        for state, moves in breadth_first(self.state, MOVES, follow, itemgetter("agent")):
            if state["agent"] == cell:
                return moves
        raise ValueError(f"cell must be one that a walk leads to, got {cell}")

    def paint(self, cells):
        """Set or remove a wall in each of the cells, and begin anew; return what to say."""
        layout = replace(self.room, walls=self.room.walls.symmetric_difference(cells))
        self._world.reset(options={"layout": layout})
        self.steps.clear()
        return f"The walls have changed at {', '.join(map(str, cells))}. Back at the start."

    def take_back(self):
        """Undo the last step; return what to say."""
        if not self.steps:
            return "There is no step to undo."
        return f"Undone: <b>{in_words(self.steps.pop().action)}</b>."

    def restart(self):
        """Go back to where the episode began; return what to say."""
        self.steps.clear()
        return "Back at the start."

    def learn(self):
        """Let the agent learn from what was done so far; return what to say."""
        pieces, before = segment(self.steps), {skill.name for skill in self.agent.library}
        if not pieces:
            return "Nothing to learn from yet: a piece ends when a fact becomes true."
        self.agent.learn(self.steps)
        fresh = [skill for skill in self.agent.library if skill.name not in before]
        self._learned = _skill_table(fresh) + self._elsewhere()
        ends = escape(", ".join(" and ".join(achieved(piece)) for piece in pieces))
        told = f"{_count(pieces, 'piece')}, cut where a fact became true: <b>{ends}</b>."
        if not fresh:
            return f"{told} Nothing new: memory holds paths as short already."
        return f"{told} {_count(fresh, 'new skill')}, one for each state on the path."

    def _elsewhere(self):
        """Return the agent's path through the next room, as HTML."""
        if self.next_room is None:
            return ""
        episode, best = walked(self.agent, self.next_room), optimum(self.next_room)
        end = "reaches the goal" if episode.solved else "is not at the goal"
        told = f"In the next room, the agent {end} after {len(episode)} steps; {best} are enough."
        return f"<p>{told}</p>{_card(episode)}"

    def draw(self):
        """Return the room, the state and what was learned, as HTML."""
        over, told = touchable(self.room.size, click=True), f"Steps: <b>{len(self.steps)}</b>."
        if self.episode.solved:
            more = len(self.steps) - optimum(self.room)
            judged = f"{more} more than needed" if more else "no path is shorter"
            told += f" The goal is reached: {judged}."
        if self.guide.value:
            line, ahead = self._guided()
            over, told = line + over, f"{told} {ahead}"
        words = f"<p>{told}</p><p>{facts_html(self.state)}</p><p>{escape(str(self.state))}</p>"
        beside = f'<div>{_card(self.episode, over)}</div><div class="words">{words}</div>'
        return f'<div class="row">{beside}</div>{self._learned}'

    def _guided(self):
        """Return a shortest path from here to the goal, as SVG and in words."""
        follow, state = self._world.transition, self.state
        try:
            path = path_to_goal(state, Action, follow, state_key, itemgetter("at_goal"))
        except ValueError:
            return "", "No path leads to the goal from here."
        cells = [state["agent"]]
        for action in path:
            state = follow(state, action)
            cells.append(state["agent"])
        return trail(cells, LOOKS["optimum"].colour, "1 3"), f"From here: {len(path)} steps."

    def picture(self):
        """Return the film strip of what was done so far as a ``Picture``."""
        told = f"Drive by hand: {len(self.steps)} steps taken."
        strip = strips_svg([("", self.episode)]).svg
        return Picture(strip, f"{told} {describe_room(self.room, self.state)}")


def _card(episode, over=""):
    layout, states = episode.layout, states_of(episode)
    drawn = room(layout, states[-1], 280, trail_of(layout, states), over=over)
    return card(280, 280, describe_room(layout, states[-1]), drawn)


def _outcome(step):
    done = f"Done: <b>{in_words(step.action)}</b>"
    if not step.changed:
        return f"{done}. It changed nothing, but it costs its step."
    fresh = ", ".join(map(escape, achieved([step])))
    return f"{done}. Now it is true: <b>{fresh}</b>." if fresh else f"{done}."


def _count(things, name):
    return f"{len(things)} {name}{'s' if len(things) > 1 else ''}"


def _skill_table(skills):
    rows = "".join(
        f"<tr><th>{escape(one.name)}</th><td>{path_svg(one.action_sequence)}</td>"
        f"<td>{' '.join(map(in_words, one.action_sequence))}</td></tr>"
        for one in skills
    )
    return f"<table><caption>What was learned</caption>{rows}</table>" if skills else ""
