"""The kinds of columns. Each file has one, or the sizes of one."""
