"""A shop that is vulnerable on purpose. See the README."""
