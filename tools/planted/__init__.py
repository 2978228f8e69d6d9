"""A corpus of real DICOM headers with made-up identities planted in them, and the search for what survives.

Source: the identities are invented here; the headers are those of the packages pydicom and pydicom-data.
"""
