"""No circles of imports, in Python nor in the playground's page, and a local Discord that stands alone."""

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "import-graph"
SHARED_BY_SANDBOXES = {"sandbox.clock", "sandbox.guard"}


@pytest.fixture(scope="module")
def graphs() -> ModuleType:
    """The script as a module."""
    loader = SourceFileLoader("import_graph", str(SCRIPT))
    spec = importlib.util.spec_from_loader("import_graph", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    # A cached copy would lie beside the script.
    loader.exec_module(module)
    return module


def test_there_is_no_circle_of_imports() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_local_discord_imports_nothing_else_of_this_project(graphs: ModuleType) -> None:
    graph = graphs.python_graph(ROOT, graphs.PACKAGES)
    own = {name for name in graph if name.startswith("sandbox.discord")}
    assert set().union(*(graph[name] for name in own)) - own <= SHARED_BY_SANDBOXES


@pytest.mark.parametrize(
    ("files", "circles"),
    [
        ({"a": "from p.b import x", "b": "import json"}, []),
        ({"a": "from p.b import x", "b": "from p.a import y"}, [{"p.a", "p.b"}]),
        ({"a": "from p import b", "b": "import p.c", "c": "from p import a"}, [{"p.a", "p.b", "p.c"}]),
        ({"a": "if TYPE_CHECKING:\n    from p.b import x", "b": "def f():\n    import p.a"}, [{"p.a", "p.b"}]),
        ({"__init__": "from p.a import x", "a": "from p.b import y", "b": ""}, []),
        ({"__init__": "from p.a import x", "a": "from p import x"}, [{"p", "p.a"}]),
        (
            {"a": "import p.b", "b": "import p.a", "c": "import p.d", "d": "import p.c"},
            [{"p.a", "p.b"}, {"p.c", "p.d"}],
        ),
    ],
)
def test_circles_of_python_modules_are_found(
    graphs: ModuleType, tmp_path: Path, files: dict[str, str], circles: list[set[str]]
) -> None:
    (tmp_path / "p").mkdir()
    for name, text in {"__init__": "", **files}.items():
        (tmp_path / "p" / f"{name}.py").write_text(text)
    found = graphs.circles(graphs.python_graph(tmp_path, ("p",)))
    assert sorted(sorted(set(circle)) for circle in found) == sorted(sorted(circle) for circle in circles)


@pytest.mark.parametrize(
    ("files", "is_circle"),
    [
        ({"a.js": 'import { x } from "./b.js";', "b.js": "export const x = 1;"}, False),
        ({"a.js": 'import { x } from "./b.js";', "b.js": 'import "./a.js";'}, True),
        ({"a.js": 'import {\n  x,\n} from "./in/b.js";', "in/b.js": 'export { y } from "../a.js";'}, True),
        ({"a.js": 'import { x } from "./b.js";', "b.js": '/** @param {import("./a.js").Y} y */'}, True),
    ],
)
def test_circles_of_javascript_modules_are_found(
    graphs: ModuleType, tmp_path: Path, files: dict[str, str], is_circle: bool
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert bool(graphs.circles(graphs.javascript_graph(tmp_path))) is is_circle
