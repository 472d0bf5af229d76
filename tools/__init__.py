"""What the repository makes of itself: `make openapi`. None of it is installed with Vigie."""
