"""What a DICOM instance is: its structure, its facts, its pixels. Reads bytes, trusts none of them."""
