"""The page "what if": choose a service, move its levers, and read what changes while it is simulated.

`Desk` answers what the page asks, whoever carries the question: `app` does over HTTP for `frontdoor serve`, and a web
worker does inside the page that is one file.
"""
