"""Two checkpoints, honestly: what is different, where, and whether it matters.

    from alexnet_viz.compare.passes import compare_on
    from alexnet_viz.compare.pictures import compare_pictures

Everything returns plain records; nothing here knows the page.
"""
