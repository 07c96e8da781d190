"""Raw BGP archives in MRT format, straight into columns, and what of them most full feeds see.

Everything that a record says of itself is doubted: each read is held against the end of what
holds it, and a record that does not fit is counted, named by its offset, and left out whole.
"""
