"""Skills as text files: a foreign one is refused in a sentence, never half read."""

import pytest

from procmem.lab.texts import WordEncoder, from_skill_md, to_skill_md
from procmem.skill import Recording, Skill

STATE = {"found": True, "signed": False, "request": "Sign the $file."}
SKILL = Skill("sign #1", {"found": True}, [8], [1.0, 0.0], recording=Recording(STATE, STATE, STATE))
SKILL.effects = {"signed": True}


def test_a_skill_comes_back_from_its_text():
    again = from_skill_md(to_skill_md(SKILL), WordEncoder(8))
    assert (again.name, again.effects, again.situation) == ("sign #1", {"signed": True}, STATE)
    assert [int(action) for action in again.action_sequence] == [8]


@pytest.mark.parametrize("lost", ["---", "# sign", "## When", "## Steps", "## Then", "Worked"])
def test_a_text_without_a_part_is_refused(lost):
    text = "\n".join(line for line in to_skill_md(SKILL).split("\n") if not line.startswith(lost))
    with pytest.raises(
        ValueError, match=r"text must be a SKILL\.md of this course, got one without"
    ):
        from_skill_md(text, WordEncoder(8))
