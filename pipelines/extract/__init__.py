"""From a `Document` to what is printed in it: verbatim, nothing interpreted, every row with its span."""
