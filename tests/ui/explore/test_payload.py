import shutil
from pathlib import Path

import alexnet_viz
from alexnet_viz.ui.explore.payload import code_version


def test_another_version_of_the_code_has_another_name(tmp_path: Path) -> None:
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers" / "norm.py").write_text("ALPHA = 1e-4\n")
    before = code_version(tmp_path)
    code_version.cache_clear()
    assert code_version(tmp_path) == before
    (tmp_path / "layers" / "norm.py").write_text("ALPHA = 2e-4\n")
    code_version.cache_clear()
    assert code_version(tmp_path) != before


def test_the_version_is_that_of_all_the_code(tmp_path: Path) -> None:
    package = Path(alexnet_viz.__file__).parent
    copy = tmp_path / "alexnet_viz"
    shutil.copytree(package, copy, ignore=lambda folder, names: [n for n in names if n.endswith((".pyc", ".jpg"))])
    assert code_version(copy) == code_version()
    for deep in ("model.py", "ui/explore/payload.py", "training/datasets/mix.py"):
        code_version.cache_clear()
        before = code_version(copy)
        with (copy / deep).open("a") as stream:
            stream.write("# changed\n")
        code_version.cache_clear()
        assert code_version(copy) != before
