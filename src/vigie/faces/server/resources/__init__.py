"""One module a resource. Each holds a `ROUTER`; it is found here by its place."""
