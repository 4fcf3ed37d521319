// The notes that are played, as MIDI, at the frames of their sound. Everything here runs in the audio thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "layout.hpp"

namespace musika {

/// A MIDI message at a frame of the host's block.
struct MidiMessage {
    uint32_t frame;
    uint8_t bytes[3];
};

class NotesOut {
public:
    /// Another block of the host's begins.
    void begin() { count_ = 0; }

    /// `frames` frames of a slot are played, from its frame `from` on, as those of the host's block from `at` on.
    /// `changed`: they do not follow on what was played before: what they do not play on ends.
    void play(const SlotNote* notes, uint32_t note_count, uint32_t from, uint32_t frames, uint32_t at, bool changed);

    /// Nothing is played from a frame of the host's block on.
    void stop(uint32_t at);

    const MidiMessage* messages() const { return messages_.data(); }
    size_t count() const { return count_; }

private:
    struct Sounding {
        uint8_t channel, pitch;
        int64_t left;  // frames until it ends
    };

    std::array<MidiMessage, 512> messages_;
    size_t count_ = 0;
    std::array<Sounding, 128> sounding_;
    size_t sounding_count_ = 0;

    void end(size_t number, uint32_t at);
    void start(const SlotNote& note, uint32_t at, int64_t left);
    void keep_what_goes_on(const SlotNote* notes, uint32_t note_count, uint32_t from, uint32_t at);
    void say(uint32_t at, uint8_t status, uint8_t pitch, uint8_t velocity);
};

}  // namespace musika
