"""What load does to practice: work that is cut short, thresholds that rise, customs, what a change of worker costs."""
