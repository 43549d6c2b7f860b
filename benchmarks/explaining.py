"""What an explanation costs beside its bare passes, how soon a cancelled one frees the engine, what 500 leave behind.

    python -m benchmarks.explaining

Processor time for what is compared, so that other programs hardly change it; the wall's clock for a cancelling, which
somebody waits for. Explanations are of the shipped network on the gallery's cat.
"""

import gc
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial

import psutil
import torch
from torch import Tensor

from alexnet_viz.checkpoints import Checkpoint, best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device, pictures_at_once
from alexnet_viz.explain.attribution import METHODS, Question, attribute, last_maps, load_captum, squares_of
from alexnet_viz.explain.belief import random_rounds
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import Engine, trace
from benchmarks.processor_time import milliseconds_in_turns

TARGET = 3
TURNS = 15
EXPLANATIONS = 500
CANCELLINGS = 12


class CancelledError(Exception):
    """Nobody waits any more."""


def main() -> None:
    checkpoint = load_checkpoint(best_checkpoint().name)
    photo = next(each for each in GALLERY if each.name == "chelsea")
    pixels = trace(checkpoint, read_image(photo.path)).input
    load_captum()
    load = psutil.getloadavg()[0]
    print(f"{describe_device(checkpoint.device)}, {checkpoint.name}; load {load:.1f} before the start\n")
    against_bare_passes(checkpoint, pixels)
    cancelled(checkpoint, pixels)
    left_behind(checkpoint, pixels)


def against_bare_passes(checkpoint: Checkpoint, pixels: Tensor) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model, at_once = checkpoint.model, pictures_at_once(checkpoint.device)

    def bare(pictures: int) -> Callable[[], object]:
        batch = pixels[None].expand(pictures, -1, -1, -1).contiguous().to(checkpoint.device)
        return lambda: model(batch)

    def occlusion() -> Tensor:
        return attribute(model, pixels, Question("occlusion", TARGET)).values

    def bare_occlusion() -> None:
        one, few = bare(1), bare(at_once)
        with torch.no_grad():
            one()
            for _ in range(-(-625 // at_once)):
                few()

    def grad_cam() -> Tensor:
        return attribute(model, pixels, Question("grad-cam", TARGET)).values

    def forward() -> None:
        with torch.no_grad():
            bare(1)()

    passes, map_ = [statistics.median(each) for each in milliseconds_in_turns((forward, grad_cam), TURNS)]
    bound = 3 * passes + 50
    print(f"Grad-CAM {map_:.0f} ms, a forward pass {passes:.0f} ms; at most three of them and 50 ms: {bound:.0f} ms")
    bare_, whole = [statistics.median(each) for each in milliseconds_in_turns((bare_occlusion, occlusion), 3)]
    print(
        f"occlusion {whole / 1000:.1f} s, its 626 bare passes {bare_ / 1000:.1f} s: {whole / bare_:.3f} times (1.2)\n"
    )
    torch.set_num_threads(threads)


def cancelled(checkpoint: Checkpoint, pixels: Tensor) -> None:
    """Print how long after a cancelling the engine is somebody else's."""
    engine = Engine()
    squares = squares_of(checkpoint.model, last_maps(checkpoint.model))
    kinds: dict[str, Callable[[Callable[[], None]], object]] = {
        "curves of random maps": partial(random_rounds, checkpoint.model, pixels, squares)
    }
    for method in ("occlusion", "integrated-gradients", "smoothgrad"):
        kinds[method] = partial(attribute, checkpoint.model, pixels, Question(method, TARGET))
    for name, work in kinds.items():
        waits = sorted(wait_after_cancelling(engine, work, number) for number in range(CANCELLINGS))
        print(
            f"{name}, cancelled: free after {1000 * statistics.median(waits):.0f} ms, at most {1000 * waits[-1]:.0f} ms"
        )
    engine.close()
    print()


def wait_after_cancelling(engine: Engine, work: Callable[[Callable[[], None]], object], number: int) -> float:
    """Return the seconds from a cancelling, somewhere within a pass, until the next one has the engine."""
    gone, begun = threading.Event(), threading.Event()

    def check() -> None:
        begun.set()
        if gone.is_set():
            raise CancelledError

    def run() -> None:
        try:
            engine.in_turns(lambda _pass_on: work(check))
        except CancelledError:
            return

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    gone.wait(0.05 + 0.03 * number)  # nobody sets it yet
    started = time.perf_counter()
    gone.set()
    engine.in_turns(lambda _pass_on: None)
    seconds = time.perf_counter() - started
    thread.join()
    return seconds


def left_behind(checkpoint: Checkpoint, pixels: Tensor) -> None:
    """Print memory, threads and hooks before and after many explanations by all methods."""
    few = [method for method in METHODS if method not in ("occlusion", "integrated-gradients", "smoothgrad")]

    def state() -> tuple[float, int, int]:
        gc.collect()
        hooks = sum(len(each._forward_hooks) + len(each._backward_hooks) for each in checkpoint.model.modules())
        return psutil.Process().memory_info().rss / 1e6, threading.active_count(), hooks

    for number in range(20):
        attribute(checkpoint.model, pixels, Question(few[number % len(few)], TARGET))
    before = state()
    for number in range(EXPLANATIONS):
        attribute(checkpoint.model, pixels, Question(few[number % len(few)], number % 10))
    after = state()
    for name, first, last in zip(("memory in MB", "threads", "hooks"), before, after, strict=True):
        print(f"{name} before and after {EXPLANATIONS} explanations: {first:.0f}, {last:.0f}")


if __name__ == "__main__":
    main()
