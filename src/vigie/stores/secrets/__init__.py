"""Where secrets lie: one module for each backend, found by its place."""
