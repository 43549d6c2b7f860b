"""What a person is told of a folder that is not as it should be: which part is not used, why, and what to do."""

import os
import shutil
import time
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets.archive import Entry, Listing, opened
from alexnet_viz.training.datasets.folder import folder_dataset, inspect_folder
from alexnet_viz.training.datasets.held_out import held_out_of_each_class
from alexnet_viz.training.datasets.scanning import scan_folder, scan_listing
from tests.training.datasets.test_folder import picture, two_classes


def test_labels_without_an_ending_are_no_pictures(tmp_path: Path) -> None:
    two_classes(tmp_path / "images" / "Images")
    for number in range(4):
        for name in ("cats", "dogs"):
            path = tmp_path / "boxes" / "Annotation" / name / f"n{number}_0"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("<annotation><size/></annotation>")
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 10, "dogs": 10}
    assert {file.reason for file in content.skipped} == {"is no picture, and its name has no ending"}


def test_pictures_without_an_ending_are_taken(tmp_path: Path) -> None:
    for file in list(two_classes(tmp_path).rglob("*.png")):
        file.rename(file.with_suffix(""))
    assert inspect_folder(tmp_path).per_class == {"cats": 10, "dogs": 10}


def test_pictures_that_are_all_in_the_test_set_are_nothing_to_learn_from(tmp_path: Path) -> None:
    two_classes(tmp_path / "train")
    shutil.copytree(tmp_path / "train", tmp_path / "test")
    with pytest.raises(DatasetError, match=r"no picture in train/ can be used; .*train/cats/0.png is the same") as told:
        folder_dataset(tmp_path, 0)
    assert "one picture of each class" not in str(told.value)


def test_no_sentence_has_two_full_stops(tmp_path: Path) -> None:
    two_classes(tmp_path / "pets")
    (tmp_path / "pets" / "cats" / "a.jpg").write_bytes(b"no picture")
    told = inspect_folder(tmp_path / "pets").told("pets")
    assert told[0].startswith("1 file of pets is not used: cats/a.jpg is not a picture")
    assert told[0].endswith(").")
    shutil.rmtree(tmp_path / "pets" / "dogs")
    with pytest.raises(DatasetError, match=r"has one class; make one folder for each.*\(1 file .*\.\)$"):
        inspect_folder(tmp_path / "pets")


def test_a_table_of_classes_is_told_not_to_be_read(tmp_path: Path) -> None:
    for number in range(4):
        picture(tmp_path / "images" / f"{number}.png", number)
    (tmp_path / "train.csv").write_text("file,label\n0.png,cat\n")
    with pytest.raises(DatasetError, match=r"classes are told by folders and not by a table as train\.csv; make one"):
        inspect_folder(tmp_path)


def test_archives_in_the_data_are_told_before_a_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as pack:
        for name in ("sample_submission.csv", "test1.zip", "train.zip"):
            pack.writestr(name, "")
    with pytest.raises(DatasetError, match=r"first: test1\.zip is an archive inside the data; unpack it there") as told:
        inspect_folder(tmp_path / "pets.zip")
    assert "by a table" not in str(told.value)


def test_cifar_10s_own_files_are_known(tmp_path: Path) -> None:
    (tmp_path / "cifar-10-batches-py").mkdir()
    for name in ("batches.meta", "data_batch_1", "test_batch"):
        (tmp_path / "cifar-10-batches-py" / name).write_bytes(b"\x80\x02}q\x01.")
    with pytest.raises(DatasetError, match=r"but CIFAR-10 as it is downloaded; take --dataset cifar10 with this"):
        inspect_folder(tmp_path)


def test_masks_in_the_folder_of_their_pictures_are_told(tmp_path: Path) -> None:
    two_classes(tmp_path)
    for number, name in enumerate(("cats/0_mask.png", "cats/0_mask_1.png", "dogs/1-Mask.png", "dogs/in_mask.png")):
        picture(tmp_path / name, 200 + number)
    content = inspect_folder(tmp_path)
    assert content.per_class == {"cats": 10, "dogs": 11}  # there is no dogs/in.png
    assert [f"{file.file} {file.reason}" for file in content.skipped] == [
        "cats/0_mask.png is the mask of 0.png by its name",
        "cats/0_mask_1.png is the mask of 0.png by its name",
        "dogs/1-Mask.png is the mask of 1.png by its name",
    ]


def test_a_split_by_lists_is_told_not_to_be_read(tmp_path: Path) -> None:
    two_classes(tmp_path / "images")
    (tmp_path / "meta").mkdir()
    for name in ("train.txt", "test.txt", "classes.txt"):
        (tmp_path / "meta" / name).write_text("cats/0\n")
    note = "A split by lists (meta/test.txt) is not read; put the pictures into train/ and test/."
    assert note in inspect_folder(tmp_path).notes
    (tmp_path / "images").rename(tmp_path / "train")
    for number, name in enumerate(("cats", "dogs")):
        picture(tmp_path / "test" / name / "t.png", 200 + number)
    assert note not in inspect_folder(tmp_path).notes


def test_a_test_set_whose_classes_are_others_is_told(tmp_path: Path) -> None:
    two_classes(tmp_path / "train")
    for number, name in enumerate(("1_cat", "2_dog")):
        picture(tmp_path / "test" / name / "t.png", 200 + number)
    content = inspect_folder(tmp_path)
    assert "test/ is left out: it holds no folder of a class of the pictures to learn from." in content.notes
    assert {file.reason for file in content.skipped} == {
        "lies in test/1_cat/, which is no class of the pictures to learn from",
        "lies in test/2_dog/, which is no class of the pictures to learn from",
    }


def test_a_backup_beside_the_set_is_told(tmp_path: Path) -> None:
    two_classes(tmp_path / "data" / "train")
    picture(tmp_path / "data" / "test" / "cats" / "t.png", 200)
    picture(tmp_path / "data" / "test" / "dogs" / "t.png", 201)
    two_classes(tmp_path / "backup" / "train")
    content = inspect_folder(tmp_path)
    reason = "lies outside data/, which brings a split of its own"
    assert content.skipped[0].reason == f"is left out: backup/ {reason}"
    assert f"backup/ is left out: it {reason}." in content.notes


def test_a_class_that_is_left_out_of_the_test_set_is_told(tmp_path: Path) -> None:
    two_classes(tmp_path / "train")
    for number, name in enumerate(("cats", "dogs", "owls", "elks")):
        picture(tmp_path / "test" / name / "t.png", 200 + number)
    told = "test/elks/ and test/owls/ are left out: each is no class of the pictures to learn from."
    assert told in inspect_folder(tmp_path).notes


def test_notes_stay_few_and_short(tmp_path: Path) -> None:
    for number in range(40):
        for inner in ("a", "b"):
            picture(tmp_path / "divided" / f"class {number:02}" / inner / "x.png", number + 100 * (inner == "a"))
        picture(tmp_path / "split" / "train" / f"class {number:02}" / "x.png", number)
    for number in range(2):
        picture(tmp_path / "split" / "val" / f"class {number:02}" / "v.png", 100 + number)
    note, what_to_do = scan_folder(tmp_path / "divided").notes
    assert note.startswith("class 00/, class 01/, class 02/, class 03/ and 36 more hold folders of their own: all")
    assert what_to_do == "If a and b are the classes, put all pictures of each into one folder."
    notes = inspect_folder(tmp_path / "split").notes
    assert notes == ("val/ has no picture of class 02, class 03, class 04, class 05 and 34 more.",)


def test_several_folders_have_no_picture(tmp_path: Path) -> None:
    for offset, name in enumerate(("cat", "dog", "owl")):
        for number in range(8):
            picture(tmp_path / name / "train" / f"{number}.png", 20 * offset + number)
    for offset, name in enumerate(("cat", "dog")):
        picture(tmp_path / name / "val" / "v.png", 200 + offset)
    assert "cat/val/ and dog/val/ have no picture of owl." in inspect_folder(tmp_path).notes


def test_links_to_folders_are_told_as_such(tmp_path: Path) -> None:
    two_classes(tmp_path / "pets")
    (tmp_path / "links").mkdir()
    for name in ("cats", "dogs"):
        (tmp_path / "links" / name).symlink_to(tmp_path / "pets" / name)
    with pytest.raises(DatasetError, match="cats is a link to a folder, and links are not followed; put the folder"):
        inspect_folder(tmp_path / "links")


def test_a_folder_that_may_not_be_read_is_not_called_empty() -> None:
    closed = Entry(PurePosixPath("owls"), "may not be read", bytes)
    pictures = [Entry(PurePosixPath(f"{name}/0.png"), "", bytes) for name in ("cats", "dogs")]
    folders = tuple(PurePosixPath(name) for name in ("birds", "cats", "dogs", "owls"))
    scan = scan_listing("pets", Listing((*pictures, closed), folders))
    assert scan.empty == {PurePosixPath("birds")}


def test_other_archives_are_to_be_unpacked(tmp_path: Path) -> None:
    for name in ("pets.tar.gz", "pets.rar"):
        (tmp_path / name).write_bytes(b"Rar!")
        with pytest.raises(DatasetError, match="is an archive, but no zip; unpack it and give the folder"):
            inspect_folder(tmp_path / name)
    (tmp_path / "zips").mkdir()
    for name in ("cat.zip", "dog.zip"):
        with zipfile.ZipFile(tmp_path / "zips" / name, "w") as archive:
            archive.writestr("1.jpg", b"1")
    with pytest.raises(DatasetError, match=r"first: cat.zip is an archive inside the data; unpack it there"):
        inspect_folder(tmp_path / "zips")


def test_a_folder_that_vanishes_while_it_is_read_is_told(tmp_path: Path) -> None:
    data = two_classes(tmp_path / "pets", 60)
    gone = tmp_path / "gone"

    def check() -> None:
        if data.exists():
            os.rename(data, gone)

    with pytest.raises(DatasetError, match="pets vanished while it was read; put it back"):
        inspect_folder(data, check)


@pytest.mark.parametrize(
    "junk",
    [
        *("lost+found/a.png", "#recycle/a.png", "_MACOSX/a.png", "cats/__pycache__/a.png", "venv/lib/a.png"),
        *("cats/SYNOFILE_THUMB_M.png", "cats/~$a.png"),
    ],
)
def test_what_systems_leave_is_passed_over(tmp_path: Path, junk: str) -> None:
    picture(tmp_path / "cats" / "1.png", 1)
    picture(tmp_path / junk, 2)
    with opened(tmp_path) as listing:
        assert [str(entry.path) for entry in listing.files] == ["cats/1.png"]


def test_very_many_classes_are_divided_at_once() -> None:
    digests = np.random.default_rng(0).integers(0, 2**64, 20_000, dtype=np.uint64)
    classes = np.arange(20_000) % 10_000
    started = time.process_time()
    chosen = held_out_of_each_class(digests, classes, 5)
    assert time.process_time() - started < 1  # a pass over all of them for each class took 5 s
    assert np.bincount(classes[chosen], minlength=10_000).tolist() == [1] * 10_000
