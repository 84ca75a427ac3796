"""Links the references of all reviews: which are the same work, and what their reviews print about it.

Records are folded in `work_records`, compared in `form_pairs`, grouped in `work_groups`, named in `work_ids` and made
tables in `works`. `overlap` says how far reviews include the same works.
"""
