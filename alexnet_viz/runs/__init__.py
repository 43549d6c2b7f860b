"""The run folder: what was asked for, its state, what it measured. No torch, so that polling is cheap."""

from alexnet_viz.runs.folder import (
    CheckpointFile,
    Run,
    create_run,
    delete_run,
    find_run,
    find_run_checkpoint,
    free_name,
    list_runs,
    runs_folder,
)
from alexnet_viz.runs.metrics import MetricsReader, MetricsWriter, read_metrics
from alexnet_viz.runs.process import Process, find_process, this_process
from alexnet_viz.runs.status import Status, read_status, write_status

__all__ = [
    "CheckpointFile",
    "MetricsReader",
    "MetricsWriter",
    "Process",
    "Run",
    "Status",
    "create_run",
    "delete_run",
    "find_process",
    "find_run",
    "find_run_checkpoint",
    "free_name",
    "list_runs",
    "read_metrics",
    "read_status",
    "runs_folder",
    "this_process",
    "write_status",
]
