"""Running replications: options, tasks, and the executors that perform them."""
