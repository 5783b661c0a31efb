"""What is said to whom, when, and why not?"""
