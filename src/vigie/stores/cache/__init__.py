"""What may be lost: cached answers, counters of rate limits, and word that something changed."""
