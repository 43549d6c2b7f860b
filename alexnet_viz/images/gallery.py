"""The pictures that come with the app and who made them: photographs, and drawings for networks trained on shapes."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from alexnet_viz.language import said


@dataclass(frozen=True)
class GalleryPhoto:
    """A picture shipped with the app.

    Attributes:
        name: Its short name, in the URL and on the command line.
        kind: A photograph, or a drawing as `alexnet_viz.training.datasets.shapes` makes them.
        title: A few words for people.
        what: What is to be seen, for who cannot see it.
        path: The JPEG file.
        credit: Who made it.
        licence: Under which terms it may be passed on.
        licence_quote: The words of the source that say so.
        source_url: Where the source has it from, or where the source describes it; of a drawing, the licence's text.
        width: In pixels.
        height: In pixels.
    """

    name: str
    kind: Literal["photograph", "drawing"]
    title: str
    what: str
    path: Path
    credit: str
    licence: str
    licence_quote: str
    source_url: str
    width: int
    height: int


def _load_gallery(folder: Path) -> tuple[GalleryPhoto, ...]:
    records = json.loads((folder / "gallery.json").read_text(encoding="utf-8"))["photos"]
    shown = {field.name for field in fields(GalleryPhoto)} - {"path"}
    for record in records:
        record |= {"title": said(record["title"]), "what": said(record["what"])}
    return tuple(
        GalleryPhoto(path=folder / record["file"], **{key: record[key] for key in shown}) for record in records
    )


GALLERY = _load_gallery(Path(__file__).parents[1] / "gallery")
"""The pictures shipped with the app; the first is the one that the app opens with."""

PHOTOGRAPHS = tuple(photo for photo in GALLERY if photo.kind == "photograph")
"""Those of the gallery that a camera took."""
