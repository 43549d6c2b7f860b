"""Which folders are classes, which are splits: by hand, as people really zip their pictures."""

import time
from pathlib import PurePosixPath

import pytest

from alexnet_viz.errors import DatasetError
from alexnet_viz.training.datasets.layout import Layout, layout_of


def laid_out(*groups: str, folders: tuple[str, ...] = ()) -> Layout:
    """Return the layout of folders like "train/{cats,dogs}", three pictures in each."""
    paths = []
    for group in groups:
        head, _, rest = group.partition("{")
        names, _, tail = rest.partition("}")
        paths += [head + name + tail for name in names.split(",")] if rest else [group]
    pictures = [PurePosixPath(path) / f"{number}.jpg" for path in paths for number in range(3)]
    return layout_of("pictures.zip", pictures, map(PurePosixPath, folders))


def classes_of(layout: Layout) -> dict[str, str]:
    """Return {use: "class class"}, classes with pictures, in order of their names."""
    found: dict[str, set[str]] = {}
    for folder in layout.classes:
        if folder.pictures:
            found.setdefault(folder.use, set()).add(folder.name)
    return {use: " ".join(sorted(names)) for use, names in found.items()}


TWO = "cats dogs"


@pytest.mark.parametrize(
    ("groups", "classes"),
    [
        (("{cats,dogs}",), {"": TWO}),
        (("pets/{cats,dogs}",), {"": TWO}),
        (("outer/pets/{cats,dogs}", "outer"), {"": TWO}),  # a stray picture beside the folder
        (("pets/{cats,dogs}/images",), {"": TWO}),
        (("{0,1,2}",), {"": "0 1 2"}),
        # splits by their words, in any case, with any separator
        (("train/{cats,dogs}", "test/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("Training/{cats,dogs}", "VALIDATION/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("train_set/{cats,dogs}", "val_set/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("Train Data/{cats,dogs}", "Test Data/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("trainset/{cats,dogs}", "testset/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("TrainImages/{cats,dogs}", "DevImages/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (
            ("training/{cats,dogs}", "validation/{cats,dogs}", "evaluation/{cats,dogs}"),
            {"train": TWO, "val": TWO, "test": TWO},
        ),
        (("images-train-224x224/{cats,dogs}", "images-val-224x224/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("01_train/{cats,dogs}", "02_hold-out/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("asl_alphabet_train/{a,b}", "asl_alphabet_test/{a,b}"), {"train": "a b", "test": "a b"}),
        # one folder too many around or inside them
        (("seg_train/seg_train/{sea,wood}", "seg_test/seg_test/{sea,wood}"), {"train": "sea wood", "test": "sea wood"}),
        (("a/b/train/{cats,dogs}", "a/b/test/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("set/train/images/{cats,dogs}", "set/val/images/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("archive/train/{cats,dogs}", "archive/test/{cats,dogs}", "preview"), {"train": TWO, "test": TWO}),
        # something beside them
        (("train/{cats,dogs}", "valid/{cats,dogs}", "extra/{cats,birds}"), {"train": TWO, "val": TWO}),
        (("train/{cats,dogs}", "valid/{cats,dogs}", "single_prediction"), {"train": TWO, "val": TWO}),
        (("train/{cats,dogs}", "seg_pred"), {"train": TWO}),
        (("train/{nok,ok,unsure}", "test"), {"train": "nok ok unsure"}),
        (("train/{a,b,c}/images", "val/images", "test/images"), {"train": "a b c"}),
        (("{cats,dogs,birds}", "test"), {"": "birds cats dogs"}),
        (("{cats,dogs}", "test/{cats,dogs}"), {"train": TWO, "test": TWO}),
        # the set again inside itself
        (("{cats,dogs}", "pets/{cats,dogs}"), {"": TWO}),
        (("cells/{cats,dogs}", "cells/cells/{cats,dogs}"), {"": TWO}),
        (("train/{a,b}", "val/{a,b}", "set/train/{a,b}", "set/val/{a,b}"), {"train": "a b", "val": "a b"}),
        (("train/{cats,dogs}", "train/train/{cats,dogs}", "val/{cats,dogs}"), {"train": TWO, "val": TWO}),
        # classes first
        (("{cats,dogs}/train", "{cats,dogs}/test"), {"train": TWO, "test": TWO}),
        (("cats/{train,test}", "dogs"), {"train": TWO, "test": "cats"}),
        (("{train_cats,train_dogs,test_cats,test_dogs}",), {"train": TWO, "test": TWO}),
        (("{cats-train,cats-val,dogs-train,dogs-val}",), {"train": TWO, "val": TWO}),
        (("{trainA,trainB,testA,testB}",), {"train": "A B", "test": "A B"}),
        # a set in parts
        (("fold1/{cats,dogs}", "fold2/{cats,dogs}", "fold3/{cats,dogs}"), {"": TWO}),
        (("cv-split-0/{cats,dogs}", "cv-split-1/{cats,dogs}"), {"": TWO}),
        (("class1/{left,right}", "class2/{left,right}"), {"": "class1 class2"}),
        (("part1/{cats,dogs}", "part2/{cats,birds}"), {"": "part1 part2"}),
        # splits in other languages
        (("Trainingsdaten/{Hund,Katze}", "Validierung/{Hund,Katze}"), {"train": "Hund Katze", "val": "Hund Katze"}),
        (("entraînement/{chat,chien}", "validation/{chat,chien}"), {"train": "chat chien", "val": "chat chien"}),
        (("entrenamiento/{gato,perro}", "prueba/{gato,perro}"), {"train": "gato perro", "test": "gato perro"}),
        (("训练集/{a,b}", "测试集/{a,b}"), {"train": "a b", "test": "a b"}),
        (("学習用データ/{a,b}", "テストデータ/{a,b}"), {"train": "a b", "test": "a b"}),
        (("훈련 데이터/{a,b}", "검증/{a,b}", "시험/{a,b}"), {"train": "a b", "val": "a b", "test": "a b"}),
        (("Обучающая выборка/{a,b}", "Тестовая выборка/{a,b}"), {"train": "a b", "test": "a b"}),
        # one split alone is only a folder around the classes
        (("test/{cats,dogs}",), {"": TWO}),
        (("pets/train/{cats,dogs}",), {"": TWO}),
        # nothing to learn from
        (("val/{cats,dogs}", "test/{cats,dogs}"), {"val": TWO, "test": TWO}),
        # classes that merely have such names
        (("{bus,car,train}",), {"": "bus car train"}),
        (("train/{steam,diesel}", "car/{small,big}"), {"": "car train"}),
        (("{control,test}",), {"": "control test"}),
        (("{valid,invalid,unknown}",), {"": "invalid unknown valid"}),
        (("{contest,latest,trains}",), {"": "contest latest trains"}),
        (("{toy_train,toy_car}",), {"": "toy_car toy_train"}),
        (("{blood_test,steam_train}",), {"": "blood_test steam_train"}),
        (("{trainStation,busStation}",), {"": "busStation trainStation"}),
    ],
)  # fmt: skip
def test_classes_and_splits(groups: tuple[str, ...], classes: dict[str, str]) -> None:
    assert classes_of(laid_out(*groups)) == classes


def test_split_folders_are_named_with_their_use() -> None:
    layout = laid_out("set/training_set/{cats,dogs}", "set/test_set/{cats,dogs}")
    assert layout.splits == {"train": [PurePosixPath("set/training_set")], "test": [PurePosixPath("set/test_set")]}


def test_a_split_without_class_folders_is_named() -> None:
    layout = laid_out("train/{a,b}", "val/images", "test")
    assert [str(path) for path in layout.unlabelled] == ["test", "val"]
    assert list(layout.splits) == ["train"]


def test_what_stands_beside_the_set_is_left_out_with_a_reason() -> None:
    layout = laid_out("train/{a,b}", "val/{a,b}", "more")
    assert layout.left_out == {PurePosixPath("more"): "lies beside the folders of the set (train/, val/)"}
    copied = laid_out("{a,b}", "again/{a,b}")
    assert list(copied.left_out) == [PurePosixPath("again")]
    assert "copy of the set" in copied.left_out[PurePosixPath("again")]


def test_empty_class_folders_are_known() -> None:
    layout = laid_out("train/{a,b}", "val/{a,b}", folders=("train/c", "val/c", "train/a"))
    empty = [str(folder.path) for folder in layout.classes if not folder.pictures]
    assert empty == ["train/c", "val/c"]


def test_a_single_split_and_classes_of_classes_are_told() -> None:
    assert laid_out("test/{a,b}").notes == ["test/ is the only folder of the set, so it is taken for all of it."]
    assert laid_out("animals/{cats,dogs}", "plants").notes == [
        "animals/ holds 2 folders: all their pictures are one class."
    ]


def test_classes_of_classes_are_told_beside_a_test_set_too() -> None:
    assert laid_out("train/fish/{ray,shark}", "train/moss", "test/{fish,moss}").notes == [
        "train/fish/ holds 2 folders: all their pictures are one class."
    ]


def test_splits_without_any_class_are_refused() -> None:
    with pytest.raises(DatasetError, match="without class folders; make one folder for each class"):
        laid_out("train", "test")
    with pytest.raises(DatasetError, match=r"test/images/ .*without class folders|without class folders"):
        laid_out("train/images", "test/images")


def test_two_sets_beside_each_other_are_refused() -> None:
    with pytest.raises(DatasetError, match=r"several sets.*fold1/, fold2/.*give one of them"):
        laid_out("fold1/train/{a,b}", "fold1/val/{a,b}", "fold2/train/{a,b}", "fold2/val/{a,b}")


@pytest.mark.slow
def test_many_classes_and_wicked_names_take_no_time() -> None:
    started = time.process_time()
    layout_of("many.zip", [PurePosixPath(f"class {n}/part/{n}.jpg") for n in range(20_000)], [])
    laid_out("dataset" * 200 + "q", "train" * 200, "images" * 5000)
    assert time.process_time() - started < 10  # seconds; the square of 20,000 would be minutes


def test_parts_and_classes_without_a_split_are_told() -> None:
    assert laid_out("fold1/{a,b}", "fold2/{a,b}").notes == [
        "fold1/, fold2/ hold the same folders: taken for parts of one set."
    ]
    assert laid_out("cats/{train,test}", "dogs").notes == [
        "dogs/ has no split, where others have one: all its pictures are learnt from."
    ]
    assert laid_out("cats/{train,test}", "{dogs,owls}").notes == [
        "dogs/ and owls/ have no split, where others have one: all their pictures are learnt from."
    ]
