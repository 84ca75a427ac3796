"""Links the references of all reviews: which are the same work, and how far reviews include the same works.

What references and reviews print is listed in `printed_works`, folded in `work_records`, compared in `form_pairs`,
grouped in `work_groups`, named in `work_ids` and made tables in `works`. `overlap` compares reviews by their works.
"""
