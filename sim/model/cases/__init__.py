"""Cases: a sibling group, its stays in the stages, and what every stage does with them."""
