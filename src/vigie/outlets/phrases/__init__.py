"""How a result is put into words, the same in every document: labels, order, sentences."""
