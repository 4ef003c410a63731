"""Levers: dated changes, one module each; those on demand are together.

Some are resolved before the run into what holds on each day (demand, routing, capacity, staffing); others are events on
their day (caps, allocation policy).
"""
