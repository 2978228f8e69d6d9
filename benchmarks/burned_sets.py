"""Strings drawn into pictures as devices draw them, and as a phone sees them on a monitor. Names are made up."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LATIN_FONTS = (
    "DejaVuSans.ttf", "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSerif.ttf", "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf", "LiberationSansNarrow-Bold.ttf",
)  # fmt: skip
LATIN = (
    "SHARMA^RAJESH KUMAR", "Name: LAKSHMI NARAYANAN", "UHID 20231104-55871", "MRN 00412987", "DOB 14/08/1962  M",
    "Ramesh Iyer 54Y/M", "CITY HOSPITAL CHENNAI", "Civil Hospital Mohali", "Acc: CT2311045", "12-Mar-2024 10:42:17",
    "Ph 98450 12345", "Dr. S. Banerjee", "Mrs. Fatima Begum", "ID: P-778213", "KUMARI ANITA DEVI", "Bed 12B Ward 4",
)  # fmt: skip
SCRIPTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Devanagari": (
        ("NotoSansDevanagari-Regular.ttf", "Lohit-Devanagari.ttf"),
        ("राजेश कुमार शर्मा", "अनीता देवी", "नाम: सुरेश यादव"),
    ),
    "Tamil": (("NotoSansTamil-Regular.ttf", "Lohit-Tamil.ttf"), ("லட்சுமி நாராயணன்", "முருகன் செல்வம்")),
    "Bengali": (("NotoSansBengali-Regular.ttf",), ("সুব্রত মুখার্জী", "অনিতা দাস")),
    "Gurmukhi": (("NotoSansGurmukhi-Regular.ttf",), ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ਹਰਜੀਤ ਕੌਰ ਸੰਧੂ")),
    "Telugu": (("NotoSansTelugu-Regular.ttf",), ("వెంకట రమణ రావు", "లక్ష్మీ దేవి")),
    "Kannada": (("NotoSansKannada-Regular.ttf",), ("ಮಂಜುನಾಥ್ ಗೌಡ", "ಸವಿತಾ ಹೆಗ್ಡೆ")),
    "Malayalam": (("NotoSansMalayalam-Regular.ttf",), ("അനിൽ കുമാർ നായർ", "സുജാത മേനോൻ")),
    "Gujarati": (("NotoSansGujarati-Bold.ttf",), ("જયેશભાઈ પટેલ", "હીના શાહ")),
    "Urdu": (("NotoNaskhArabic-Regular.ttf",), ("محمد عرفان خان", "فاطمہ بیگم")),
}
TONES, GROUNDS = ("white", "white", "grey", "faint", "black"), ("air", "dark", "bright")
SIZES = (8, 10, 12, 16, 20, 24, 32)
# Ink that differs from the picture by less shows to nobody.
VISIBLE = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """One string: its script, size in pixels, and where its ink is (rows, columns)."""

    script: str
    size: int
    ink: np.ndarray = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """One picture of the set: `kind` is clean, latin, indic or phone."""

    kind: str
    picture: np.ndarray = field(repr=False)
    strings: tuple[Drawn, ...] = ()


class Fonts:
    """The fonts of the distribution and of the data folder, by file name."""

    def __init__(self, folder: Path) -> None:
        files = [file for root in (folder, Path("/usr/share/fonts")) for file in sorted(root.rglob("*.ttf"))]
        self.files = {file.name: str(file) for file in files}

    def known(self, names: Sequence[str]) -> list[str]:
        """Those of `names` that are there."""
        return [name for name in names if name in self.files]

    def font(self, name: str, size: int) -> ImageFont.FreeTypeFont:
        """One font at one size in pixels."""
        return ImageFont.truetype(self.files[name], size)


def inked(shape: tuple[int, ...], at: tuple[int, int], text: str, font: ImageFont.FreeTypeFont | int) -> np.ndarray:
    """(rows, columns) of 0 to 1: how much of each pixel the string covers; a number as font means plotter strokes."""
    if isinstance(font, int):
        plate = np.zeros(shape[:2], np.uint8)
        base = (at[0], at[1] + font)
        cv2.putText(plate, text, base, cv2.FONT_HERSHEY_SIMPLEX, font / 22, 255, 1 + (font >= 20), cv2.LINE_8)
        return plate / 255.0
    image = Image.new("L", (shape[1], shape[0]))
    ImageDraw.Draw(image).text(at, text, font=font, fill=255)
    return np.asarray(image) / 255.0


class Maker:
    """Makes the set: the same seed gives the same pictures with the same fonts installed."""

    def __init__(self, fonts: Fonts, seed: int, scripts: Sequence[str]) -> None:
        self.fonts, self.random = fonts, random.Random(seed)
        self.latin = fonts.known(LATIN_FONTS)
        self.scripts = [script for script in scripts if fonts.known(SCRIPTS[script][0])]

    def whole(self, bases: dict[str, np.ndarray]) -> list[Made]:
        """The clean pictures, three times as many with Latin strings, as many with Indian ones, half as many phones."""
        made = [Made("clean", base) for base in bases.values()]
        for _ in range(3):
            made += [self.stamped("latin", base, 5) for base in bases.values()]
        made += [self.stamped("indic", base, 4) for base in bases.values()]
        made += [self.phone(self.stamped("phone", base, 5), base) for base in list(bases.values())[::2]]
        return made

    def stamped(self, kind: str, base: np.ndarray, count: int) -> Made:
        """`base` with up to `count` strings that do not touch."""
        picture, strings = base.astype(np.float32), []
        taken = np.zeros(base.shape, bool)
        for _ in range(count):
            drawn = self._string(kind, picture, taken)
            if drawn is not None:
                picture, string = drawn
                strings.append(string)
        result = np.clip(picture, 0, 255).astype(np.uint8)
        if kind != "phone":
            shows = cv2.absdiff(result, base) >= VISIBLE
            strings = [
                Drawn(one.script, one.size, one.ink & shows)
                for one in strings
                if (one.ink & shows).sum() >= 0.5 * one.ink.sum()
            ]
        return Made(kind, result, tuple(strings))

    def _string(self, kind: str, picture: np.ndarray, taken: np.ndarray) -> tuple[np.ndarray, Drawn] | None:
        pick = self.random
        sizes = {"latin": SIZES, "indic": SIZES[1:], "phone": SIZES[2:]}[kind]
        script = pick.choice(self.scripts) if kind == "indic" or (kind == "phone" and pick.random() < 0.2) else "Latin"
        size = pick.choice(sizes)
        tone = "white" if kind == "phone" else pick.choice(TONES)
        text = pick.choice(LATIN if script == "Latin" else SCRIPTS[script][1])
        font: ImageFont.FreeTypeFont | int = size
        if script != "Latin" or pick.random() > 0.2:
            names = self.latin if script == "Latin" else self.fonts.known(SCRIPTS[script][0])
            font = self.fonts.font(pick.choice(names), size)
        probe = np.argwhere(inked((80, 1600), (4, 4), text, font) > 0.3)
        height, width = (int(value) for value in np.ptp(probe, axis=0) + 6)
        if width > picture.shape[1] - 12:
            return None
        for _ in range(12):
            left, top = self._place(picture, width, height, pick.choice(GROUNDS[:2] if kind == "phone" else GROUNDS))
            if not taken[max(0, top - 4) : top + height + 10, max(0, left - 4) : left + width + 10].any():
                break
        else:
            return None
        cover = inked(picture.shape, (left, top), text, font)
        ink = cover > 0.3
        if ink.sum() < 10 or taken[ink].any():
            return None
        colour = self._colour(tone, float(np.median(picture[ink])))
        taken[top : top + height + 8, left : left + width + 8] = True
        return picture * (1 - cover) + colour * cover, Drawn(script, size, ink)

    def _place(self, picture: np.ndarray, width: int, height: int, ground: str) -> tuple[int, int]:
        """The most air-like, dark or bright of sixty places."""
        blurred = cv2.blur(picture, (max(3, width // 3), max(3, height)))
        wanted = {"air": lambda value: value, "dark": lambda value: abs(value - 60), "bright": lambda value: -value}
        places = []
        for _ in range(60):
            left = self.random.randint(2, max(3, picture.shape[1] - width - 3))
            top = self.random.randint(2, max(3, picture.shape[0] - height - 3))
            places.append((wanted[ground](float(blurred[top + height // 2, left + width // 2])), left, top))
        return min(places)[1:]

    @staticmethod
    def _colour(tone: str, ground: float) -> float:
        if tone == "faint":
            return ground + 45 if ground < 180 else ground - 45
        colour = {"white": 255.0, "grey": 200.0 if ground < 100 else 60.0, "black": 0.0}[tone]
        if tone == "black":
            return 255.0 if ground < 60 else 0.0
        return colour if abs(colour - ground) >= 60 else (0.0 if ground > 128 else 255.0)

    def phone(self, made: Made, base: np.ndarray) -> Made:
        """The picture on a monitor's red, green and blue stripes, photographed askew, blurred, noisy, as a JPEG.

        Ink that the photograph of `base` does not lack, because both are overexposed, is not counted.
        """
        rows, columns = made.picture.shape
        corners = np.array(((0, 0), (columns * 3, 0), (columns * 3, rows * 3), (0, rows * 3)), np.float32)
        aim = np.array(((40, 40), (600, 40), (600, 600), (40, 600)), np.float32)
        aim += np.array([[self.random.uniform(-45, 45) for _ in range(2)] for _ in range(4)], np.float32)
        view = cv2.getPerspectiveTransform(corners, aim)
        photo, without = _photographed(made.picture, view), _photographed(base, view)
        shows = cv2.blur(np.abs(photo - without).max(axis=2), (3, 3)) >= VISIBLE
        noise = np.random.default_rng(self.random.randint(0, 9999)).standard_normal(photo.shape) * 4
        coded = io.BytesIO()
        Image.fromarray(np.clip(photo + noise, 0, 255).astype(np.uint8)).save(coded, "JPEG", quality=72)
        strings = []
        for one in made.strings:
            large = cv2.resize(one.ink.astype(np.uint8), (columns * 3, rows * 3), interpolation=cv2.INTER_NEAREST)
            ink = cv2.warpPerspective(large, view, (640, 640), flags=cv2.INTER_NEAREST) > 0
            if ink.sum() > 10 and (ink & shows).sum() >= 0.5 * ink.sum():
                strings.append(Drawn(one.script, one.size, ink))
        return Made("phone", np.asarray(Image.open(coded)), tuple(strings))


def _photographed(picture: np.ndarray, view: np.ndarray) -> np.ndarray:
    """(640, 640, 3) of 0 to 255, without noise."""
    rows, columns = picture.shape
    screen = np.zeros((rows * 3, columns * 3, 3), np.float32)
    grown = cv2.resize(picture, (columns * 3, rows * 3), interpolation=cv2.INTER_NEAREST).astype(np.float32)
    for channel in range(3):
        screen[:, channel::3, channel] = grown[:, channel::3] * 2.2
    screen[2::3] *= 0.45
    photo = cv2.GaussianBlur(cv2.warpPerspective(screen, view, (640, 640), borderValue=(25, 22, 20)), (0, 0), 0.7)
    down, across = np.mgrid[:640, :640]
    shade = 1 - 0.9 * (((across - 288) / 640) ** 2 + ((down - 320) / 640) ** 2)
    return np.clip(photo * shade[..., None] * 1.25, 0, 255)
