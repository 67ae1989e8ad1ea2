"""What people do here: the library of practices as data, and the plan of a breath as a function of shared time.

``practices.library`` reads and checks the practices; ``practices.breath`` says where a breath is at any moment.
Neither knows a journal, a page or a clock.
"""
