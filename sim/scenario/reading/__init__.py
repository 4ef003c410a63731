"""Reading scenario files: YAML, `extends`, overrides, sources, and the loader that puts them together."""
