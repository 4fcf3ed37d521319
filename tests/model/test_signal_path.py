"""Transforms, excitation and decoders: what is cut agrees with what is whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from musika_daw.model.autoencoder import (
    CONTEXT,
    FRAME,
    LATENT,
    AutoencoderSize,
    DrumAutoencoder,
    DrumSize,
    PitchedAutoencoder,
    PlainDrumAutoencoder,
    audio_margin,
)
from musika_daw.model.bands import band_matrix
from musika_daw.model.excitation import (
    CHOKE_SECONDS,
    RING_LENGTHS,
    RING_SECONDS,
    SAMPLE_RATE,
    TimedNote,
    excite,
    time_notes,
)
from musika_daw.model.stft import istft, margin, stft
from musika_daw.music.notes import Note

SIZE = AutoencoderSize(encoder=8, decoder=16, bands=40)
DRUM_SIZE = DrumSize(encoder=8, decoder=16, bands=40)


@pytest.mark.parametrize(("n", "hop"), [(1024, 256), (2048, 512), (512, 128)])
def test_a_signal_survives_the_transform_and_its_inverse(n: int, hop: int) -> None:
    x = torch.randn(2, 16 * hop + 2 * margin(n, hop))
    spectrum = stft(x, n, hop)
    assert spectrum.shape == (2, 16, n // 2 + 1)
    whole = slice(n - hop, -(n - hop))
    assert torch.allclose(istft(spectrum, n, hop)[:, whole], x[:, whole], atol=1e-5)


def test_a_full_scale_sine_has_magnitude_one() -> None:
    t = torch.arange(44100) / 44100
    bin_hz = 44100 / 2048
    assert stft(torch.sin(2 * math.pi * 50 * bin_hz * t)[None], 2048, 512).abs().max() == pytest.approx(1.0, abs=1e-3)


def test_bands_cover_every_bin_once() -> None:
    assert torch.allclose(band_matrix(80, 768).sum(0), torch.ones(768))


def test_the_excitation_is_a_function_of_position() -> None:
    notes = [TimedNote(1000, 9000, 40, slide=-5, cents=9), TimedNote(12000, 4000, 47), TimedNote(30000, 100, 88)]
    whole = excite(notes, 0, 60000)
    for start, samples in ((0, 7), (999, 5000), (15000, 20000), (59000, 1000)):
        assert np.array_equal(excite(notes, start, samples), whole[:, start : start + samples])


@pytest.mark.parametrize("pitch", [28, 45, 69, 100])
def test_the_excitation_is_in_tune(pitch: int) -> None:
    seconds = 4
    audio = excite([TimedNote(0, seconds * SAMPLE_RATE, pitch)], 0, seconds * SAMPLE_RATE)
    spectrum = np.abs(np.fft.rfft(audio[0] * np.hanning(audio.shape[1])))
    peak = int(spectrum.argmax())
    left, middle, right = np.log(spectrum[peak - 1 : peak + 2])
    hz = (peak + 0.5 * (left - right) / (left - 2 * middle + right)) / seconds
    assert abs(1200 * math.log2(hz / (440 * 2 ** ((pitch - 69) / 12)))) < 1.0


def test_a_glide_comes_home_and_detune_makes_width() -> None:
    straight = excite([TimedNote(0, 44100, 50)], 0, 44100)
    assert not straight[2].any()
    assert np.abs(excite([TimedNote(0, 44100, 50, cents=12)], 0, 44100)[2]).max() > 0.1
    gliding = excite([TimedNote(0, 44100, 50, slide=12)], 22050, 22050)
    spectrum = np.abs(np.fft.rfft(gliding[0]))
    assert abs(spectrum.argmax() * 2 - 440 * 2 ** ((50 - 69) / 12)) < 3


def test_a_note_rings_on_and_ends() -> None:
    note = TimedNote(0, 4410, 60)
    audio = np.abs(excite([note], 0, note.end + 4410)[0])
    later = int((0.1 + RING_SECONDS) * SAMPLE_RATE)
    assert audio[later : later + 500].max() == pytest.approx(audio[1000:4000].max() / math.e, rel=0.15)
    assert not audio[note.end :].any()


def test_the_next_note_of_a_line_chokes_what_rings() -> None:
    notes = [Note(0.0, 1.0, 33, 0.8), Note(1.0, 1.0, 45, 0.8)]
    rings, over = {}, 22050 + int(RING_LENGTHS * CHOKE_SECONDS * SAMPLE_RATE)
    for stem in ("bass", "chords"):
        timed = time_notes(stem, notes, lambda beat: round(22050 * beat), lambda beat: 0.5)
        assert time_notes(stem, [], lambda beat: round(beat), lambda beat: 0.0) == []
        assert [note.cents for note in timed] == [0.0, 0.0]
        rings[stem] = excite(timed[:1], 0, 44100)[0]
        assert np.array_equal(excite(timed, 0, 44100)[0], rings[stem] + excite(timed[1:], 0, 44100)[0])
    assert np.array_equal(rings["bass"][:22050], rings["chords"][:22050])
    assert not rings["bass"][over:].any() and np.abs(rings["chords"][over : over + 2000]).max() > 0.1


@pytest.mark.parametrize("kind", ["drums", "plain drums", "pitched"])
@torch.no_grad()
def test_decoding_in_chunks_equals_decoding_at_once(kind: str) -> None:
    torch.manual_seed(0)
    kinds = {"drums": DrumAutoencoder(DRUM_SIZE), "plain drums": PlainDrumAutoencoder(SIZE)}
    network = kinds.get(kind, PitchedAutoencoder(SIZE)).eval()
    frames = 40
    latents = torch.tanh(torch.randn(1, LATENT, frames))
    edge = audio_margin(network)
    strokes = [np.arange(5000, frames * FRAME, 17000)]
    kit = np.stack([np.where(np.arange(frames) < 20, 6000.0, 7000.0), *np.full((2, frames), 0.3)], 1)[None]
    notes = [TimedNote(i * 9000, 6000, 40 + i % 20, cents=8.0) for i in range(10)]

    def decode(first: int, count: int) -> torch.Tensor:
        part = latents[:, :, first : first + count]
        if not isinstance(network, PitchedAutoencoder):
            return network.audio(part, first, 0, kit[:, first : first + count], strokes)[0]
        source = torch.from_numpy(excite(notes, first * FRAME - edge, count * FRAME + 2 * edge))[None]
        return network.audio(part, network.excitation_spectra(source), torch.tensor([1]), first)[0]

    whole = decode(0, frames)[:, edge:]
    first, count = 16, 8
    part = decode(first - CONTEXT, count + 2 * CONTEXT)[:, edge + CONTEXT * FRAME :][:, : count * FRAME]
    wanted = whole[:, first * FRAME : (first + count) * FRAME]
    assert wanted.abs().max() > 1e-3
    assert torch.allclose(part, wanted, atol=1e-5)


@torch.no_grad()
def test_latents_are_bounded_and_run_at_the_frame_rate() -> None:
    drums, pitched = DrumAutoencoder(DRUM_SIZE), PitchedAutoencoder(SIZE)
    edge = audio_margin(drums)
    latents = drums.encode(torch.randn(1, 2, 6 * FRAME + 2 * edge))
    assert latents.shape == (1, LATENT, 6) and latents.abs().max() <= 1
    edge = audio_margin(pitched)
    source = pitched.excitation_spectra(torch.randn(1, 3, 6 * FRAME + 2 * edge))
    assert pitched.encode(torch.randn(1, 2, 6 * FRAME + 2 * edge), source).shape == (1, LATENT, 6)
