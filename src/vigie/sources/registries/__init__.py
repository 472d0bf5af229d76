"""Registries of packages, asked through each ecosystem's own client, so that the person's mirrors,
proxies and credentials hold and no address stands here."""
