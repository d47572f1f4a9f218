"""Types, errors, ids, URLs, text and time: what every room may use. Standard library only."""
