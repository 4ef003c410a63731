"""The pathway from the front door to court, one module or folder for each stage."""
