"""How well the model would have foretold a year that it never saw, beside two forecasts that need no model."""
