"""Swedish text from figures: numbers, words, status."""
