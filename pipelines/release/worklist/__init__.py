"""Worklists: samples of a release that people read against the cited works, and the error rates of what they find.

`citations` draws sentences that cite a reference, `sheets` writes them as CSV and as a page to print, and `verdicts`
reads the CSV again and counts.
"""
