"""Answers from the store: what there is, why it is believed, what changed, what to do first."""
