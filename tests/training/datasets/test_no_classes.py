"""Folders that stand where classes do and are none: by hand, after sets that many people have."""

import pytest

from alexnet_viz.errors import DatasetError
from tests.training.datasets.test_layout import TWO, classes_of, laid_out

KINDS = "names that do not say what is on them; make one folder for each class"
SAME = "holds the same folders in"


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        # parts without class folders
        (("HAM10000_images_part_{1,2}",), KINDS),
        (("images_{001,002,003}/images",), KINDS),
        (("{batch_1,batch_2}",), KINDS),
        (("train/part_{1,2}", "test/part_{1,2}"), "in test/ and train/ without class folders"),
        # what there is of each picture
        (("images", "annotations/trimaps"), KINDS),
        (("VOCdevkit/VOC2012/{JPEGImages,SegmentationClass,SegmentationObject}",), KINDS),
        (("{images,masks}",), KINDS),
        (("train/{images,masks}", "test/{images,masks}"), "in test/ and train/ without class folders"),
        (("{train_images,train_masks,test_images,test_masks}",), "without class folders"),
        # splits one folder too deep
        (("cars_train/cars_train", "cars_test/cars_test"), "in cars_test/ and cars_train/ without class folders"),
        (("{train,test,extra}",), "in test/ and train/ without class folders"),
        (("{bounding_box_train,bounding_box_test,query}",), "in bounding_box_test/ and bounding_box_train/ without"),
        # domains
        (
            ("amazon/images/{bag,bike,mug}", "dslr/images/{bag,bike,mug}", "webcam/images/{bag,bike,mug}"),
            r"in amazon/, dslr/, webcam/: bag, bike, mug\. If these are the classes, give one of amazon",
        ),
        (
            ("photo/{cat,dog,elk}", "sketch/{cat,dog}", "art/{cat,dog,elk,owl}", "docs"),
            f"{SAME} art/, photo/, sketch/: cat, dog",
        ),
        (("обука/{a,b,c}", "провера/{a,b,c}"), SAME),  # a language the table lacks
        (("обука/{0,1,2}", "провера/{0,1,2}"), SAME),
        (("8863/{0,1}", "8864/{0,1}"), f"{SAME} 8863/, 8864/: 0, 1"),  # patients
        (("original/{cats,dogs}", "augmented/{cats,dogs}"), f"{SAME} augmented/, original/: cats, dogs"),
        # a class, or what is learnt from
        (("train/{old,new}", "bus/{old,new}"), r"in bus/, train/: old, new\."),
    ],
)
def test_what_may_be_no_classes_is_refused_with_what_to_do(groups: tuple[str, ...], words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        laid_out(*groups)


@pytest.mark.parametrize(
    ("groups", "classes"),
    [
        (("{part_1,whole}",), {"": "part_1 whole"}),
        (("{images,drawings}",), {"": "drawings images"}),
        (("{mask,no_mask}",), {"": "mask no_mask"}),
        (("{with_mask,without_mask,mask_worn_wrong}",), {"": "mask_worn_wrong with_mask without_mask"}),
        (("wave/clip_{1,2,3}", "clap/clip_{1,2,3}"), {"": "clap wave"}),
        (("cat/{raw,cropped,resized}", "dog/{raw,cropped,resized}"), {"": "cat dog"}),
        (("cat/{left,right}", "dog/{left,right}"), {"": "cat dog"}),
        (("cat/{00,01,02}", "dog/{00,01,02}"), {"": "cat dog"}),
        (("cat/{2019,2020,2021}", "dog/{2019,2020,2021}"), {"": "cat dog"}),
        (("{fist,palm,point,thumb}/ann", "{fist,palm,point,thumb}/{bob,cem}"), {"": "fist palm point thumb"}),
        (("images/{cats,dogs}", "masks/{cats,dogs}"), {"": TWO}),
        (("train/images/{cats,dogs}", "train/masks/{cats,dogs}", "val/images/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("images/Images/{chihuahua,pug}", "annotations/Annotation/{chihuahua,pug}"), {"": "chihuahua pug"}),
        (("101_Categories/{cats,dogs}", "Annotations/{cats,dogs}"), {"": TWO}),
        # masks beside the pictures of each class, and of the whole set
        (("{ill,well}/{images,masks}",), {"": "ill well"}),
        (
            ("images/{train,val}/cats", "images/{train,val}/dogs", "masks/{train,val}/cats", "masks/{train,val}/dogs"),
            {"train": TWO, "val": TWO},
        ),
        # what says nothing beside the set
        (("Dataset/{0,1,2}", "Examples"), {"": "0 1 2"}),
        (("repo/data/{cats,dogs}", "repo/docs"), {"": TWO}),
        (("images/images/{cats,dogs}", "resized/resized"), {"": TWO}),
        (("animals/animals/{cats,dogs}", "images"), {"": TWO}),
        (("data/resized/{cats,dogs}", "web", "docs"), {"": TWO}),
        (("clean", "dirty/{a,b}"), {"": "clean dirty"}),
        (("raw/{beef,fish}", "cooked"), {"": "cooked raw"}),
        (("animals/{cats,dogs}", "plants/herbs", "images"), {"": "animals images plants"}),
        (("{cats,dogs,val}",), {"": TWO}),
        (("{cats,dogs,val,test}",), {"": TWO}),
        (("{cats,dogs,unlabeled}",), {"": TWO}),
        (("labeled/{cats,dogs}", "unlabeled"), {"": TWO}),
        (("{cats,dogs,train}",), {"": "cats dogs train"}),
        (("{valid,expired,stolen}",), {"": "expired stolen valid"}),
    ],
)
def test_classes_that_look_like_it_are_classes(groups: tuple[str, ...], classes: dict[str, str]) -> None:
    assert classes_of(laid_out(*groups)) == classes


def test_what_a_refusal_names_is_in_the_order_of_the_names() -> None:
    with pytest.raises(DatasetError, match="in art/, real/: cat, elk, owl"):
        laid_out("art/{cat,elk,owl}", "real/{cat,elk,owl}", folders=("art/owl", "art/cat", "art/elk"))


def test_masks_are_no_pictures_of_a_class() -> None:
    layout = laid_out(
        "covid/{images,lung masks}", "normal/{images,lung masks}", "Trout/{Trout,Trout GT}", "pike", "pike/mask"
    )
    assert {folder.name: len(folder.pictures) for folder in layout.classes} == dict.fromkeys(
        ("Trout", "covid", "normal", "pike"), 3
    )
    assert {str(path) for path in layout.left_out} == {
        "Trout/Trout GT", "covid/lung masks", "normal/lung masks", "pike/mask"
    }  # fmt: skip
    assert layout.notes == []  # of two folders in a class one is left


def test_what_may_be_the_classes_inside_is_told() -> None:
    pupils = laid_out("ann/{paper,rock}", "ben/{paper,rock}", "cem/{paper,rock}", "dora/{paper,rock,well}")
    assert classes_of(pupils) == {"": "ann ben cem dora"}
    assert pupils.notes[-1] == "If paper and rock are the classes, put all pictures of each into one folder."
    assert len(laid_out("cat/{2020,2021}", "dog/{2020,2021}").notes) == 1
    assert len(laid_out("cat/{kitten,old}", "dog/{puppy,old}").notes) == 1


def test_very_many_numbered_folders_are_classes() -> None:
    assert len(laid_out(*(f"Fnt/Sample{number:03}" for number in range(1, 63))).classes) == 62


def test_what_is_no_class_beside_the_classes_is_told() -> None:
    layout = laid_out("images/{a,b}", "masks/{a,b}")
    assert {str(path): reason for path, reason in layout.left_out.items()} == {
        "masks": "holds masks or labels by its name, no classes"
    }
    assert [str(path) for path in laid_out("data/{a,b}", "docs").unlabelled] == ["docs"]
    assert [str(path) for path in laid_out("{a,b,val}").unlabelled] == ["val"]


def test_a_class_with_the_name_of_a_split_is_told() -> None:
    assert laid_out("{bus,car,train}").notes == [
        "train/ is taken for a class like those beside it; if it is none, take it out."
    ]
