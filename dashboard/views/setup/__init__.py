"""What comes before messages leave?"""
