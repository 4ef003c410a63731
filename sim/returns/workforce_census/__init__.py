"""The children's social work workforce census: XML, one element a worker."""
