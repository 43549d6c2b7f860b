"""The photographs shipped with the app, and the right to ship them."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from alexnet_viz.images import GALLERY, PHOTOGRAPHS, GalleryPhoto, read_image
from alexnet_viz.training.datasets.shapes import unlearnt_drawings

FOLDER = Path(__file__).parents[2] / "alexnet_viz" / "gallery"
ORIGINALS = {
    record["name"]: record["original"]
    for record in json.loads((FOLDER / "gallery.json").read_text(encoding="utf-8"))["photos"]
}
photos = pytest.mark.parametrize("photo", GALLERY, ids=lambda photo: photo.name)


def test_the_first_photo_is_the_cat() -> None:
    assert GALLERY[0].name == "chelsea"


def test_at_least_eight_photos_with_different_names() -> None:
    names = [photo.name for photo in GALLERY]
    assert len(names) >= 8
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+", name) for name in names)  # they stand in the URL


def test_no_file_is_without_its_credit_and_none_is_missing() -> None:
    files = {path for path in FOLDER.iterdir() if path.suffix not in (".json", ".md")}
    assert files == {photo.path for photo in GALLERY}
    assert sum(path.stat().st_size for path in files) <= 1_400_000


@photos
def test_a_photo_is_small_plain_and_as_stated(photo: GalleryPhoto) -> None:
    assert photo.path.stat().st_size <= 200_000
    assert max(photo.width, photo.height) <= 640
    assert read_image(photo.path).size == (photo.width, photo.height)
    with Image.open(photo.path) as image:
        assert image.format == "JPEG"
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("photo", PHOTOGRAPHS, ids=lambda photo: photo.name)
def test_every_statement_is_made(photo: GalleryPhoto) -> None:
    assert photo.licence in ("CC0 1.0", "public domain")
    assert photo.source_url.startswith(("https://", "http://"))
    for text in (photo.title, photo.what, photo.credit, photo.licence_quote):
        assert text
        assert text == text.strip()
    # The words must carry the licence that is stated.
    words = photo.licence_quote.lower()
    assert ("cc0" if photo.licence == "CC0 1.0" else "public domain") in words


def test_drawings_come_last_and_are_those_that_no_training_learns_from() -> None:
    drawings = GALLERY[len(PHOTOGRAPHS) :]
    assert [drawing.name for drawing in drawings] == ["checks", "ring", "star"]
    assert all(drawing.kind == "drawing" for drawing in drawings)
    drawn = unlearnt_drawings(10).images
    for place, drawing in zip((0, 5, 7), drawings, strict=True):
        expected = Image.fromarray(drawn[place].permute(1, 2, 0).numpy()).resize((256, 256), Image.Resampling.BICUBIC)
        # The JPEG's loss, nothing more.
        assert max(ImageStat.Stat(ImageChops.difference(expected, read_image(drawing.path))).mean) < 6


@pytest.mark.parametrize(
    "photo", [each for each in GALLERY if ORIGINALS[each.name].startswith("skimage/")], ids=lambda photo: photo.name
)
def test_the_licence_is_quoted_from_scikit_image(photo: GalleryPhoto) -> None:
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        pytest.skip("scikit-image is not installed; it is not needed for the app")
    text = (Path(found.origin).parent / "data" / "_fetchers.py").read_text(encoding="utf-8")
    # The docstring of the function that loads this very file; links lose their markup, as in the quotation.
    function = next(
        part for part in re.split(r"\ndef ", text) if ORIGINALS[photo.name].removeprefix("skimage/") in part
    )
    plain = " ".join(re.sub(r"\s*<[^>]*>`_*|`", "", function).split())
    assert photo.licence_quote in plain
