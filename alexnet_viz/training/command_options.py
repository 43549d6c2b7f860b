"""Options that several commands share, and what they mean."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a data set: --dataset, --data and --limit."""
    names = "shapes, cifar10, folder or mix; to measure on, cifar10-sample; to look through, gallery"
    parser.add_argument("--dataset", required=True, metavar="D", help=names)
    add_data_options(parser)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add --data and --limit, which go with --dataset."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="where the data are: a folder, or a zip of one; of a mix, its file"
    )
    parser.add_argument("--limit", metavar="K", help="use only so many pictures")


def data_folder(options: argparse.Namespace) -> Path | None:
    """Return where the data of --dataset and --data are."""
    if options.dataset != "cifar10":
        return options.data  # type: ignore[no-any-return]
    from alexnet_viz.training.datasets.cifar10 import data_folder as usual_folder  # torch takes seconds
    from alexnet_viz.training.datasets.cifar10 import download

    folder: Path = options.data or usual_folder()
    if getattr(options, "download", False):
        download(folder)
    return folder


def limit_of(options: argparse.Namespace) -> int:
    """Return the number after --limit, 0 without one; raises RecipeError."""
    from alexnet_viz.training.recipe import Recipe

    return Recipe().with_settings({"limit": options.limit or "0"}).limit


def seed_of(metadata: dict[str, object]) -> int:
    """Return the seed of a checkpoint's training, whose held-out pictures are then the same."""
    seed = metadata.get("seed")
    return seed if isinstance(seed, int) and 0 <= seed < 2**31 else 0
