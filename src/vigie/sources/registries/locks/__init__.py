"""Lock files, renewed by each ecosystem's own tool in a temporary copy."""
