"""What pixels show of a person: text, faces, codes, a head's surface; where it stands, and how it is taken out.

Pure: arrays and detectors come in as arguments; the networks behind the detectors are loaded by `adapters`.
Source: PS3.15 E.3.1 (Clean Pixel Data) and E.3.2 (Clean Recognizable Visual Features), edition of the table in use.
"""
