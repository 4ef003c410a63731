"""Official statistics: the files that the Department for Education publishes, and scenarios made from them."""
