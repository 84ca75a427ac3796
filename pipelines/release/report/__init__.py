"""The report of a release: `report.html`, one page that opens without a server or the internet, and its pictures.

The page shows counts and charts, and leads from every mark to the words of the source behind it. It is made from the
finished database alone: SQL in `queries/` computes what is shown, scripts in `static/` show it.
"""
