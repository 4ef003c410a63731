"""What is measured: definitions (`MEASURES`), bands, and the computation from a recording."""
