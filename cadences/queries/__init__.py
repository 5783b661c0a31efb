"""What can be asked about a cadence library?"""
