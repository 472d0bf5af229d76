"""A tenant's findings by column, in this process's memory: what lists are counted and sorted from.

A list with three filters, a search and facets asks each finding of the tenant a few small
questions. A row store answers them by walking rows; here they are comparisons of whole columns.
The database stays the truth: columns are read from it, renewed when it has changed (by asset,
`remembering.state_of`), and give ids, whose rows are read from it in the same transaction.
"""
