"""The words of the project as immutable values, one noun a file; imports nothing of ours."""
