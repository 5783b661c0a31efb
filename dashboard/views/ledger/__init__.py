"""What became of every message that was due?"""
