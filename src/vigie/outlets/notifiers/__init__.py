"""Notifiers: one module or folder for each kind of receiver, as `vigie.ports.notifiers` says."""
