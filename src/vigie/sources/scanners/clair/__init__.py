"""What it takes to have a Clair server look at an image: its API, its tokens, its layers."""
