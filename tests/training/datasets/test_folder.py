import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_viz.errors import DatasetError
from alexnet_viz.images import InputRule, to_tensor
from alexnet_viz.training.augmentation import prepare_as
from alexnet_viz.training.datasets import folder
from alexnet_viz.training.datasets.folder import folder_dataset, inspect_folder
from alexnet_viz.training.datasets.labelled import labelled_pictures
from alexnet_viz.training.datasets.scanning import scan_folder


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
    assert reasons["cats/notes.txt"] == "is no picture (.txt)"
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


def test_a_class_may_be_called_train(tmp_path: Path) -> None:
    for number in range(6):
        picture(tmp_path / "train" / f"{number}.png", number)
        picture(tmp_path / "car" / f"{number}.png", 100 + number)
    assert inspect_folder(tmp_path).classes == ("car", "train")


def test_splits_without_classes_are_no_classes(tmp_path: Path) -> None:
    for number in range(6):
        picture(tmp_path / "train" / f"{number}.png", number)
        picture(tmp_path / "test" / f"{number}.png", 100 + number)
    with pytest.raises(DatasetError, match="without class folders"):
        inspect_folder(tmp_path)


def test_a_folder_of_test_pictures_is_what_is_held_out(tmp_path: Path) -> None:
    two_classes(tmp_path / "training_set", 6)
    picture(tmp_path / "test_set" / "cats" / "t.png", 50)
    picture(tmp_path / "test_set" / "dogs" / "t.png", 150)
    content = inspect_folder(tmp_path)
    assert content.to_record()["splits"] == [
        {"folders": ["training_set/"], "use": "learnt from", "images": 12},
        {"folders": ["test_set/"], "use": "held out", "images": 2},
    ]
    data = folder_dataset(tmp_path, seed=0)
    assert sorted(data.held_out.images[:, 0, 0, 0].tolist()) == [50, 150]
    assert data.test is data.held_out


def test_stray_files_are_told_and_refuse_nothing(tmp_path: Path) -> None:
    two_classes(tmp_path / "flowers")
    (tmp_path / "flowers" / "LICENSE.txt").write_text("free")
    (tmp_path / "readme.md").write_text("flowers")
    picture(tmp_path / "cover.png", 222)
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert {file.file: file.reason for file in content.skipped} == {
        "flowers/LICENSE.txt": "is no picture (.txt)",
        "readme.md": "is no picture (.md)",
        "cover.png": "lies in no class folder",
    }


def test_files_beside_each_picture_are_counted_apart(tmp_path: Path) -> None:
    two_classes(tmp_path)
    for file in list(tmp_path.rglob("*.png")):
        file.with_suffix(".xml").write_text("<box/>")
    (tmp_path / "labels.csv").write_text("0,1")
    assert len(scan_folder(tmp_path).candidates) == 20
    content = inspect_folder(tmp_path)
    assert content.image_count == 20
    assert "21 files are no pictures and are passed over: 20 .xml, 1 .csv." in content.notes


def test_text_files_are_not_pictures(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for number in range(3):
            (tmp_path / name / f"{number}.txt").write_text(f"{name}{number}")
    with pytest.raises(DatasetError, match="has no class folder with pictures") as error:
        inspect_folder(tmp_path)
    assert "6 pictures" not in str(error.value)


def test_empty_class_folders_are_named(tmp_path: Path) -> None:
    path = tmp_path / "pets.zip"
    zipped(two_classes(tmp_path / "pets"), path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.mkdir("birds")
    content = inspect_folder(path)
    assert [vars(file) for file in content.skipped] == [{"file": "birds/", "reason": "is empty; the class is left out"}]
    assert content.notes[0] == "birds/ is left out: it is empty."  # also where other files are skipped before it


def test_a_picture_in_two_classes_is_taken_for_neither(tmp_path: Path) -> None:
    two_classes(tmp_path)
    picture(tmp_path / "cats" / "3.png", 103)
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 9, "dogs": 9}
    assert {file.file: file.reason for file in content.skipped} == {
        "cats/3.png": "is the same picture as dogs/3.png, of another class; neither is taken",
        "dogs/3.png": "is the same picture as cats/3.png, of another class; neither is taken",
    }


@pytest.mark.parametrize("folders", [("train", "val"), ("train", "dev")])
def test_a_picture_that_is_held_out_is_not_learnt_from(tmp_path: Path, folders: tuple[str, str]) -> None:
    learnt, held_out = folders
    two_classes(tmp_path / learnt)
    picture(tmp_path / held_out / "cats" / "x.png", 4)  # the same pixels as cats/4.png to learn from
    picture(tmp_path / held_out / "dogs" / "x.png", 200)
    data = folder_dataset(tmp_path, seed=0)
    assert sorted(data.held_out.images[:, 0, 0, 0].tolist()) == [4, 200]
    assert 4 not in data.train.images[:, 0, 0, 0].tolist()
    assert [vars(file) for file in inspect_folder(tmp_path).skipped] == [
        {
            "file": f"{learnt}/cats/4.png",
            "reason": f"is the same picture as {held_out}/cats/x.png, which must not be learnt from",
        }
    ]


def test_a_class_that_only_validation_has_is_no_class(tmp_path: Path) -> None:
    two_classes(tmp_path / "train")
    picture(tmp_path / "val" / "CATS" / "v.png", 50)
    picture(tmp_path / "val" / "birds" / "v.png", 150)
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 11, "dogs": 10}
    assert [vars(file) for file in content.skipped] == [
        {"file": "val/birds/v.png", "reason": "lies in val/birds/, which is no class of the pictures to learn from"}
    ]
    assert "“CATS” is taken for the class “cats”." in content.notes
    assert "val/ has no picture of dogs." in content.notes


def test_what_no_training_can_use_is_refused_before_it(tmp_path: Path) -> None:
    for number in range(10):
        picture(tmp_path / "singles" / f"class {number}" / "only.png", number)
    with pytest.raises(DatasetError, match="one picture of each class"):
        inspect_folder(tmp_path / "singles")
    two_classes(tmp_path / "measured" / "val")
    two_classes(tmp_path / "measured" / "test")
    for file in (tmp_path / "measured" / "test").rglob("*.png"):
        picture(file, 200 + int(file.stem) + 20 * (file.parent.name == "dogs"))
    with pytest.raises(DatasetError, match="nothing to learn from, only val/, test/; add a folder train/"):
        inspect_folder(tmp_path / "measured")


def test_a_zip_with_a_folder_test_alone_is_read(tmp_path: Path) -> None:
    two_classes(tmp_path / "pets" / "test")
    content = inspect_folder(zipped(tmp_path / "pets", tmp_path / "pets.zip"))
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert "test/ is the only folder of the set, so it is taken for all of it." in content.notes


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
        archive.writestr("cats/bomb.png", bytes(25_010_000))
    found = inspect_folder(path)
    reason = "has 25.1 MB, the limit is 25 MB"
    assert [(file.file, file.reason) for file in found.skipped] == [("cats/bomb.png", reason)]


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
    scan = scan_folder(tmp_path)
    assert (len(scan.candidates), scan.skipped) == (8, [])


def test_a_scan_refuses_what_holds_nothing_to_learn_from(tmp_path: Path) -> None:
    two_classes(tmp_path / "val")
    two_classes(tmp_path / "test")
    with pytest.raises(DatasetError, match="nothing to learn from"):
        scan_folder(tmp_path)


def test_a_refusal_counts_files_and_no_folders(tmp_path: Path) -> None:
    for name in ("a/0.png", "b/1.png", "b/2.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"\(3 files cannot be used, the first: a/0\.png is not a picture"):
        inspect_folder(tmp_path)
    (tmp_path / "a" / "0.png").unlink()
    (tmp_path / "b" / "1.png").unlink()
    with pytest.raises(DatasetError, match=r"\(1 file cannot be used: b/2\.png is not a picture"):
        inspect_folder(tmp_path)


@pytest.mark.parametrize("size", [(440, 280), (441, 280), (281, 440)])
@pytest.mark.parametrize("changes", [{}, {"short_side": 259}, {"short_side": 256}, {"resize": "squash"}])
def test_what_a_network_is_measured_on_is_what_it_would_see_of_the_file(
    tmp_path: Path, changes: dict[str, object], size: tuple[int, int]
) -> None:
    rule = InputRule.from_record({**InputRule().to_record(), **changes})
    fields = np.random.default_rng(4).integers(0, 256, (7, 11, 3), np.uint8)
    photo = Image.fromarray(fields).resize(size, Image.Resampling.NEAREST)
    (tmp_path / "cat").mkdir()
    photo.save(tmp_path / "cat/1.png")
    stored = labelled_pictures("folder", tmp_path, *rule.stored).split.images
    seen, wanted = prepare_as(stored, rule)[0], to_tensor(photo, rule)
    assert float((seen - wanted).abs().max()) * 0.26 * 255 < 1.5  # in steps of a byte
    assert wanted.shape == (3, 227, 227)


def test_more_than_fits_into_memory_is_refused_before_a_picture_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_classes(tmp_path)
    monkeypatch.setattr(folder, "_MOST_BYTES", 3_000_000)
    monkeypatch.setattr(folder, "decode_all", None)
    with pytest.raises(DatasetError, match=r"holds 20 pictures, which need 0\.3 GB at 2,048 × 2,048 pixels; the limit"):
        labelled_pictures("folder", tmp_path, 2048)


def test_which_part_of_a_folder_is_measured_on_is_told(tmp_path: Path) -> None:
    for number, part in enumerate(("train", "test")):
        two_classes(tmp_path / "pets" / part, 2)
        picture(tmp_path / "pets" / part / "cats" / "more.png", 50 + number)
    told = labelled_pictures("folder", tmp_path / "pets").notes
    assert told[0] == "Of pets, the pictures in test/ are measured on, those in train/ are not."
    two_classes(tmp_path / "plain")
    assert labelled_pictures("folder", tmp_path / "plain").notes == ()
