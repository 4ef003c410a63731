"""One queueing network in several simulators: textbook SimPy, Ciw, salabim and this product's own parts."""
