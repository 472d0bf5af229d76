"""What readings and events mean: whom they concern, when, and which of them belong together."""
