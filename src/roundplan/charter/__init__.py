"""The charter: what is kept of it, and what each rule costs."""
