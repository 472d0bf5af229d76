"""Images in a registry: references, credentials, the distribution API."""
