"""Front Door from a checkout: `python cli.py` does what the installed command `frontdoor` does."""

from sim.cli import main

if __name__ == "__main__":
    main()
