"""Made by tools/client.py from docs/api/openapi.json: `make openapi`. Nobody edits it."""
