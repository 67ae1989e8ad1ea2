"""Steps from each released schema to the next. A released step is never edited: old databases went through it."""
