"""The asset graph, one module a layer. Assets are thin: each calls one function and says what it made."""
