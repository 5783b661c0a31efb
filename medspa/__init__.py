"""How are the parts wired together? Settings, addresses, processes."""
