"""Ticket systems: one piece of work in somebody else's list, never twice."""
