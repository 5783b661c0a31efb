"""What does the demo show, and how does it run?"""
