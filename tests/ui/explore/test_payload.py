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


def test_the_version_is_that_of_all_the_code() -> None:
    assert code_version() == code_version(Path(alexnet_viz.__file__).parent)
