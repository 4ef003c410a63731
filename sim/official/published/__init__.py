"""The published statistics: files, columns, areas, and the figures found in them."""
