import os
import zipfile
from pathlib import Path

import pytest

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets.archive import opened


def contents(data: Path) -> dict[str, bytes]:
    with opened(data) as listing:
        return {str(entry.path): entry.read() for entry in listing.files if not entry.refusal}


def test_a_zip_is_opened_once_however_many_files_it_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(300):
            archive.writestr(f"a/{number}", str(number))
    times = 0
    read_list = zipfile.ZipFile._RealGetContents

    def counted(archive: zipfile.ZipFile) -> None:
        nonlocal times
        times += 1
        read_list(archive)

    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", counted)
    assert contents(path) == {f"a/{number}": str(number).encode() for number in range(300)}
    assert times == 1


def test_names_in_utf8_are_read_without_the_flag_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Bär/été.jpg", b"1")
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the flags of the file and of the list
        place = raw.index(signature) + offset
        assert raw[place + 1] & 0x08
        raw[place + 1] &= ~0x08
    path.write_bytes(raw)
    assert contents(path) == {"Bär/été.jpg": b"1"}


def test_names_in_code_page_437_stay(tmp_path: Path) -> None:
    path = tmp_path / "dos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Bxr/1.jpg", b"1")
    path.write_bytes(path.read_bytes().replace(b"Bxr", b"B\x84r"))  # ä in code page 437
    assert contents(path) == {"Bär/1.jpg": b"1"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_files_of_one_name_the_last_counts_and_the_others_are_told(tmp_path: Path) -> None:
    path = tmp_path / "again.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(6):
            archive.writestr("a/1.jpg", str(number))
    assert contents(path) == {"a/1.jpg": b"5"}
    with opened(path) as listing:
        refusals = [entry.refusal for entry in listing.files if entry.refusal]
    assert refusals == ["stands in the archive again further on; unzipping leaves only the last of that name"] * 5


def test_empty_folders_are_listed_but_junk_is_not(tmp_path: Path) -> None:
    path = tmp_path / "folders.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a/b/", "__MACOSX/", ".git/", "@eaDir/", "c\\"):
            archive.writestr(name, b"")
        archive.writestr("a/1.jpg", b"1")
    with opened(path) as listing:
        assert [str(folder) for folder in listing.folders] == ["a/b", "c"]
    (tmp_path / "f" / "empty").mkdir(parents=True)
    with opened(tmp_path / "f") as listing:
        assert [str(folder) for folder in listing.folders] == ["empty"]


def test_files_in_very_many_folders_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/" * 20_000 + "1.jpg", b"1")
        archive.writestr("a/" * 40 + "1.jpg", b"1")
    with opened(path) as listing:
        refusals = [entry.refusal for entry in listing.files]
    assert sorted(refusals) == ["", "lies in more than 40 folders"]


def test_a_list_of_files_that_is_far_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(400):
            archive.writestr(zipfile.ZipInfo(f"{number:03}" + "x" * 50_000), b"")
    assert path.stat().st_size > 40_000_000
    with pytest.raises(DatasetError, match="can be opened"), opened(path):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0)
    with opened(tmp_path) as listing:
        assert [(str(entry.path), entry.refusal) for entry in listing.files] == [
            ("a", "may not be read by this program; change its permissions")
        ]
