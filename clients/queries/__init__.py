"""What can be asked about clients?"""
