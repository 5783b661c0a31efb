"""What does the staff of a practice see?"""
