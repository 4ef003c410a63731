"""Results in words: sentences, phrases for each measure, and how sure they are."""
