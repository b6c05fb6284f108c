"""Illustrated scenes: a sunrise, a breakfast table, a meadow, a desk, a product on a stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sestina.render.sheet import Point, Sheet, Tone

U8 = npt.NDArray[np.uint8]


def sunrise(rng: np.random.Generator, width: int, height: int) -> U8:
    """A sun behind hills in morning mist, firs on the nearest one."""
    sheet = Sheet(width, height, (74, 88, 148), (255, 214, 160))
    sheet.glow((0.03, 0.02), 0.62, (255, 196, 128), 0.75)
    sheet.ellipse((0.03, 0.0), (0.075, 0.075), (255, 246, 214), to=(255, 226, 160))
    for x, y in ((-0.2, -0.27), (0.14, -0.33), (0.02, -0.2)):
        _cloud(sheet, (x, y), (255, 216, 190), 0.5)
    tones: tuple[tuple[Tone, Tone], ...] = (
        ((196, 150, 160), (232, 186, 160)), ((140, 112, 146), (204, 156, 152)), ((84, 82, 124), (138, 112, 136)),
        ((40, 52, 88), (64, 66, 98)),
    )  # fmt: skip
    line: list[Point] = []
    for number, (tone, to) in enumerate(tones):
        line = sheet.ridge(rng, 0.07 + 0.105 * number, 0.022 + 0.004 * number, tone, to)
    for x, y in line[3::7]:
        _fir(sheet, (x, y + 0.01), float(rng.uniform(0.04, 0.085)), (28, 38, 68))
    return sheet.finished(rng)


def _cloud(sheet: Sheet, at: Point, tone: Tone, alpha: float) -> None:
    for dx, dy, rx in ((-0.06, 0.006, 0.05), (0.0, -0.006, 0.07), (0.07, 0.006, 0.05)):
        sheet.ellipse((at[0] + dx, at[1] + dy), (rx, 0.016), tone, alpha=alpha, blur=0.006)


def _fir(sheet: Sheet, foot: Point, tall: float, tone: Tone) -> None:
    for share in (0.0, 0.26, 0.52):
        y, half = foot[1] - tall * share, tall * 0.25 * (1 - 0.55 * share)
        sheet.polygon([(foot[0] - half, y), (foot[0] + half, y), (foot[0], y - tall * 0.5)], tone)


def table(rng: np.random.Generator, width: int, height: int) -> U8:
    """A cup that steams on a table by a window, a plant and books beside it."""
    sheet = Sheet(width, height, (248, 226, 200), (240, 204, 172))
    _window(sheet, (-0.25, -0.19))
    sheet.polygon([(0.06, -0.2), (0.32, -0.27), (0.42, 0.1), (0.16, 0.16)], (255, 246, 220), alpha=0.55, blur=0.012)
    sheet.block((0.0, 0.4), (2.0, 0.36), (178, 116, 78), to=(132, 80, 54))
    sheet.block((0.0, 0.227), (2.0, 0.014), (204, 144, 100))
    for y in (0.30, 0.37, 0.45):
        sheet.line([(-1.0, y), (1.0, y + 0.004)], 0.002, (120, 72, 48), alpha=0.4)
    _books(sheet, (0.33, 0.225))
    _plant(sheet, rng, (-0.28, 0.25), (214, 110, 84))
    _cup(sheet, (0.03, 0.27), 0.115)
    return sheet.finished(rng)


def _window(sheet: Sheet, at: Point) -> None:
    sheet.block(at, (0.27, 0.36), (255, 250, 240), radius=0.012)
    for sx in (-1, 1):
        for sy in (-1, 1):
            pane = (at[0] + sx * 0.063, at[1] + sy * 0.085)
            sheet.block(pane, (0.112, 0.156), (150, 200, 226), to=(220, 236, 230), radius=0.004)
    sheet.ellipse((at[0] + 0.07, at[1] + 0.13), (0.05, 0.03), (150, 190, 150), alpha=0.8, blur=0.004)
    sheet.block((at[0], at[1] + 0.19), (0.31, 0.022), (236, 220, 200), radius=0.006)


def _books(sheet: Sheet, foot: Point) -> None:
    tones: tuple[Tone, ...] = ((70, 110, 130), (226, 164, 92), (190, 84, 74))
    sheet.ellipse((foot[0], foot[1] + 0.03), (0.12, 0.014), (70, 40, 26), alpha=0.4, blur=0.008)
    for number, tone in enumerate(tones):
        y = foot[1] + 0.012 - 0.034 * number
        sheet.block((foot[0] + 0.006 * (-1) ** number, y), (0.2 - 0.02 * number, 0.032), tone, radius=0.005)
        sheet.block((foot[0] - 0.06, y), (0.01, 0.032), (250, 240, 220), alpha=0.8)


def _plant(sheet: Sheet, rng: np.random.Generator, foot: Point, pot: Tone) -> None:
    sheet.ellipse((foot[0], foot[1] + 0.012), (0.075, 0.014), (70, 40, 26), alpha=0.4, blur=0.008)
    for number in range(9):
        lean = -60 + 15 * number
        reach = 0.10 + 0.02 * float(rng.random())
        turn = np.radians(lean - 90)
        tip = (foot[0] + reach * float(np.cos(turn)), foot[1] - 0.09 + reach * float(np.sin(turn)))
        shade = 0.8 + 0.3 * float(rng.random())
        tone = (int(66 * shade), int(132 * shade), int(88 * shade))
        middle = ((foot[0] + tip[0]) / 2, (foot[1] - 0.09 + tip[1]) / 2)
        sheet.ellipse(middle, (reach * 0.55, 0.02), tone, angle=lean - 90)
    y = foot[1]
    sheet.polygon([(foot[0] - 0.055, y - 0.1), (foot[0] + 0.055, y - 0.1), (foot[0] + 0.042, y + 0.008),
                   (foot[0] - 0.042, y + 0.008)], pot, to=(168, 76, 58))  # fmt: skip
    sheet.block((foot[0], y - 0.097), (0.122, 0.02), (228, 130, 100), radius=0.006)


def _cup(sheet: Sheet, at: Point, size: float) -> None:
    """A cup on a saucer, `size` its half width, its foot at `at`, with steam."""
    x, y = at
    sheet.ellipse((x + 0.01, y + 0.04), (size * 1.6, 0.024), (60, 34, 24), alpha=0.45, blur=0.01)
    sheet.ellipse((x, y + 0.022), (size * 1.45, 0.026), (250, 244, 234), to=(214, 200, 188))
    sheet.ellipse((x, y + 0.017), (size * 0.9, 0.013), (206, 190, 178))
    sheet.ellipse((x + size * 1.08, y - size * 0.72), (size * 0.42, size * 0.42), (240, 232, 220))
    sheet.ellipse((x + size * 1.08, y - size * 0.72), (size * 0.25, size * 0.25), (236, 200, 170))
    body = [(x - size, y - size * 1.25), (x + size, y - size * 1.25), (x + size * 0.86, y - size * 0.35),
            (x + size * 0.5, y + 0.016), (x - size * 0.5, y + 0.016), (x - size * 0.86, y - size * 0.35)]  # fmt: skip
    sheet.polygon(body, (255, 250, 242), to=(226, 212, 198))
    sheet.polygon([(x - size * 0.97, y - size * 0.95), (x + size * 0.97, y - size * 0.95),
                   (x + size * 0.93, y - size * 0.72), (x - size * 0.93, y - size * 0.72)], (222, 96, 76))  # fmt: skip
    sheet.ellipse((x, y - size * 1.25), (size, size * 0.2), (255, 252, 246))
    sheet.ellipse((x, y - size * 1.24), (size * 0.88, size * 0.155), (118, 70, 44), to=(88, 48, 30))
    for dx, lean in ((-0.035, 0.014), (0.012, -0.016), (0.05, 0.012)):
        wisp = [(x + dx + lean * float(np.sin(3 * t)), y - size * 1.4 - 0.17 * t) for t in np.linspace(0, 1, 14)]
        sheet.line(wisp, 0.016, (255, 255, 255), alpha=0.5, blur=0.008)


def meadow(rng: np.random.Generator, width: int, height: int) -> U8:
    """A bright morning: clouds, far hills, round trees, a path."""
    sheet = Sheet(width, height, (116, 186, 226), (226, 242, 232))
    sheet.glow((0.22, -0.34), 0.4, (255, 248, 214), 0.6)
    for x, y in ((-0.3, -0.34), (0.12, -0.27), (0.45, -0.36), (-0.05, -0.18)):
        _cloud(sheet, (x, y), (255, 255, 255), 0.9)
    sheet.ridge(rng, -0.02, 0.03, (146, 186, 190), (170, 206, 190))
    sheet.ridge(rng, 0.06, 0.02, (110, 170, 138), (140, 190, 140))
    for number in range(13):
        x = -0.75 + 0.125 * number + float(rng.uniform(-0.03, 0.03))
        _tree(sheet, rng, (x, 0.13), float(rng.uniform(0.05, 0.1)))
    sheet.ridge(rng, 0.15, 0.008, (136, 190, 106), (92, 156, 84))
    sheet.polygon([(-1.2, 0.27), (1.2, 0.265), (1.2, 0.33), (-1.2, 0.335)], (232, 208, 160), to=(214, 184, 136))
    for _ in range(60):
        x, y = float(rng.uniform(-0.8, 0.8)), float(rng.uniform(0.36, 0.5))
        bloom: Tone = ((250, 240, 200), (244, 170, 120), (240, 120, 130))[int(rng.integers(3))]
        sheet.ellipse((x, y), (0.006, 0.006), bloom)
    return sheet.finished(rng)


def _tree(sheet: Sheet, rng: np.random.Generator, foot: Point, size: float) -> None:
    shade = float(rng.uniform(0.85, 1.1))
    sheet.block((foot[0], foot[1]), (size * 0.16, size * 1.2), (112, 84, 62))
    for dx, dy, r in ((0.0, -1.0, 0.62), (-0.4, -0.72, 0.46), (0.42, -0.7, 0.44)):
        tone = (int(78 * shade), int(146 * shade), int(98 * shade))
        sheet.ellipse((foot[0] + dx * size, foot[1] + dy * size), (r * size, r * size), tone, to=(60, 120, 84))


def grasses(rng: np.random.Generator, width: int, height: int) -> U8:
    """Near layer: blades of grass and flowers along the lower border, RGBA."""
    sheet = Sheet(width, height, (0, 0, 0), (0, 0, 0))
    cover = Sheet(width, height, (0, 0, 0), (0, 0, 0))
    half = width / height / 2
    for _ in range(150):
        x, tall = float(rng.uniform(-half, half)), float(rng.uniform(0.03, 0.13))
        lean = float(rng.uniform(-0.03, 0.03))
        blade = [(x - 0.007, 0.51), (x + 0.007, 0.51), (x + lean, 0.47 - tall)]
        shade = float(rng.uniform(0.7, 1.15))
        sheet.polygon(blade, (int(52 * shade), int(112 * shade), int(62 * shade)), to=(30, 74, 48))
        cover.polygon(blade, (255, 255, 255))
        if tall > 0.115:
            sheet.ellipse(blade[2], (0.011, 0.011), (246, 190, 96))
            cover.ellipse(blade[2], (0.011, 0.011), (255, 255, 255))
    alpha = cover.picture[..., :1]
    colour = sheet.picture / np.maximum(alpha / 255, 1e-3)
    return np.asarray(np.clip(np.concatenate([colour, alpha], axis=2), 0, 255), np.uint8)


def desk(rng: np.random.Generator, width: int, height: int) -> U8:
    """An open notebook under a warm lamp on a dark wall."""
    sheet = Sheet(width, height, (36, 58, 74), (52, 78, 90))
    sheet.block((0.0, 0.42), (2.0, 0.36), (150, 98, 70), to=(104, 62, 46))
    sheet.polygon([(-0.16, -0.09), (-0.06, -0.12), (0.3, 0.36), (-0.3, 0.36)], (255, 214, 140), alpha=0.22, blur=0.02)
    sheet.glow((-0.1, -0.06), 0.4, (255, 196, 116), 0.45)
    _frame(sheet, (0.15, -0.24))
    sheet.line([(-0.2, 0.25), (-0.23, -0.03), (-0.14, -0.2)], 0.012, (232, 186, 84))
    sheet.ellipse((-0.2, 0.255), (0.06, 0.014), (200, 150, 60))
    sheet.polygon([(-0.19, -0.2), (-0.1, -0.235), (-0.03, -0.13), (-0.19, -0.075)], (244, 200, 96), to=(226, 160, 64))
    sheet.ellipse((-0.11, -0.1), (0.05, 0.024), (255, 248, 214), angle=-19)
    sheet.ellipse((0.02, 0.34), (0.25, 0.03), (50, 28, 22), alpha=0.5, blur=0.012)
    for side in (-1, 1):
        page = [(0.02, 0.235), (0.02 + side * 0.19, 0.222), (0.02 + side * 0.225, 0.33), (0.02, 0.348)]
        sheet.polygon(page, (255, 250, 236), to=(238, 226, 206))
        for row in range(5):
            y = 0.25 + 0.018 * row
            ink: Tone = (226, 110, 84) if side < 0 and row == 1 else (178, 176, 178)
            sheet.line([(0.02 + side * 0.03, y + 0.002), (0.02 + side * (0.17 + 0.006 * row), y)], 0.004, ink)
    sheet.line([(0.15, 0.36), (0.26, 0.27)], 0.011, (60, 110, 150))
    _plant(sheet, rng, (0.22, 0.235), (236, 214, 190))
    return sheet.finished(rng)


def _frame(sheet: Sheet, at: Point) -> None:
    sheet.block((at[0] + 0.008, at[1] + 0.01), (0.19, 0.23), (10, 20, 26), alpha=0.5, blur=0.008)
    sheet.block(at, (0.19, 0.23), (238, 226, 206))
    sheet.block(at, (0.155, 0.195), (244, 190, 150), to=(226, 130, 110))
    sheet.ellipse((at[0], at[1] + 0.02), (0.04, 0.04), (255, 236, 200))


def stand(rng: np.random.Generator, width: int, height: int) -> U8:
    """A round lamp on a stand, as shops show their goods."""
    sheet = Sheet(width, height, (250, 206, 190), (240, 160, 150))
    sheet.ellipse((0.0, -0.05), (0.25, 0.25), (252, 224, 206))
    sheet.glow((0.0, 0.0), 0.42, (255, 236, 196), 0.4)
    sheet.ellipse((0.02, 0.31), (0.26, 0.05), (150, 70, 70), alpha=0.45, blur=0.014)
    for y, r, tall in ((0.29, 0.22, 0.06), (0.225, 0.16, 0.06)):
        sheet.block((0.0, y), (2 * r, tall), (236, 134, 124), to=(206, 100, 98))
        sheet.ellipse((0.0, y + tall / 2), (r, r * 0.16), (206, 100, 98))
        sheet.ellipse((0.0, y - tall / 2), (r, r * 0.16), (250, 178, 160))
    sheet.block((0.0, 0.165), (0.12, 0.05), (120, 84, 66), to=(92, 60, 48), radius=0.012)
    sheet.ellipse((0.0, 0.02), (0.135, 0.135), (255, 250, 230), to=(255, 214, 140))
    sheet.ellipse((-0.045, -0.035), (0.03, 0.04), (255, 255, 250), alpha=0.8, blur=0.008, angle=30)
    for x, y, r in ((-0.24, -0.3, 0.014), (0.2, -0.34, 0.02), (0.21, 0.1, 0.012), (-0.2, 0.16, 0.016)):
        sheet.ellipse((x, y), (r, r), (255, 236, 220))
    return sheet.finished(rng)
