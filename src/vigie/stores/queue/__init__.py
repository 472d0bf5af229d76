"""Work handed out by an engine that is already there."""
