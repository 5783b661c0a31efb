"""Which exports does medspa know, and how is each of their rows understood? One file an export."""
