"""A council's own returns: read, counted, fitted, and written as a scenario without any child's or worker's details.

`annex_a`, `cin_census` and `workforce_census` read one return each into the records of `sim.returns.records`;
`fitting` finds lengths of time from finished and open spells; `making` writes the scenario and the page of fits.
"""
