"""How the platform watches itself: metrics, and traces when somebody collects them."""
