"""`python -m alexnet_viz COMMAND`: see `alexnet_viz.cli`."""

from alexnet_viz.cli import main

if __name__ == "__main__":
    main()
