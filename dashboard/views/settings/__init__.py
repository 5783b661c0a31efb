"""How does a manager change what the practice has chosen? One page a file."""
