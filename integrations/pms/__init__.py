"""Which systems does medspa understand? One translator a file."""
