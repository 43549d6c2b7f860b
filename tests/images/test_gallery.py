"""The photographs shipped with the app, and the right to ship them."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from alexnet_viz.images import GALLERY, GalleryPhoto, read_image

FOLDER = Path(__file__).parents[2] / "alexnet_viz" / "gallery"
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
    assert sum(path.stat().st_size for path in files) <= 1_200_000


@photos
def test_a_photo_is_small_plain_and_as_stated(photo: GalleryPhoto) -> None:
    assert photo.path.stat().st_size <= 200_000
    assert max(photo.width, photo.height) <= 640
    assert read_image(photo.path).size == (photo.width, photo.height)
    with Image.open(photo.path) as image:
        assert image.format == "JPEG"
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@photos
def test_every_statement_is_made(photo: GalleryPhoto) -> None:
    assert photo.licence in ("CC0 1.0", "public domain")
    assert photo.source_url.startswith(("https://", "http://"))
    for text in (photo.title, photo.what, photo.credit, photo.licence_quote):
        assert text
        assert text == text.strip()
    # The words must carry the licence that is stated.
    words = photo.licence_quote.lower()
    assert ("cc0" if photo.licence == "CC0 1.0" else "public domain") in words


@photos
def test_the_licence_is_quoted_from_scikit_image(photo: GalleryPhoto) -> None:
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        pytest.skip("scikit-image is not installed; it is not needed for the app")
    text = (Path(found.origin).parent / "data" / "_fetchers.py").read_text(encoding="utf-8")
    originals = {
        record["name"]: record["original"] for record in json.loads((FOLDER / "gallery.json").read_text())["photos"]
    }
    # The docstring of the function that loads this very file; links lose their markup, as in the quotation.
    function = next(
        part for part in re.split(r"\ndef ", text) if originals[photo.name].removeprefix("skimage/") in part
    )
    plain = " ".join(re.sub(r"\s*<[^>]*>`_*|`", "", function).split())
    assert photo.licence_quote in plain
