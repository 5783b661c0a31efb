"""What did clients answer?"""
