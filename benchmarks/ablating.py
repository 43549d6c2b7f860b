"""How long an altered network takes: the tail behind each block, and eight channels of a stage, each off alone.

python -m benchmarks.ablating

Processor time of one thread, which other programs hardly change; the clock beside it says what they do change.
"""

from statistics import median

import psutil
import torch

from alexnet_viz.checkpoints import best_checkpoint, load_checkpoint
from alexnet_viz.device import describe_device
from alexnet_viz.explain.ablation import Change, altered_stages, costs
from alexnet_viz.images import GALLERY, read_image
from alexnet_viz.inference import trace
from benchmarks.processor_time import times_in_turns

STAGES = ("block1.relu", "block2.relu", "block3.relu", "block4.relu", "block5.relu", "fc1", "fc2")
TURNS = 9
AT_ONCE = 8  # channels, as a browser is told of them


def main() -> None:
    checkpoint = load_checkpoint(best_checkpoint().name)
    image = read_image(GALLERY[0].path)
    seen = trace(checkpoint, image)
    torch.set_num_threads(1)
    print(
        f"{describe_device(checkpoint.device)}, {checkpoint.name}; load {psutil.getloadavg()[0]:.1f} before the start\n"
    )
    print("| | channels | processor, ms | clock, ms | eight off alone, processor, ms |")
    print("|---|--:|--:|--:|--:|")
    model, stages = checkpoint.model, seen.stages
    for name in ("", *STAGES):
        change, channels = [Change(name, 1, 0.0)], range(AT_ONCE)
        if name:
            ways = [lambda: altered_stages(model, stages, change), lambda: costs(model, stages, name, channels)]  # noqa: B023 (called at once)
        else:
            ways = [lambda: trace(checkpoint, image)]
        times = times_in_turns(ways, TURNS, 1)
        one, *eight = [median(each.processor for each in own) for own in times]
        clock = median(each.clock for each in times[0])
        count = len(stages[name]) if name else ""
        print(
            f"| {name or 'the whole pass'} | {count} | {one:.1f} | {clock:.1f} | {f'{eight[0]:.0f}' if eight else ''} |"
        )
    print(f"\nload {psutil.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
