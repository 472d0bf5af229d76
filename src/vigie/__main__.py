"""`python -m vigie`."""

from vigie.faces.cli.main import main

if __name__ == "__main__":
    main()
