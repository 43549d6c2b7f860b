"""A model file of one's own on the page: opened, refused in a sentence, or diverged and shown as it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from safetensors.torch import save_file
from torch import Tensor

from alexnet_viz.model import AlexNet
from tests.browser.checkpoint_menu import choose, choose_file, picked
from tests.browser.explore import inspector, open_explore, sentence, tool, wait_for_maps, wall

NewPage = Callable[..., Page]
SILENT = 5  # of the 96 channels of block 1


def article_weights(classes: int = 10) -> dict[str, Tensor]:
    """A state dict of the article's class in half precision: small random filters, fc layers of zeros and one bias."""
    generator = torch.Generator().manual_seed(11)
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in AlexNet(classes, 3).state_dict().items()}
    weights = {name: torch.zeros(shape, dtype=torch.float16) for name, shape in shapes.items()}
    for name, tensor in weights.items():
        if "conv_layer.weight" in name:
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * (2 / tensor[0].numel()) ** 0.5)
    weights["block1.conv_layer.weight"][:SILENT] = 0
    weights["block1.conv_layer.bias"][:SILENT] = -1
    weights["block4.conv_layer.weight"][:] = 0
    weights["block4.conv_layer.bias"][:] = -1  # and so all of block 4 is silent
    weights["classification_layer.bias"][3] = 2  # the cat, whatever is shown
    return weights


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "my-network.pt"
    torch.save(article_weights(), path)
    return path


@pytest.fixture(scope="module")
def diverged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    weights = article_weights()
    weights["block2.conv_layer.weight"][7] = float("nan")
    path = tmp_path_factory.mktemp("models") / "diverged.safetensors"
    save_file(weights, path)
    return path


@pytest.fixture(scope="module")
def torchvision(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in AlexNet(10, 3, "torchvision").state_dict().items()}
    generator = torch.Generator().manual_seed(12)
    weights = {name: torch.zeros(shape, dtype=torch.float16) for name, shape in shapes.items()}
    weights["block1.conv_layer.weight"].copy_(torch.randn(64, 3, 11, 11, generator=generator) * 0.05)
    path = tmp_path_factory.mktemp("models") / "torchvision.safetensors"
    save_file(weights, path)
    return path


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "thousand.safetensors"
    save_file(article_weights(1000), path)
    return path


def open_file(page: Page, path: Path) -> None:
    choose_file(page, path)


def expect_opened(page: Page, name: str) -> None:
    # Two hundred megabytes go over the wire and are checked and loaded.
    expect(picked(page)).to_have_text(name, timeout=60_000)
    expect(page.get_by_text("out of date, computing")).to_be_hidden(timeout=60_000)
    wait_for_maps(page)


def test_a_file_is_sent_for_the_browsers_own_session(new_page: NewPage, tmp_path: Path) -> None:
    """With it the file goes; each visitor has one of their own, which lasts through a change of page."""
    path = tmp_path / "notes.pt"
    path.write_bytes(b"Buy milk.\n" * 50)

    def session(page: Page) -> str:
        with page.expect_request("**/api/checkpoints?*") as sending:
            open_file(page, path)
        expect(page.get_by_text("notes.pt is not a model file")).to_be_visible()
        return parse_qs(urlsplit(sending.value.url).query)["session"][0]

    first, second = (open_explore(new_page()) for _ in range(2))
    anns = session(first)
    first.get_by_role("link", name="Architecture").click()
    first.get_by_role("link", name="Explore").click()
    wait_for_maps(first)
    assert len(anns) >= 32
    assert session(first) == anns
    assert session(second) != anns


def test_a_state_dict_of_the_articles_class(page: Page, article: Path) -> None:
    open_explore(page)
    open_file(page, article)
    expect_opened(page, "my-network.pt")
    expect(sentence(page)).to_have_text(f"96 of 96 channels. {SILENT} are silent on this photo.")
    # Softmax of nine zeros and a two: e² / (e² + 9) = 45.1 %, the others 6.1 %.
    first = page.locator(".prediction-bars .bar").first
    expect(first).to_have_text(re.compile(r"cat\s*45 %"))
    expect(page.get_by_role("button", name="Prediction top 5 of 10")).to_be_visible()
    choose(page, "untrained")
    wait_for_maps(page)
    expect(sentence(page)).to_have_text("96 of 96 channels. None is silent on this photo.")
    choose(page, "my-network.pt")
    wait_for_maps(page)
    expect(first).to_have_text(re.compile(r"cat\s*45 %"))
    tool(page, "Save").click()
    with page.expect_download() as saving:
        page.get_by_role("group", name="Save").get_by_role("button", name="Arrays of this stage").click()
    with np.load(saving.value.path()) as arrays:
        assert str(arrays["checkpoint"]) == "my-network.pt"
        assert (arrays["block1.relu"][:SILENT] == 0).all()


def test_where_all_is_silent_the_page_says_so(page: Page, article: Path) -> None:
    open_explore(page, "checkpoint=untrained&stage=block4.relu")
    open_file(page, article)
    expect_opened(page, "my-network.pt")
    expect(sentence(page)).to_have_text("384 of 384 channels. All are silent on this photo.")
    expect(inspector(page)).to_contain_text("zeros100 %")
    page.keyboard.press("x")
    expect(page.get_by_text("All 384 channels are silent on this photo, and silent ones are hidden.")).to_be_visible()
    tool(page, "Show silent channels").click()
    expect(wall(page)).to_have_attribute("aria-label", "Block 4, ReLU: 384 of 384 channels")


def test_another_variant_has_its_own_stages(page: Page, torchvision: Path) -> None:
    open_explore(page, "checkpoint=untrained&stage=block1.norm&channel=90")
    open_file(page, torchvision)
    expect_opened(page, "torchvision.safetensors")
    # torchvision's has no LRN and 64 channels in block 1, of 55: (224 + 2 × 2 − 11) / 4 + 1.
    expect(page.get_by_role("heading", name="Block 1 64 × 55 × 55")).to_be_visible()
    expect(tool(page, "LRN")).to_have_count(0)
    expect(page.get_by_role("gridcell")).to_have_text(re.compile("^channel .* of 64,"))
    expect(inspector(page).get_by_role("img", name="as the network sees it, 224 × 224 pixels")).to_be_visible()
    page.keyboard.press("6")
    expect(page.get_by_role("heading", name="fc1 4096 units")).to_be_visible()
    expect(tool(page, "ReLU")).to_have_attribute("aria-pressed", "true")


def test_a_network_that_is_not_a_number_is_shown_and_said(page: Page, diverged: Path) -> None:
    open_explore(page, "checkpoint=untrained&stage=block2.conv")
    open_file(page, diverged)
    expect_opened(page, "diverged.safetensors")
    expect(sentence(page)).to_contain_text("crossed ones are not finite")
    expect(wall(page)).to_have_attribute("aria-label", "Block 2, convolution: 256 of 256 channels")
    # The cross of channel 7, the eighth tile of the first row, is drawn in the colour of what is bad.
    bad = page.locator(".microscope").evaluate("root => getComputedStyle(root).getPropertyValue('--bad')")
    wanted = [int(bad.strip()[i : i + 2], 16) for i in (1, 3, 5)]
    near = """(canvas, [wanted, left, right]) => {
      const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, 40);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) {
        const x = (i / 4) % width;
        if (x > left && x < right && Math.hypot(...wanted.map((value, c) => value - data[i + c])) < 60) found += 1;
      }
      return found;
    }"""
    pitch = (page.locator("canvas.wall-base").evaluate("canvas => canvas.width") - 12 - 27) / 19
    for channel, is_crossed in ((6, False), (7, True), (8, False)):
        area = [wanted, 6 + channel * pitch, 6 + channel * pitch + 27]
        assert (page.locator("canvas.wall-base").evaluate(near, area) > 20) == is_crossed, channel
    page.keyboard.press("8")
    expect(page.get_by_role("group", name="All 10 classes")).to_contain_text("not a number")
    page.keyboard.press("3")
    expect(sentence(page)).to_contain_text("crossed ones are not finite")
    expect(inspector(page)).to_be_visible()


def test_a_thousand_classes_are_cells_and_the_top_ten(page: Page, thousand: Path) -> None:
    open_explore(page, "checkpoint=untrained&stage=logits")
    open_file(page, thousand)
    expect_opened(page, "thousand.safetensors")
    expect(page.get_by_role("heading", name="Prediction 1000 classes")).to_be_visible()
    expect(wall(page)).to_have_attribute("aria-label", "logits: 1000 of 1000 units")
    # 25 rows of 40, of 11 by 18 pixels.
    assert page.locator("canvas.cells").evaluate("canvas => [canvas.width, canvas.height]") == [40 * 11, 25 * 18]
    best = page.locator(".unit-list").get_by_role("button")
    expect(best).to_have_count(10)
    # e² / (e² + 999) = 0.73 %, and 1 / (e² + 999) = 0.099 % for every other
    expect(best.first).to_have_text(re.compile(r"class 3\s*0\.7 %"))
    expect(best.last).to_have_text(re.compile(r"class \d+\s*0\.1 %"))
    expect(page.locator(".prediction-bars .bar").first).to_have_text(re.compile(r"class 3\s*0\.7 %"))
    find = page.get_by_role("combobox", name="class", exact=True)
    expect(find).to_have_value("class 3")
    find.fill("class 77")
    find.press("Enter")
    expect(inspector(page).get_by_role("heading", name="class 77", exact=False)).to_be_visible()
    expect(find).to_have_value("class 77")


HOSTILE = [
    ("notes.pt", b"Buy milk.\n" * 100, "notes.pt is not a model file"),
    ("empty.safetensors", b"", "empty.safetensors is empty"),
    ("picture.pt", b"\x89PNG\r\n\x1a\n" + bytes(200), "picture.pt is not a model file"),
    (
        "huge-header.safetensors",
        (2**40).to_bytes(8, "little") + b"{" + bytes(99),
        "huge-header.safetensors is not a model",
    ),
    (
        "other.safetensors",
        b"",
        "other.safetensors holds weight; AlexNet has five convolutions and three fully connected",
    ),
]


def small_safetensors() -> bytes:
    header = json.dumps({"weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(16)


def test_what_is_no_model_is_refused_in_one_sentence(page: Page, tmp_path: Path) -> None:
    open_explore(page)
    box = page.get_by_role("region", name="Feature maps").get_by_role("alert")
    for name, content, words in HOSTILE:
        path = tmp_path / name
        path.write_bytes(small_safetensors() if name == "other.safetensors" else content)
        open_file(page, path)
        expect(box).to_contain_text(words)
        expect(picked(page)).to_have_text("untrained")
        expect(wall(page)).to_have_attribute("aria-label", "Block 1, ReLU: 96 of 96 channels")


def test_a_pickle_that_would_run_code_is_not_run(page: Page, tmp_path: Path) -> None:
    trace = tmp_path / "it-ran"

    class Bomb:
        def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
            return Path.touch, (trace,)

    path = tmp_path / "bomb.pt"
    torch.save({"classification_layer.weight": Bomb()}, path)
    open_explore(page)
    open_file(page, path)
    expect(page.get_by_role("region", name="Feature maps").get_by_role("alert")).to_contain_text("bomb.pt")
    assert not trace.exists()
