"""What each noun's list can be asked: one module a noun."""
