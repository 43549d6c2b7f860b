"""Which folders are splits by their names: `train`, `Valid`, `test_set`, `seg_train`, "Training Data", `images-val`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

Use = Literal["train", "val", "test"]

_SPOKEN: dict[str, Use] = {
    **dict.fromkeys(("train", "training", "trainings", "trn", "trainval", "learn", "learning"), "train"),
    **dict.fromkeys(("val", "valid", "validate", "validation", "dev", "devel", "development"), "val"),
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian, Chinese, Japanese, Korean, Turkish, Arabic,
    # Hindi
    **dict.fromkeys(("lern", "entrainement", "apprentissage", "entrenamiento", "addestramento"), "train"),
    **dict.fromkeys(("treino", "treinamento", "trening", "обучение", "обучающая", "训练", "訓練", "学習"), "train"),
    **dict.fromkeys(("validierung", "validierungs", "validacion", "validazione", "validacao", "validatie"), "val"),
    **dict.fromkeys(("walidacja", "валидация", "проверка", "验证", "検証", "검증"), "val"),
    **dict.fromkeys(("훈련", "학습", "トレーニング", "eğitim", "تدريب", "التدريب", "प्रशिक्षण"), "train"),
    **dict.fromkeys(("バリデーション", "doğrulama", "تحقق", "التحقق", "सत्यापन"), "val"),
    **dict.fromkeys(("sınama", "اختبار", "الاختبار", "परीक्षण", "परीक्षा"), "test"),  # noqa: RUF001 - Turkish
    **dict.fromkeys(("essai", "prueba", "pruebas", "prova", "teste", "testes", "тест", "тестовая"), "test"),
    **dict.fromkeys(("测试", "テスト", "評価", "테스트", "시험", "평가"), "test"),
    **dict.fromkeys(
        ("test", "tests", "testing", "tst", "eval", "evaluate", "evaluation", "holdout", "heldout"), "test"
    ),
}
# Too short or too rare to say it alone: the folders must hold the same classes as well.
_WHERE_ALIKE: dict[str, Use] = {
    **dict.fromkeys(("tr", "insample"), "train"),
    **dict.fromkeys(("va", "vl"), "val"),
    **dict.fromkeys(("te", "ts", "outofsample"), "test"),
}
_UNLABELLED = frozenset(("unlabeled", "unlabelled", "unlabeleddata", "unlabelleddata", "nolabel", "nolabels"))
# What stands beside the word and says nothing about the pictures; the first may be classes: clean and dirty.
_KINDS = ("clean", "cleaned", "raw", "new", "final", "all", "full", "small", "mini", "augmented", "cropped", "resized")
_FILLERS = (
    *("set", "sets", "data", "dataset", "datasets", "image", "images", "img", "imgs", "picture", "pictures", "pic"),
    *("pics", "photo", "photos", "sample", "samples", "example", "examples", "file", "files", "folder", "folders"),
    *(
        "dir",
        "split",
        "splits",
        "part",
        "fold",
        "crop",
        "crops",
        "seg",
        "jpg",
        "jpeg",
        "jpegs",
        "png",
        "rgb",
        "my",
        "the",
    ),
    *("daten", "satz", "bilder", "menge", "donnees", "jeu", "datos", "imagenes", "dados", "imagens", "выборка", "集"),
    *("用", "セット", "データ", "画像", "세트", "데이터", "이미지"),
    *_KINDS,
)
# Of folders that lie beside the pictures of a set and say more about each: as much as a split they are no classes.
_MARKS = (
    *("mask", "masks", "label", "labels", "annotation", "annotations", "annot", "annots", "trimap", "trimaps"),
    *("segmentation", "segmentations", "segmentationclass", "segmentationobject", "groundtruth", "gt", "bbox"),
    *("bboxes", "boundingboxes", "masken", "masque", "masques", "mascara", "mascaras", "etiquetas", "etiquettes"),
)
_PARTS = frozenset(("fold", "part", "split", "batch", "chunk", "shard", "subset", "set", "session", "round"))
_SEPARATORS = re.compile(r"[\s_\-.]+|(?<=[a-z])(?=[A-Z])")


def _without_accents(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    # Marks of all kinds, not only those with a combining class: Hindi's vowel signs are none of Python's \w.
    return "".join(letter for letter in plain if not unicodedata.category(letter).startswith("M"))


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(_without_accents, words), key=len, reverse=True))


_WORDS = {_without_accents(word): use for word, use in _SPOKEN.items()}
# The first fillers are possessive: "datasetdataset…" must not be tried as data + set in every combination.
_SPLIT_NAME = re.compile(f"(?:{_any_of(_FILLERS)})*+({_any_of(_WORDS)})(?:{_any_of(_FILLERS)})*+")
_FILLER_NAME = re.compile(f"(?:{_any_of(_FILLERS)})++")
_MARK_NAME = re.compile(f"(?:{_any_of((*_FILLERS, *_MARKS))})++")
_LONGEST = 60  # letters; no split is called longer


def use_of(name: str) -> Use | None:
    """Return what a folder's pictures are for by its name alone, or None."""
    return _use(_letters(name))


def is_filler(name: str) -> bool:
    """Return whether a name says nothing: `images`, "All Data"."""
    return _FILLER_NAME.fullmatch(_letters(name)) is not None


def is_no_thing(name: str) -> bool:
    """Return whether a name says nothing and can be no class beside others: `images`, but not `clean`."""
    return is_filler(name) and _letters(name) not in _KINDS


def is_marks(name: str) -> bool:
    """Return whether a folder holds masks or labels of pictures by its name: `masks`, "Annotations", `label_images`."""
    return _MARK_NAME.fullmatch(_letters(name)) is not None and not is_filler(name)


def are_marks(name: str) -> bool:
    """Return whether a folder beside one of pictures holds their masks or labels: `masks`, "lung masks", "Trout GT"."""
    return is_marks(name) or any(word in _MARKS for word in _words(name)[-1:])


def is_unlabelled(name: str) -> bool:
    """Return whether a name says that its pictures have no class."""
    return _letters(name) in _UNLABELLED or _letters(name).removesuffix("images") in _UNLABELLED


def uses_of(names: Iterable[str]) -> dict[str, Use]:
    """Return the uses of those neighbours that are splits by their names.

    Names that differ only by the split's word are splits too, whatever else they say: `asl_train`, `asl_test`.
    """
    found: dict[str, Use] = {}
    rest: dict[str, tuple[str, Use]] = {}
    for name in names:
        if use := use_of(name):
            found[name] = use
        elif shared := _around_the_word(name):
            rest[name] = shared
    times = Counter(around for around, _ in set(rest.values()))
    return found | {name: use for name, (around, use) in rest.items() if times[around] > 1}


def hinted_use(name: str) -> Use | None:
    """Return what a name may say where its folder holds the same classes as another: `PublicTest`, `test_a`, `te`."""
    shared = _around_the_word(name)
    return use_of(name) or (shared[1] if shared else _WHERE_ALIKE.get(_letters(name)))


def bare_name(name: str) -> str:
    """Return the words that say something, but for a split's: "pets" of `pets`, `validation-pets`, `pets_test_set`."""
    shared = _around_the_word(name)
    words = shared[0].split() if shared else _words(name)
    return " ".join(word for word in words if word != "…" and not is_filler(word))


def may_be_a_class(name: str) -> bool:
    """Return whether a split's word is one for things as well: tickets are valid, a train is no car."""
    return _letters(name) in ("train", "valid", "dev")


def have_an_opposite(names: Iterable[str]) -> bool:
    """Return whether one name denies another, `valid` and `invalid`: then both are what the pictures show."""
    letters = {_letters(name) for name in names}
    return any(f"{no}{word}" in letters for word in letters for no in ("in", "un", "not", "no", "non"))


def class_and_use(name: str) -> tuple[str, Use] | None:
    """Return ("cats", "train") of `train_cats` and `cats-train`; None where no part, or more than one, is a split's."""
    parts = [part for part in _SEPARATORS.split(name) if part]
    uses = [(place, use) for place, part in enumerate(parts) if (use := use_of(part))]
    if len(uses) != 1 or len(parts) < 2:
        return None
    place, use = uses[0]
    return " ".join([*parts[:place], *parts[place + 1 :]]), use


def are_numbered_parts(names: Iterable[str]) -> bool:
    """Return whether names are those of parts of one whole: `fold_1`, `fold_2`."""
    words = same_words(names)
    return bool(_PARTS & set(words))


def are_nameless_parts(names: Iterable[str]) -> bool:
    """Return whether names are those of parts, or say nothing but for their numbers: `images_001`, `images_002`."""
    words = same_words(names)
    return bool(words) and (bool(_PARTS & set(words)) or is_filler(" ".join(words)))


def same_words(names: Iterable[str]) -> tuple[str, ...]:
    """Return the words of names that differ by their numbers alone; none where the names say different things."""
    words = {_words(name) for name in names}
    return words.pop() if len(words) == 1 else ()


def _around_the_word(name: str) -> tuple[str, Use] | None:
    """Return ("asl …", "train") of `asl_train`; None where no word, or more than one, is a split's."""
    words = _words(name)
    split_words = [(place, use) for place, word in enumerate(words) if (use := _use(word))]
    if len(split_words) != 1:
        return None
    place, use = split_words[0]
    return " ".join([*words[:place], "…", *words[place + 1 :]]), use


def _use(letters: str) -> Use | None:
    match = _SPLIT_NAME.fullmatch(letters) if len(letters) <= _LONGEST else None
    return _WORDS[match[1]] if match else None


@lru_cache(maxsize=20_000)  # asked some forty times of each folder
def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters, without numbers: "TrainImages-224x224" is train, images."""
    plain = re.sub(r"\d+x\d+", " ", _without_accents(name[: 4 * _LONGEST]), flags=re.IGNORECASE)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return tuple(word.casefold() for word in re.findall(r"[^\W\d_]+", plain))


def _letters(name: str) -> str:
    return "".join(_words(name))
