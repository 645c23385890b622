"""The house's walls: who may import whom, what stays free of torch, and a README that tells the truth."""

import ast
import re
import subprocess
import sys

import pytest

from cxr_models import paths

MAY_IMPORT = {
    "cxr_models": {"cxr_models"},
    "train": {"train", "cxr_models"},
    "charts": {"charts", "cxr_models"},
    "handout": {"handout", "cxr_models"},
    "benchmarks": {"benchmarks", "cxr_models", "tests"},  # the app is driven as the walks drive it
    "ui": {"ui", "handout", "cxr_models"},
    "pages": {"ui", "charts", "handout", "cxr_models"},
    "app.py": {"ui"},
}
KEPT_OUT = {
    "cxr_models": {"streamlit", "plotly"},
    "train": {"streamlit", "plotly"},
    "charts": {"streamlit", "torch"},
    "handout": {"streamlit", "plotly", "torch"},
    "benchmarks": {"streamlit", "plotly"},
    "ui": {"plotly", "torch"},
    "pages": {"torch", "plotly"},
    "app.py": {"torch", "plotly"},
}
TORCH_FREE = [
    "cxr_models.imaging",
    "cxr_models.zoo",
    "cxr_models.checkpoints",
    "cxr_models.inference",
    "cxr_models.plausibility",
    "cxr_models.evaluation.summary",
    "charts.roc",
]


def sources(place: str) -> list:
    root = paths.ROOT / place
    return [root] if root.is_file() else sorted(root.rglob("*.py"))


def imported(path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_arrows_point_one_way(place):
    ours = {name.removesuffix(".py") for name in MAY_IMPORT} | {"tests"}
    for path in sources(place):
        strangers = (imported(path) & ours) - MAY_IMPORT[place]
        assert not strangers, f"{path.relative_to(paths.ROOT)} imports {strangers}"
        assert not imported(path) & KEPT_OUT[place], f"{path.relative_to(paths.ROOT)} imports {KEPT_OUT[place]}"


def test_pages_is_no_package():
    assert not (paths.ROOT / "pages" / "__init__.py").exists()


def test_importing_what_the_pages_stand_on_loads_no_torch():
    code = f"import sys, {', '.join(TORCH_FREE)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, check=False).returncode == 0


def tree() -> list[str]:
    """Paths that the README's file tree names."""
    block = re.search(r"```text\n(.*?)```", (paths.ROOT / "README.md").read_text(), re.S)[1]
    found, folders = [], []
    for line in block.splitlines():
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        folders = [*folders[:depth], name]
        found.append("".join(folders))
    return found


def test_the_readmes_tree_is_true_and_complete():
    named = tree()
    assert [path for path in named if not (paths.ROOT / path).exists()] == []
    listing = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    folders = [path for path in named if path.endswith("/")]
    shown_whole = {path for path in folders if any(other.startswith(path) and other != path for other in named)}

    def covered(file: str) -> bool:
        if file in named:
            return True
        inside = [folder for folder in folders if file.startswith(folder)]
        return bool(inside) and max(inside, key=len) not in shown_whole

    missing = [file for file in listing.stdout.split() if not covered(file) and not file.endswith("__init__.py")]
    assert missing == []
