"""What every embedder promises: rows of unit length that do not depend on their neighbours, silence where it is due."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

import numpy as np
import pytest

from sestina.core.errors import MissingExtra, SestinaError
from sestina.core.prompting import ModelSetting
from sestina.core.registry import embedders
from sestina.core.roles import Embedder
from tests.models.noise import noise

NAMES = embedders.names()
TINY = ("siglip", "clip", "perception")
"""Those with weights: small random checkpoints stand in."""
Get = Callable[[str], Embedder]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Get:
    """Return what makes an embedder, once; skips where a package is missing."""
    folder = tmp_path_factory.mktemp("embedders")

    @cache
    def made(name: str) -> Embedder:
        lacking = [package for package in embedders.get(name).packages if find_spec(package) is None]
        if lacking:
            pytest.skip(f"{name} needs {', '.join(lacking)}")
        if name in TINY:
            from sestina.models._tiny import save_tiny

            save_tiny(name, folder / name)
        embedder: Embedder = embedders.get(name).make(ModelSetting(name=str(folder / name)))
        return embedder

    return made


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_rows_of_unit_length_free_of_their_neighbours(get: Get, name: str) -> None:
    embedder, pictures = get(name), noise(3)
    rows = embedder.images(pictures)
    assert rows.shape == (3, embedder.width)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows, np.concatenate([embedder.images([one]) for one in pictures[::-1]])[::-1], atol=1e-5)
    assert np.array_equal(rows, embedder.images(pictures))


@pytest.mark.parametrize("name", NAMES)
def test_texts_too_and_a_text_without_words_is_a_row_of_zeros(get: Get, name: str) -> None:
    embedder = get(name)
    texts = ["a red car", "", "two blue birds in the sky above a town", "?!", "red " * 400]
    rows = embedder.texts(texts)
    assert rows.shape == (5, embedder.width)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1, 0, 1], atol=1e-5)
    assert np.allclose(rows, np.concatenate([embedder.texts([one]) for one in texts]), atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_gives_no_rows(get: Get, name: str) -> None:
    embedder = get(name)
    assert embedder.images([]).shape == embedder.texts([]).shape == (0, embedder.width)


@pytest.mark.parametrize("name", NAMES)
def test_another_picture_lies_elsewhere(get: Get, name: str) -> None:
    one, other = get(name).images([*noise(1, seed=1), *noise(1, seed=2)])
    assert float(one @ other) < 1 - 1e-6


@pytest.mark.parametrize("name", TINY)
def test_weights_that_are_not_here_and_not_allowed_are_a_named_error(name: str) -> None:
    with pytest.raises(SestinaError) as error:
        embedders.get(name).make(ModelSetting(name="nobody/no-such-weights"))
    assert "pip install" in error.value.hint or "--yes" in error.value.hint


@pytest.mark.parametrize(("name", "kind"), [("siglip", "clip"), ("clip", "siglip")])
def test_a_checkpoint_of_another_kind_is_named(get: Get, tmp_path_factory: pytest.TempPathFactory, name: str,
                                               kind: str) -> None:  # fmt: skip
    get(name)
    from sestina.models._tiny import save_tiny

    folder = tmp_path_factory.mktemp("wrong")
    save_tiny(kind, folder)
    with pytest.raises(SestinaError, match=f"is a {kind}, not"):
        embedders.get(name).make(ModelSetting(name=str(folder)))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_installed_is_named(name: str) -> None:
    entry = embedders.get(name)
    if all(find_spec(package) is not None for package in entry.packages):
        pytest.skip(f"everything {name} needs is installed here")
    with pytest.raises(MissingExtra):
        entry.make(ModelSetting())
