"""How do pages say what the domain knows in words of its own? (LOOK.md, Writing)"""
