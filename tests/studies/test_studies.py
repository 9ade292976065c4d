"""Stored tables of the studies were made by the present code."""

import ast
from pathlib import Path

import pytest
import study

STUDIES = sorted(table.stem for table in study.TABLES.glob("*.md"))


def test_there_are_tables():
    assert {"headline", "transfer", "doorkey_frames", "naive"} <= set(STUDIES)


@pytest.mark.parametrize("name", STUDIES)
def test_a_table_was_made_by_the_present_code(name):
    first = (study.TABLES / f"{name}.md").read_text(encoding="utf-8").splitlines()[0]
    now = study.digest(study.HERE / f"{name}.py")
    assert first == f"<!-- {now} -->", f"run `python tests/studies/{name}.py --write` again"


@pytest.mark.parametrize("path", sorted(study.HERE.glob("*.py")), ids=lambda path: path.stem)
def test_a_study_imports_from_modules(path):
    """A name that a package offers lazily would hide the module that the digest has to follow."""
    package = ast.parse((study.ROOT / "procmem/__init__.py").read_text(encoding="utf-8"))
    for module, name in names_imported(ast.parse(path.read_text(encoding="utf-8"))):
        assert module not in ("procmem.lab", "procmem.show"), f"{module}: {name}"
        assert module != "procmem" or name in {name for _, name in names_imported(package)}


def names_imported(tree):
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [(node.module, alias.name) for node in nodes for alias in node.names]


def test_a_digest_changes_with_the_code_and_not_with_its_words(tmp_path):
    texts = ['"""Words."""\nx = 1\n', '"""Others."""\n# A comment.\nx = 1\n', "x = 2\n"]
    digests = []
    for text in texts:
        (tmp_path / "one.py").write_text(text, encoding="utf-8")
        digests.append(study.digest(tmp_path / "one.py"))
    assert digests[0] == digests[1] != digests[2]


def test_the_readmes_figures_are_those_of_the_stored_tables():
    readme = Path(study.ROOT / "README.md").read_text(encoding="utf-8")
    lines = study.table_of("headline.py").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("|") and line not in readme] == []
