"""How does a file that a practice exported become records? Reading, detecting, mapping, applying (INT-4)."""
