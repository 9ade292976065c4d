"""What a stranger meets first: set-up files, licence, README, links and the Binder image agree."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from lessons import AVOIDED
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = urlsplit(PROJECT["urls"]["Homepage"]).path.strip("/")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TESTS = [ROOT / "conftest.py", *sorted((ROOT / "tests").rglob("*.py"))]
# Conda splits Matplotlib; its base leaves out the desktop toolkit, which no lesson needs.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}


def read(name):
    path = ROOT / name
    assert path.exists(), f"{name} is missing"
    return path.read_text(encoding="utf-8")


def specifiers(lines):
    """Each requirement's version bounds, by the name that PyPI knows it by."""
    requirements = [Requirement(line) for line in lines if not line.startswith(PROJECT["name"])]
    return {CONDA_NAMES.get(r.name, r.name.lower()): r.specifier for r in requirements}


PACKAGE = specifiers(PROJECT["dependencies"])
COURSE = PACKAGE | specifiers(PROJECT["optional-dependencies"]["course"])
TESTING = specifiers(PROJECT["optional-dependencies"]["test"])
DASK = specifiers(PROJECT["optional-dependencies"]["dask"])
# Not in the environment of conda and Binder: browsers, linters, builds and other machines.
ELSEWHERE = {
    *("axe-playwright-python", "build", "distributed", "import-linter", "jupyter-repo2docker"),
    *("playwright", "pytest-cov", "pytest-xdist", "ruff"),
}


def environment():
    return yaml.safe_load(read("environment.yml"))


def conda_lines():
    return [line for line in environment()["dependencies"] if isinstance(line, str)]


def environment_specifiers():
    (pip,) = [line["pip"] for line in environment()["dependencies"] if isinstance(line, dict)]
    libraries = [line for line in conda_lines() if not re.match(r"(python|pip)\b(?!-)", line)]
    return specifiers(libraries + pip)


# Dependencies


def test_every_dependency_has_a_lower_bound():
    unbounded = [
        name
        for name, bounds in (COURSE | TESTING).items()
        if not any(bound.operator == ">=" for bound in bounds)
    ]
    assert unbounded == []


def test_environment_and_pyproject_are_in_step():
    checks = {name: bounds for name, bounds in TESTING.items() if name not in ELSEWHERE}
    assert environment_specifiers() == COURSE | checks
    assert f"{PROJECT['name']}[course]" in PROJECT["optional-dependencies"]["test"]


def test_the_tests_run_in_the_environment():
    paths = [path for path in TESTS if "browser" not in path.parts and "ppo" not in path.name]
    assert undeclared_imports(paths, environment_specifiers()) == []


def test_environment_pins_a_python_minor_that_the_package_accepts():
    (version,) = re.findall(r"^python=(3\.\d+)$", "\n".join(conda_lines()), re.MULTILINE)
    assert version in SpecifierSet(PROJECT["requires-python"])


@pytest.mark.parametrize(("name", "bounds"), sorted(environment_specifiers().items()))
def test_installed_version_satisfies_the_environment(name, bounds):
    assert metadata.version(name) in bounds


def code_of(path):
    """The Python in a module or in a notebook's code cells, magics turned into calls."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    transform = TransformerManager().transform_cell
    return "\n".join(transform("".join(cell["source"])) for cell in cells)


def imported_names(path):
    for node in ast.walk(ast.parse(code_of(path), filename=path.name)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]


@cache
def installed():
    """The distributions that bring each module that can be imported."""
    return metadata.packages_distributions()


def undeclared_imports(paths, declared):
    """Each import that is neither Python's, nor ours, nor a declared requirement's."""
    assert paths
    known = {
        "procmem",
        "procmem_checks",
        *sys.stdlib_module_names,
        *(path.stem for path in [*paths, *TESTS, *(ROOT / "notebooks").glob("*.py")]),
    }
    known |= {path.parent.name for path in paths if path.name == "__init__.py"}
    declared = {name.lower() for name in declared}
    distributions = installed()
    return [
        f"{path.name} imports {name}"
        for path in paths
        for name in sorted(set(imported_names(path)) - known)
        if declared.isdisjoint(d.lower() for d in distributions.get(name, []))
    ]


def test_every_import_of_package_checks_and_notebooks_is_declared():
    course = {ROOT / "procmem/doorkey.py", *(ROOT / "procmem/show").glob("*.py")}
    files = set((ROOT / "procmem").rglob("*.py")) - course
    assert undeclared_imports(sorted(files), PACKAGE | DASK) == []
    checks = (ROOT / "notebooks/checks").glob("*.py")
    for paths in (course, checks, NOTEBOOKS):
        assert undeclared_imports(sorted(paths), COURSE) == []


def test_every_import_of_the_tests_is_declared():
    found = undeclared_imports(TESTS, COURSE | TESTING)
    # PPO is measured by hand, once: it would bring two gigabytes that nothing else here needs.
    assert {one for one in found if not one.startswith("ppo_doorkey.py ")} == set()


# A Python in which only the package's own requirements, and what those require, can be imported.
BARE = """
import importlib, pkgutil, sys
from importlib.machinery import PathFinder

class Bare(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        ours = {"procmem", "numpy", "gymnasium", "cloudpickle", "farama_notifications"}
        if name.partition(".")[0] in ours | {"typing_extensions"} | sys.stdlib_module_names:
            return super().find_spec(name, path, target)

sys.meta_path[:] = [f for f in sys.meta_path if f is not PathFinder] + [Bare]
import procmem
for module in pkgutil.walk_packages(procmem.__path__, "procmem."):
    if not module.name.startswith(("procmem.show", "procmem.doorkey")):
        importlib.import_module(module.name)
agent = procmem.ProceduralMemoryAgent(procmem.GridWorld(shuffle=True), rng=0)
print(all(episode.solved for episode in agent.train(3)))
"""


def test_the_package_needs_numpy_and_gymnasium_alone():
    done = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_what_cannot_run_the_tests_says_in_a_sentence_what_to_install(tmp_path):
    for conftest, library in (("conftest.py", "nbval"), ("tests/conftest.py", "hypothesis")):
        code = (
            "import importlib.util, runpy; find = importlib.util.find_spec;"
            f"importlib.util.find_spec = lambda name: None if name == '{library}' else find(name);"
            f"runpy.run_path({str(ROOT / conftest)!r})"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        expected = f"The tests need {library}, which is not installed. Run: python -m pip install"
        assert done.stderr == f'{expected} -e ".[test]"\n'
        assert done.returncode == 1


def test_a_kernel_gets_ports_that_no_other_process_is_given(tmp_path):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import conftest;"
        "from jupyter_client.manager import KernelManager;"
        "kernel = KernelManager(connection_file=sys.argv[2]); kernel.write_connection_file();"
        "print(*kernel.ports)"
    )
    ports = []
    for name in "ab":
        command = [sys.executable, "-c", code, str(ROOT), str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        ports += map(int, done.stdout.split())
    assert len(ports) == len(set(ports)) == 10
    assert 20_000 <= min(ports) <= max(ports) < 32_000


# Binder


def test_binder_has_the_same_environment():
    ours, binders = ROOT / "environment.yml", ROOT / "binder/environment.yml"
    assert not binders.is_symlink(), "a Windows clone breaks symbolic links: copy the file"
    assert binders.read_bytes() == ours.read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
@pytest.mark.parametrize("name", ["binder/postBuild", ".ci/run"])
def test_script_is_executable(name):
    assert os.access(ROOT / name, os.X_OK)


@pytest.mark.skipif(find_spec("repo2docker") is None, reason="jupyter-repo2docker is not installed")
def test_repo2docker_builds_from_the_binder_folder():
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    user = ["--user-id", "1000", "--user-name", "learner"]
    done = subprocess.run([*command, *user, "."], cwd=ROOT, capture_output=True, text=True)
    (python,) = [line.replace("=", r"=+") for line in conda_lines() if line.startswith("python=")]
    assert done.returncode == 0, done.stderr
    assert re.search(rf"Building conda environment for {python}\b", done.stderr)
    assert re.search(r'env update .*--file "binder/environment\.yml"', done.stdout)
    assert "RUN ./binder/postBuild" in done.stdout


# Other systems


def python_files():
    """Each Python file of the project with the nodes of its syntax tree."""
    for folder in ("procmem", "notebooks", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def test_every_text_is_read_and_written_with_an_encoding():
    """Windows would take that of its country."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, nodes in python_files()
        for node in nodes
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("read_text", "write_text")
        and "encoding" not in {keyword.arg for keyword in node.keywords}
    ]
    assert found == []


def test_package_checks_and_readme_use_plain_words():
    paths = [path for path, _ in python_files() if "tests" not in path.parts]
    texts = [(path.name, path.read_text(encoding="utf-8")) for path in [*paths, ROOT / "README.md"]]
    assert [(name, found) for name, text in texts for found in AVOIDED.findall(text)] == []


def test_scripts_print_what_every_console_can_show():
    """No string of a script beyond ASCII, docstrings apart."""
    found = []
    for path, nodes in python_files():
        words = [
            one for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        docs = {id(n.value) for n in nodes if isinstance(n, ast.Expr)}
        odd = [one for one in words if not one.value.isascii() and id(one) not in docs]
        if odd and "__main__" in {one.value for one in words}:
            found += [f"{path.relative_to(ROOT)}:{one.lineno}" for one in odd]
    # The signs that a verdict begins with: they are looked for, not printed.
    assert [place for place in found if "run_with_seeds" not in place] == []


# README and links


def command_below(mark):
    """The one-line command in the fenced block directly below the README's comment."""
    found = re.findall(rf"^<!-- {mark} -->\n```\w+\n(.+)\n```$", read("README.md"), re.MULTILINE)
    assert len(found) == 1, f"README.md needs one command below <!-- {mark} -->"
    return found[0]


@pytest.mark.parametrize("system", ["", ", Windows"])
def test_readme_is_short_and_opens_the_first_lesson_and_runs_all_tests(system):
    assert len(read("README.md").splitlines()) <= 100
    command = command_below(f"open the course{system}")
    assert ' -e ".[course]"' in command
    assert "notebooks/00_start_here.ipynb" in command
    assert (ROOT / "notebooks/00_start_here.ipynb").exists()
    command = command_below(f"run all tests{system}")
    assert ' -e ".[test]"' in command
    assert re.search(r"-m pytest -n 2 --nbval tests notebooks$", command)


def test_readme_tells_the_other_procmem_apart():
    assert PROJECT["name"] == "procmem-course"
    assert "`pip install procmem` installs" in read("README.md")


def test_readme_prints_what_its_code_prints(capsys):
    code, printed = re.search(
        r"```python\n(.*?)```\n+```text\n(.*?)```", read("README.md"), re.S
    ).groups()
    assert len([line for line in code.splitlines() if line]) == 10
    exec(code, {})  # our own file, not a stranger's
    assert capsys.readouterr().out == printed


def texts_with_links():
    for name in ("README.md", "CITATION.cff", "pyproject.toml"):
        yield name, read(name)
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.name, "\n".join("".join(cell["source"]) for cell in cells)


def test_every_repository_link_is_ours():
    hosts = r"github\.com|mybinder\.org/v2/gh|nbviewer\.org/github|raw\.githubusercontent\.com"
    colab = r"colab\.research\.google\.com/github|codespaces\.new|shields\.io/github/[\w/-]+?"
    pattern = re.compile(rf"(?:{hosts}|{colab})/([\w.-]+/[\w-]+)")
    foreign = [
        f"{name}: {link[0]}"
        for name, text in texts_with_links()
        for link in pattern.finditer(text)
        if link[1] != REPOSITORY
    ]
    assert foreign == []


def test_every_binder_link_opens_an_existing_notebook():
    pattern = re.compile(r"https://mybinder\.org/v2/gh/[^\s)\"'>]+")
    links = [(name, link) for name, text in texts_with_links() for link in pattern.findall(text)]
    assert "README.md" in {name for name, _ in links}, "README.md has no Binder badge"
    for name, link in links:
        query = parse_qs(urlsplit(link).query)
        opened = query.get("labpath", query.get("urlpath", [""]))[0]
        target = unquote(opened).removeprefix("lab/tree/")
        assert (ROOT / target).is_file(), f"{name}: {link} opens no file"


def test_relative_links_of_the_readme_resolve():
    text = read("README.md")
    targets = re.findall(r"\]\(([^)\s]+)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)
    files = [unquote(t.partition("#")[0]) for t in targets if not urlsplit(t).scheme]
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_citation_and_licence_agree_with_pyproject():
    citation = yaml.safe_load(read("CITATION.cff"))
    assert citation["version"] == PROJECT["version"]
    assert citation["repository-code"] == PROJECT["urls"]["Homepage"]
    assert PROJECT["license"] in citation["license"]
    assert "BSD 3-Clause" in read("LICENSE")
    assert "CC BY 4.0" in read("LICENSE")


def test_workflow_is_valid_yaml_with_few_rights():
    workflow = yaml.safe_load(read(".github/workflows/tests.yml"))
    assert workflow["permissions"] == {"contents": "read"}


# Traces of the machine that wrote a file

# The brackets keep this very file from matching; "/home/me" is anybody's.
TRACES = re.compile(
    r"(?<![\w.])/(?:work|tmp|root|home|Users|opt|mnt)/(?!me\b)[\w.-]+"
    r"|[A-Z]:\\+Users\\+\w+"
    r"|(?:pypi|pythonhosted|npmjs|deb\.debian|anaconda)[.](?:org|com)"
    r"|https?://[^\s\"']*/(?:simple|registry|mirror)\b"
)


def project_files():
    """Every file that is or would be committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in map(ROOT.joinpath, done.stdout.split("\0")) if path.is_file()]


def without_pictures(notebook):
    """The notebook as text, base64 left out: by chance it spells anything."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind in ("image/png", "image/jpeg"):
                output.get("data", {}).pop(kind, None)
    return json.dumps(notebook, ensure_ascii=False)


def readable_text(path):
    data = path.read_bytes()
    if b"\0" in data:
        return ""
    text = data.decode("utf-8")
    return without_pictures(json.loads(text)) if path.suffix == ".ipynb" else text


def test_no_file_names_a_machine_path_or_a_package_host():
    traces = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in project_files()
        for found in TRACES.finditer(readable_text(path))
    ]
    assert traces == []
