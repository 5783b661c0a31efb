"""Commands: what an operator or a script calls."""
