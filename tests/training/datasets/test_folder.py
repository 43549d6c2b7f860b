import stat
import zipfile
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets.folder import folder_dataset, inspect_folder, scan_folder


def picture(path: Path, shade: int) -> Path:
    """Write a picture that no other shade's is the same as: red is the shade."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), (shade, 0, 255 - shade)).save(path)
    return path


def two_classes(root: Path, count: int = 10) -> Path:
    for number in range(count):
        picture(root / "cats" / f"{number}.png", number)
        picture(root / "dogs" / f"{number}.png", 100 + number)
    return root


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def test_classes_are_folders_in_alphabetical_order(tmp_path: Path) -> None:
    picture(tmp_path / "ähnlich é" / "a b.png", 200)
    content = inspect_folder(two_classes(tmp_path))
    assert content.per_class == {"cats": 10, "dogs": 10, "ähnlich é": 1}
    assert content.skipped == ()


def test_a_zip_is_taken_as_its_folder_is(tmp_path: Path) -> None:
    folder = two_classes(tmp_path / "pets")
    assert inspect_folder(zipped(folder, tmp_path / "pets.zip")).per_class == inspect_folder(folder).per_class
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pets", "pets.zip"]  # nothing was unpacked


def test_folders_around_all_and_what_systems_leave_are_passed_over(tmp_path: Path) -> None:
    two_classes(tmp_path / "outer" / "inner" / "pets")
    inside = tmp_path / "outer" / "inner" / "pets"
    picture(inside / "cats" / ".ipynb_checkpoints" / "0-checkpoint.png", 250)
    picture(tmp_path / "__MACOSX" / "outer" / "._0.png", 251)
    for name in (inside / "cats" / ".DS_Store", inside / "Thumbs.db", inside / "dogs" / "Thumbs.db"):
        name.write_bytes(b"junk")
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert content.skipped == ()


def test_unusable_files_are_named_with_their_reasons(tmp_path: Path) -> None:
    two_classes(tmp_path)
    (tmp_path / "cats" / "notes.txt").write_text("tom, tim")
    (tmp_path / "cats" / "empty.jpg").write_bytes(b"")
    (tmp_path / "cats" / "half.png").write_bytes((tmp_path / "cats" / "0.png").read_bytes()[:60])
    (tmp_path / "dogs" / "again.png").write_bytes((tmp_path / "dogs" / "3.png").read_bytes())
    (tmp_path / "birds").mkdir()
    (tmp_path / "birds" / "readme.md").write_text("none yet")
    picture(tmp_path / "loose.png", 222)
    content = inspect_folder(tmp_path)
    reasons = {file.file: file.reason for file in content.skipped}
    assert set(reasons) == {
        "cats/notes.txt", "cats/empty.jpg", "cats/half.png", "dogs/again.png", "birds/readme.md", "birds/", "loose.png"
    }  # fmt: skip
    assert reasons["dogs/again.png"] == "is the same picture as dogs/3.png"
    assert reasons["birds/"] == "has no usable picture; the class is left out"
    assert reasons["loose.png"] == "lies in no class folder"
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert content.to_record()["images"] == 20


def test_split_folders_are_splits_not_classes(tmp_path: Path) -> None:
    for number in range(6):
        for name, shade in (("cats", 0), ("dogs", 100)):
            picture(tmp_path / "Train" / name / f"{number}.png", shade + number)
    for name, shade in (("cats", 50), ("dogs", 150)):
        picture(tmp_path / "val" / name / "v.png", shade)
        picture(tmp_path / "test" / name / "t.png", shade + 1)
    data = folder_dataset(tmp_path, seed=0)
    assert (data.classes, len(data.train), len(data.held_out), len(data.test)) == (("cats", "dogs"), 12, 2, 2)
    assert sorted(data.held_out.images[:, 0, 0, 0].tolist()) == [50, 150]


def test_classes_may_be_called_train_and_test(tmp_path: Path) -> None:
    for number in range(6):
        picture(tmp_path / "train" / f"{number}.png", number)
        picture(tmp_path / "test" / f"{number}.png", 100 + number)
    assert inspect_folder(tmp_path).classes == ("test", "train")


def test_some_of_each_class_are_held_out(tmp_path: Path) -> None:
    picture(tmp_path / "birds" / "only.png", 222)
    data = folder_dataset(two_classes(tmp_path), seed=1)
    of_each = torch.bincount(data.held_out.labels, minlength=3)
    assert of_each[0] == 0  # the only bird is learnt from
    assert (of_each[1:] > 0).all()
    assert (of_each + torch.bincount(data.train.labels)).tolist() == [1, 10, 10]
    learnt = set(data.train.images[:, 0, 0, 0].tolist())
    held_out = set(data.held_out.images[:, 0, 0, 0].tolist())
    assert not learnt & held_out
    assert data.train.images.shape[1:] == (3, 227, 227)


@pytest.mark.parametrize(
    ("classes", "count", "words"),
    [
        ((), 0, "has no class folder with pictures"),
        (("cats",), 10, "has one class"),
        (("cats", "dogs"), 2, "has 4 pictures; 8 are needed"),
    ],
)
def test_too_little_is_a_sentence(tmp_path: Path, classes: tuple[str, ...], count: int, words: str) -> None:
    for offset, name in enumerate(classes):
        for number in range(count):
            picture(tmp_path / "data" / name / f"{number}.png", 20 * offset + number)
    (tmp_path / "data").mkdir(exist_ok=True)
    with pytest.raises(DatasetError, match=words):
        inspect_folder(tmp_path / "data")


def test_what_is_no_data_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        inspect_folder(tmp_path / "nowhere")
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(DatasetError, match="neither a folder nor a zip"):
        inspect_folder(tmp_path / "text.zip")


def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = picture(tmp_path / "secret" / "s.png", 240)
    root = two_classes(tmp_path / "pets")
    (root / "cats" / "link.png").symlink_to(secret)
    (root / "linked").symlink_to(secret.parent)
    content = inspect_folder(root)
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert {file.file for file in content.skipped} == {"cats/link.png", "linked"}


def test_an_archive_never_leads_out_of_itself(tmp_path: Path) -> None:
    path = zipped(two_classes(tmp_path / "pets"), tmp_path / "pets.zip")
    content = (tmp_path / "pets" / "cats" / "0.png").read_bytes() + b"0"
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("../out.png", "cats/../../out.png", "/etc/out.png", "C:/out.png", "..\\out.png"):
            archive.writestr(name, content)
        link = zipfile.ZipInfo("cats/link.png")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = inspect_folder(path)
    assert found.per_class == {"cats": 10, "dogs": 10}
    assert len(found.skipped) == 6
    assert {file.reason for file in found.skipped} == {
        "has a path that leads out of the archive",
        "is a link; put the picture itself into the archive",
    }


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = zipped(two_classes(tmp_path / "pets"), tmp_path / "pets.zip")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cats/bomb.png", bytes(30_000_000))
    found = inspect_folder(path)
    assert [(file.file, file.reason) for file in found.skipped] == [("cats/bomb.png", "has 30 MB, the limit is 25 MB")]


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    path = zipped(two_classes(tmp_path / "pets"), tmp_path / "pets.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        offset = archive.getinfo("cats/4.png").header_offset + 30 + len("cats/4.png") + 20
    content[offset] ^= 255
    path.write_bytes(content)
    found = inspect_folder(path)
    assert [file.file for file in found.skipped] == ["cats/4.png"]
    assert "damaged" in found.skipped[0].reason


def test_a_scan_decodes_nothing(tmp_path: Path) -> None:
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for number in range(4):
            (tmp_path / name / f"{number}.png").write_bytes(b"not a picture")
    candidates, skipped = scan_folder(tmp_path)
    assert (len(candidates), skipped) == (8, [])
