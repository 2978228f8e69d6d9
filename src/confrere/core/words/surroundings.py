"""What stands around a place: the words before it, the roads and quarters it ends in."""

import re

from confrere.core.words.tokens import INITIAL, TITLE, UPPER, Tokens
from confrere.core.words.vocabulary import vocabulary

STOPS_LEFT = frozenset(
    "the a an in at from to of for by with was is on and or had has his her our my their this that which who "
    "where then also he she they it patient seen done went came i we "
    "admitted referred treated visited visit shifted scan mri ct usg xray report reports film films old "
    "previous outside name mera mere near via "
    "at. nurse doctor resident consultant professor intern working works worked studying called named hi dear "
    "sir from: hospital: centre: attended attending since till until".split()
)
_ROAD = (
    "road|rd|street|st|nagar|colony|layout|hills|hill|junction|cross|bazaar|bazar|market|chowk|gali|galli|lane|vihar|enclave|extension|extn|town|"
    "village|district|dist|taluk|taluka|tehsil|mandal|marg|path|peth|wadi|society|apartments?|apts?|towers?|fields|lake|beach|bridge|flyover|"
    "highway|garden|gardens|puram|pura|bagh|nagara|palya|mohalla|basti|quarters|cantt|cantonment|camp|estate|circle|main|naka|"
    "phata|stop|bus stand|"
    "railway "
    "station|airport|gaon|halli|sarai|tola|para|khurd|kalan|ganj|kunj|niwas|nivas|bhavan|bhawan|residency|heights|complex|plaza|mall|gate|park|chawl|bypass|ghat|temple|masjid|church|mandir|factory|mill|mills"
)
ROADS = frozenset((*_ROAD.replace("s?", "").split("|"), "apartments", "apts", "towers"))
SMALL_HEADS = frozenset(
    "road junction nagar colony chowk street bazar bazaar village vihar layout flyover highway bridge market".split()
)
CUE = re.compile(
    r"(?i)(?<![A-Za-z])(?:from|hails? from|came from|coming from|native(?: place)?(?: of| is|:)?|resident of|"
    r"residing (?:at|in)|resides? (?:at|in)|r/o|lives? (?:in|at|near)|"
    r"living (?:in|at)|settled (?:in|at)|belongs? to|belonging to|near|village|vill\.?|district|dist\.?|"
    r"distt\.?|taluk\w{0,2}|tehsil|mandal|town of|city of|p\.?o\.?|p\.?s\.?|post office|"
    r"at\.? ?post|gaon|address|addr|place|station|travell?ed (?:to|from)|returned from|back from|shifted (?:to|"
    r"from)|referred (?:to|from)|transferred (?:to|from)|sent (?:to|from)|went to|admitted (?:at|in|to)|"
    r"treated (?:at|in)|"
    r"operated (?:at|in)|done (?:at|in)|taken (?:at|in)|evaluated (?:at|in)|scanned (?:at|in)|seen (?:at|in)|"
    r"born (?:at|in)|in|at|to)[ :\-]{1,3}$"
)
CUE_ENDS = frozenset(
    "from of is at in o near to belonging village vill district dist distt taluk taluka taluks tehsil mandal s "
    "office post "
    "gaon address addr place station".split()
)
"""The last words of the cues; a quick look before the pattern is asked."""
STRONG_CUE = re.compile(
    r"(?i)(?<![A-Za-z])(?:from|hails? from|native(?: place)?(?: of| is|:)?|resident of|residing (?:at|in)|"
    r"resides? (?:at|in)|lives? (?:in|at|near)|living (?:in|at)|settled (?:in|at)|belongs to|village|vill\.?|"
    r"distt?\.?|district|taluk\w{0,2}|tehsil|mandal|at\.? ?post|travell?ed (?:to|from)|address|r/o)[ :\-]{1,3}$"
)
_ROAD_GAP = re.compile(r" {1,2}\Z|\. ?\Z|-\Z")


def regions() -> frozenset[str]:
    """The states and countries of the list."""
    return vocabulary().regions


def ends_in_road(tokens: Tokens, at: int) -> bool:
    """Whether the words from `at` on end in a word for a road or a quarter: Old Airport Road."""
    for following in range(at, min(at + 4, len(tokens.words))):
        if tokens.shapes[following] not in (TITLE, UPPER, INITIAL):
            return following > at and tokens.lowers[following] in SMALL_HEADS
        if tokens.lowers[following] in ROADS:
            return following >= at
        if not _ROAD_GAP.match(tokens.gap(following)):
            return False
    return False
