"""What requests and answers hold, with examples: shared by the resources, read by the OpenAPI."""
