"""What the formats for programs share: streaming, times, places and a few sentences."""
