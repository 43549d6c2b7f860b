"""A given split is kept, whatever it is called and wherever it lies: by hand, after sets that many people have."""

import pytest

from tests.training.datasets.test_layout import TWO, classes_of, laid_out

RPS = "paper rock scissors"
THREE = "cat dog owl"


@pytest.mark.parametrize(
    ("groups", "classes"),
    [
        # what is learnt from has no name of its own
        (
            (
                "rps/rps/{rock,paper,scissors}",
                "rps-test-set/rps-test-set/{rock,paper,scissors}",
                "rps-validation-set/validation",
            ),
            {"train": RPS, "test": RPS},
        ),
        (("pets/{cats,dogs}", "validation-pets/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("pets/{cats,dogs}", "pets-test-set/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("data/{cats,dogs}", "val/{cats,dogs}", "test/{cats,dogs}"), {"train": TWO, "val": TWO, "test": TWO}),
        (("images/{cats,dogs}", "test/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (("dataset/{cats,dogs}", "validation/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("x/img/{cats,dogs}", "x/val/{cats,dogs}"), {"train": TWO, "val": TWO}),
        (("images/{cat,dog,owl}", "test/{cat,dog}"), {"train": THREE, "test": "cat dog"}),
        (("fold{1,2,3}/cat", "fold{1,2,3}/dog", "test/{cat,dog}"), {"train": "cat dog", "test": "cat dog"}),
        (
            ("train/fold{1,2,3}/cat", "train/fold{1,2,3}/dog", "train/fold{1,2,3}/owl", "test/{cat,dog,owl}"),
            {"train": THREE, "test": THREE},
        ),
        # the undivided set beside the divided one
        (
            (
                "data/raw/{cats,dogs}",
                "data/raw/{cats,dogs}/more",
                "data/split/{train,test}/cats",
                "data/split/{train,test}/dogs",
            ),
            {"train": TWO, "test": TWO},
        ),
        (
            ("{cats,dogs}/a", "{cats,dogs}/b", "split/{train,test}/cats", "split/{train,test}/dogs"),
            {"train": TWO, "test": TWO},
        ),
        (("backup/train/{cats,dogs}", "data/{train,test}/cats", "data/{train,test}/dogs"), {"train": TWO, "test": TWO}),
        # the set and, beside it, pictures without classes
        (
            (
                "simpsons_dataset/{abe,bart,lisa}",
                "simpsons_dataset/simpsons_dataset/{abe,bart,lisa}",
                "kaggle_simpson_testset/kaggle_simpson_testset",
            ),
            {"": "abe bart lisa"},
        ),
        (("images/{cats,dogs}", "test"), {"": TWO}),
        (
            ("asl_alphabet_train/asl_alphabet_train/{A,B}", "asl_alphabet_test/asl_alphabet_test"),
            {"train": "A B"},
        ),
        # a part of the split elsewhere
        (("set/train/{cats,dogs}", "set/val/{cats,dogs}", "test/{cats,dogs}"), {"train": TWO, "val": TWO, "test": TWO}),
        # several sets to test on
        (
            ("Training/{cats,dogs}", "PublicTest/{cats,dogs}", "PrivateTest/{cats,dogs}"),
            {"train": TWO, "test": TWO},
        ),
        (("train/{cats,dogs}", "test_a/{cats,dogs}", "test_b/{cats,dogs}"), {"train": TWO, "test": TWO}),
        (
            ("images/TRAIN/{EOS,NEU}", "images/TEST/{EOS,NEU}", "images/TEST_SIMPLE/{EOS,NEU}"),
            {"train": "EOS NEU", "test": "EOS NEU"},
        ),
        (("flowers_train/{cats,dogs}", "flowers_test_public/{cats,dogs}"), {"train": TWO, "test": TWO}),
        # the split in the classes, or in their names
        (("{cat_train,dog_train,cat_test}",), {"train": "cat dog", "test": "cat"}),
        (
            ("cat/images/{train,val,test}", "dog/images/{train,val,test}"),
            {"train": "cat dog", "val": "cat dog", "test": "cat dog"},
        ),
        # words of further languages, and such as need the same classes
        (("トレーニング/{a,b,c}", "テスト/{a,b,c}"), {"train": "a b c", "test": "a b c"}),
        (("eğitim/{a,b,c}", "doğrulama/{a,b,c}", "test/{a,b,c}"), {"train": "a b c", "val": "a b c", "test": "a b c"}),
        (("تدريب/{a,b,c}", "اختبار/{a,b,c}"), {"train": "a b c", "test": "a b c"}),
        (("प्रशिक्षण/{a,b,c}", "परीक्षण/{a,b,c}"), {"train": "a b c", "test": "a b c"}),
        (("tr/{a,b,c}", "te/{a,b,c}", "va/{a,b,c}"), {"train": "a b c", "val": "a b c", "test": "a b c"}),
        (("in_sample/{a,b,c}", "out_of_sample/{a,b,c}"), {"train": "a b c", "test": "a b c"}),
        # classes that merely have such names
        (("valid/{old,new}", "invalid/{old,new}"), {"": "invalid valid"}),
        (("{tr,te,va}",), {"": "te tr va"}),
        (("test/{blood,urine}", "drug/{pill,drop}"), {"": "drug test"}),
        (("cats/{young,old}", "dogs/{young,old}", "train"), {"": "cats dogs train"}),
        (("cat/{left,right}", "steam_train/{left,right}", "toy_train/{left,right}"), {"": "cat steam_train toy_train"}),
        (
            ("animals/{cats,dogs}", "misc/train/{x,y}", "misc/test/{x,y}", "plants", "stones", "more"),
            {"": "animals misc more plants stones"},
        ),
    ],
)
def test_a_given_split_is_kept(groups: tuple[str, ...], classes: dict[str, str]) -> None:
    assert classes_of(laid_out(*groups)) == classes


def test_what_is_learnt_from_for_what_it_holds_is_told() -> None:
    assert laid_out("data/{a,b}", "val/{a,b}", "test/{a,b}").notes == [
        "data/ is learnt from: it holds the same folders as test/ and val/."
    ]
    assert laid_out("fold{1,2}/a", "fold{1,2}/b", "test/{a,b}").notes == [
        "fold1/ and fold2/ are learnt from: they hold the same folders as test/."
    ]


def test_what_lies_outside_the_set_is_left_out_with_a_reason() -> None:
    layout = laid_out("backup/train/{a,b}", "set/data/{train,test}/a", "set/data/{train,test}/b", "set/test/test")
    assert {str(path): reason for path, reason in layout.left_out.items()} == {
        "backup": "lies outside set/data/, which brings a split of its own"
    }
    assert [str(path) for path in layout.unlabelled] == ["set/test"]


def test_pictures_to_test_on_without_classes_are_named() -> None:
    assert [str(path) for path in laid_out("simpsons/{abe,bart}", "kaggle_testset").unlabelled] == ["kaggle_testset"]
