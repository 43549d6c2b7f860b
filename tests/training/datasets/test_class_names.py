import unicodedata

import pytest

from alexnet_viz.training.datasets.class_names import name_classes


def test_folders_that_are_written_alike_are_one_class_and_told() -> None:
    decomposed = unicodedata.normalize("NFD", "Bär")
    naming = name_classes(["cat", "cat ", "Bär", decomposed, "dog"], [])
    assert naming.names == {
        (True, "cat"): "cat",
        (True, "cat "): "cat",
        (True, "Bär"): "Bär",
        (True, decomposed): "Bär",
        (True, "dog"): "dog",
    }
    assert len(naming.notes) == 2
    assert any("“cat” and “cat ” are written alike" in note for note in naming.notes)
    assert any("Bär" in note and "letters and accents apart" in note for note in naming.notes)


def test_names_that_a_person_may_read_as_one_stay_two_and_are_asked_about() -> None:
    naming = name_classes(["Cat", "cat", "stop sign", "stop_sign", "dog"], [])
    assert len(set(naming.names.values())) == 5
    assert [note.split(" are ")[0] for note in naming.notes] == ["Cat and cat", "stop sign and stop_sign"]


def test_control_letters_are_spelt_out_so_that_no_two_classes_become_one() -> None:
    naming = name_classes(["a\x01", "a\x02", "b\nc"], [])
    assert set(naming.names.values()) == {"a\\x01", "a\\x02", "b\\nc"}
    assert [note.split(";")[0] for note in naming.notes] == ["a\\x01 and a\\x02 are 2 classes"]


@pytest.mark.parametrize("name", ["क्‍ष", "می‌خواهم", "👩‍🔬"])
def test_joiners_are_letters_of_their_languages(name: str) -> None:
    assert name_classes([name], []).names[True, name] == unicodedata.normalize("NFC", name)


def test_names_with_the_same_first_hundred_letters_stay_apart() -> None:
    head, tail = "x" * 100, "y" * 60
    long = [head, head + "1", head + "a" + tail, head + "b" + tail, head + "c" + tail]
    names = list(name_classes(long, []).names.values())
    assert len(set(names)) == 5
    assert max(map(len, names)) == 100


def test_a_folder_to_measure_on_is_the_class_that_is_written_like_it() -> None:
    naming = name_classes(["Cat", "Dog", "stop sign"], ["cat", "Dog", "Stop_Sign"])
    assert [naming.names[False, folder] for folder in ("cat", "Dog", "Stop_Sign")] == ["Cat", "Dog", "stop sign"]
    assert naming.notes == [
        "“Stop_Sign” is taken for the class “stop sign”.",
        "“cat” is taken for the class “Cat”.",
    ]


def test_many_folders_that_are_written_otherwise_are_one_note() -> None:
    naming = name_classes([f"class {n}" for n in range(30)], [f"Class {n}" for n in range(30)])
    assert naming.notes == [
        "“Class 0” is taken for the class “class 0”. 29 more folders are taken for classes in this way."
    ]


def test_a_class_of_the_validation_alone_is_none() -> None:
    naming = name_classes(["Cat", "cat", "dog"], ["CAT", "images"])
    assert naming.refusals == {
        (False, "CAT"): "could be any of the classes Cat, cat",
        (False, "images"): "is no class of the pictures to learn from",
    }
