"""What comes in from other systems, and what goes out through them?"""
