"""Skills as text files: nothing is lost, and a foreign text is refused in a sentence."""

import re

import pytest

from procmem import GridWorld, ProceduralMemoryAgent
from procmem.lab.skill_md import folder_name, from_skill_md, to_skill_md
from procmem.lab.texts import WordEncoder
from procmem.skill import Recording, Skill

STATE = {"found": True, "signed": False, "request": 'Sign the "$file".'}
SKILL = Skill("sign #1", {"found": True}, [8], [1.0, 0.0], recording=Recording(STATE, STATE, STATE))
SKILL.effects = {"signed": True}


def test_a_skill_comes_back_from_its_text():
    again = from_skill_md(to_skill_md(SKILL), WordEncoder(8))
    assert (again.name, again.effects, again.situation) == ("sign #1", {"signed": True}, STATE)
    assert [int(action) for action in again.action_sequence] == [8]


def test_skills_of_a_world_with_places_come_back_as_well():
    agent = ProceduralMemoryAgent(GridWorld(shuffle=True), rng=0)
    agent.train(5)
    for skill in agent.library:
        again = from_skill_md(to_skill_md(skill), agent.encoder)
        assert again.preconditions == skill.preconditions and again.effects == skill.effects
        assert again.situation == skill.situation and again.evidence == skill.evidence
        assert again.action_sequence == skill.action_sequence
        assert (again.embedding == skill.embedding).all()


def test_the_front_matter_keeps_the_open_format():
    text = to_skill_md(SKILL)
    name, description = re.match(r"---\nname: (.+)\ndescription: (.+)\n---\n", text).groups()
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and len(name) <= 64
    assert "signed" in description and "Use when found" in description and len(description) <= 1024


@pytest.mark.parametrize(
    ("name", "folder"),
    [("sign #1", "sign-1"), ("##", "skill"), ("Ä b", "b"), ("x" * 80 + " #12", "x" * 61 + "-12")],
)
def test_a_folder_has_a_name_of_the_open_format(name, folder):
    assert folder_name(name) == folder


@pytest.mark.parametrize("lost", ["---", "# sign", "## When", "## Steps", "## Then", "Worked"])
def test_a_text_without_a_part_is_refused(lost):
    text = "\n".join(line for line in to_skill_md(SKILL).split("\n") if not line.startswith(lost))
    with pytest.raises(
        ValueError, match=r"text must be a SKILL\.md of this course, got one without"
    ):
        from_skill_md(text, WordEncoder(8))


@pytest.mark.parametrize("value", ["maybe", "import os", '"open', "__import__('os')"])
def test_what_is_no_value_is_refused(value):
    text = to_skill_md(SKILL).replace("- found: true", f"- found: {value}")
    with pytest.raises(ValueError, match="text must list true, false, texts and places, got"):
        from_skill_md(text, WordEncoder(8))
