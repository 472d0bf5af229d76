"""Who is let in, how they prove who they are, and for how long. No web, no database."""
