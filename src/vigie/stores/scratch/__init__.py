"""What lies on the disk only while somebody works on it: gone when they are done."""
