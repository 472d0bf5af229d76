"""The platform over HTTP: translates requests into calls of services, and answers back."""
