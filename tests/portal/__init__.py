"""What happens behind the links of messages?"""
