"""Two checkpoints: what differs, where, and whether it matters.

    from alexnet_viz.compare.paired_pass import compare_on
    from alexnet_viz.compare.unlabelled import compare_pictures

Everything returns plain records; nothing here knows the page.
"""
