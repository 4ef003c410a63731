"""Results: the manifest, the tables, and the folder that holds them."""
