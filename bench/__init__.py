"""How fast is medspa, as ratios measured in one run? (DESIGN.md 9)"""
