"""The words every room shares: outcomes, reasons, and the two families of error.

Source: the vocabulary of docs/reference/glossary.md.
"""

from confrere.core.terms.errors import Broken, ConfrereError, Held, Refused
from confrere.core.terms.outcomes import Outcome
from confrere.core.terms.reasons import REASONS, Reason, reason

__all__ = ["REASONS", "Broken", "ConfrereError", "Held", "Outcome", "Reason", "Refused", "reason"]
