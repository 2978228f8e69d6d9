"""The closed vocabulary of the rules: any other word refuses the request or the pack."""

from enum import StrEnum


class Actor(StrEnum):
    """Who acts; an `rmp` (registered medical practitioner) also has a register."""

    RMP = "rmp"
    STUDENT = "student"
    OTHER_HCP = "other_hcp"
    INSTITUTION = "institution"
    PR_STAFF = "pr_staff"
    JOURNAL_EDITOR = "journal_editor"
    ORGANISER = "organiser"
    PATIENT = "patient"
    EXTERNAL_RMP = "external_rmp"
    FOREIGN_DOCTOR = "foreign_doctor"


class Action(StrEnum):
    """What is done."""

    POST = "post"
    SHARE = "share"
    DISCUSS = "discuss"
    CONSULT = "consult"
    TEACH = "teach"
    PRESENT = "present"
    PUBLISH = "publish"
    BROADCAST_LIVE = "broadcast_live"
    SOLICIT = "solicit"
    ADVERTISE = "advertise"
    ENDORSE = "endorse"
    REQUEST_TESTIMONIAL = "request_testimonial"
    BUY_REACH = "buy_reach"
    PRESCRIBE = "prescribe"
    REPLY_TO_PATIENT = "reply_to_patient"
    EXPORT = "export"
    WITHDRAW = "withdraw"
    ERASE = "erase"
    NOTIFY_BREACH = "notify_breach"
    SUPPLY_RECORD = "supply_record"


class Content(StrEnum):
    """What it is done with."""

    SCAN_IMAGE = "scan_image"
    CLINICAL_PHOTO = "clinical_photo"
    PROCEDURE_VIDEO = "procedure_video"
    RESULT_IMAGE = "result_image"
    TREATMENT_DISCUSSION = "treatment_discussion"
    PRESCRIPTION = "prescription"
    TESTIMONIAL = "testimonial"
    HEALTH_INFORMATION = "health_information"
    ANNOUNCEMENT = "announcement"
    SELF_PROFILE = "self_profile"
    RECORD = "record"
    COLLEAGUE_COMMENT = "colleague_comment"
    PRODUCT_CLAIM = "product_claim"


class Destination(StrEnum):
    """Where it goes; the `closed_` ones are Confrere itself."""

    PUBLIC_SOCIAL = "public_social"
    MESSAGING_GROUP = "messaging_group"
    MESSAGING_1TO1 = "messaging_1to1"
    FILE_HOST = "file_host"
    OWN_WEBPAGE = "own_webpage"
    INSTITUTION_WEBPAGE = "institution_webpage"
    CLOSED_INSTITUTIONAL = "closed_institutional"
    CLOSED_CLASS = "closed_class"
    CLOSED_FEDERATED = "closed_federated"
    CONFERENCE_ROOM = "conference_room"
    CONFERENCE_ONLINE = "conference_online"
    JOURNAL = "journal"
    LAY_PRESS = "lay_press"
    BROADCAST_MEDIA = "broadcast_media"
    THIRD_PARTY_SERVICE = "third_party_service"
    PUBLIC_DATASET = "public_dataset"


class Identity(StrEnum):
    """How far the patient can be recognised; `none` where no patient content is concerned."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    CODED = "coded"
    ANONYMOUS = "anonymous"
    NONE = "none"


class Purpose(StrEnum):
    """What a consent was given for."""

    CARE = "care"
    TEACHING = "teaching"
    PUBLICATION = "publication"
    SOCIAL = "social"
    RESEARCH = "research"


class ConsentForm(StrEnum):
    """How a consent was given."""

    WRITTEN = "written"
    VERBAL = "verbal"
    NONE = "none"


class ConsentGiver(StrEnum):
    """Who gave it."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    NEXT_OF_KIN = "next_of_kin"


class Flag(StrEnum):
    """What else is true of the request."""

    URGENT = "urgent"
    VIEW_ONCE = "view_once"
    FACTUAL_VERIFIABLE = "factual_verifiable"
    PROMOTIONAL = "promotional"
    HAS_CONTACT_OR_BOOKING = "has_contact_or_booking"
    WITHIN_EXPERTISE = "within_expertise"
    MINOR = "minor"
    DECEASED = "deceased"
    HIV = "hiv"
    MENTAL_HEALTH = "mental_health"
    SEXUAL_OFFENCE_VICTIM = "sexual_offence_victim"
    FETAL_SEX_VISIBLE = "fetal_sex_visible"
    LIVE = "live"
    SPONSORED = "sponsored"
    OWN_PAGE_LINK = "own_page_link"
    SELF_MADE_PUBLIC = "self_made_public"
    SELF_IS_PATIENT = "self_is_patient"
    FOR_RMP = "for_rmp"
    OUTSIDER_IN_GROUP = "outsider_in_group"
    RESEARCH = "research"
    IEC = "iec"
    # The three exceptions of imc-2002 7.14.
    COURT_ORDER = "court_order"
    SERIOUS_RISK = "serious_risk"
    NOTIFIABLE_DISEASE = "notifiable_disease"
    # Found by the reader of texts, or said by the person who asks.
    AADHAAR_NUMBER = "aadhaar_number"


class DecisionValue(StrEnum):
    """What a rule, a pack or all of them say; `strictness` orders them."""

    FORBID = "forbid"
    WARN = "warn"
    PERMIT_WITH_OBLIGATION = "permit_with_obligation"
    PERMIT = "permit"
    SILENT = "silent"

    @property
    def strictness(self) -> int:
        """Higher is stricter; silent is 0."""
        return len(DecisionValue) - 1 - list(DecisionValue).index(self)


class Obligation(StrEnum):
    """What a permission asks for; the order here is the order of every answer."""

    CONSENT_W = "CONSENT_W"
    CONSENT_PUB = "CONSENT_PUB"
    GUARD = "GUARD"
    DEID = "DEID"
    AUD_RMP = "AUD_RMP"
    CARE = "CARE"
    RECORD = "RECORD"
    VIEW1 = "VIEW1"
    NOREDIST = "NOREDIST"
    CITE = "CITE"
    REGNO = "REGNO"
    DISCLOSE = "DISCLOSE"
    NOSOLICIT = "NOSOLICIT"
    PEER = "PEER"
    IEC = "IEC"
    NOTICE = "NOTICE"
    WITHDRAW = "WITHDRAW"
    LOG = "LOG"
    SEC = "SEC"
    REDIRECT = "REDIRECT"
    PERMIT = "PERMIT"
    REVIEW = "REVIEW"


class Alternative(StrEnum):
    """What can be done instead of what is forbidden, or to mend it; the order here is that of every answer."""

    CLOSED_CONSULT = "closed_consult"
    CLOSED_CLASS = "closed_class"
    CASE_REPORT = "case_report"
    DEIDENTIFY = "deidentify"
    OBTAIN_CONSENT = "obtain_consent"
    MASK = "mask"
    REMOVE_PROMOTION = "remove_promotion"
    CITE_SOURCE = "cite_source"
    REDIRECT = "redirect"
    TAKE_DOWN = "take_down"
    NONE = "none"


class Strength(StrEnum):
    """Whether the wording binds or advises."""

    HARD = "hard"
    ADVISORY = "advisory"


class Evidence(StrEnum):
    """How the clause is known: seen, second hand, general knowledge, or our inference."""

    VERIFIED = "V"
    SECONDARY = "S"
    GENERAL = "G"
    INFERRED = "I"


class Status(StrEnum):
    """Where a pack's instrument stands."""

    IN_FORCE = "in_force"
    PHASED = "phased"
    DRAFT = "draft"
    ABEYANCE = "abeyance"
    ADVISORY = "advisory"
    NOT_IN_FORCE = "not_in_force"


class PackKind(StrEnum):
    """`law` can bind now; `policy` is kept by choice; `foreign` counts only where nothing else is asked."""

    LAW = "law"
    POLICY = "policy"
    FOREIGN = "foreign"
