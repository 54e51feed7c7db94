"""One story, told in two languages on two platforms: what people wrote, and what each of them saw.

`python -m tests.transcripts` writes the transcripts anew. Read them before you commit them: they are the claim.
"""
