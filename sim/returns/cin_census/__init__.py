"""The children in need census: XML, one element a child."""
