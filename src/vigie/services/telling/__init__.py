"""All that stands between what happened and who is told: channels, rules, the outbox, tickets."""
