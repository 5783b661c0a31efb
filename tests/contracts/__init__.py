"""Does every connector and gateway keep the one contract?"""
