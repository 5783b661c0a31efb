"""What can be done to a practice and its people?"""
