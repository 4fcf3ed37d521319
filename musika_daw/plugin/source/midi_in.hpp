// What the host's MIDI plays, handed to the engine: it makes lines and harmony of it. Audio thread.
#pragma once

#include <cstdint>

#include "parameters.hpp"
#include "segment.hpp"

namespace musika {

class MidiIn {
public:
    explicit MidiIn(Segment& segment) : segment_(segment) {}

    /// Whether a message makes the harmony, which is heard from its frame on.
    static bool is_harmony(const uint8_t* message, uint32_t size);

    /// The host has come to a place; by a jump, from `left`. Whether the song changes there by what was played in.
    bool arrive(bool playing, double quarters, double a_frame, bool jumped, double left);

    /// Takes a message at its place; whether the song changes by it.
    bool take(const uint8_t* message, uint32_t size, double quarters);

    /// What was played in holds no more: the host stops, or a bounce begins. Whether the song changes by it.
    bool forget(double quarters);

    /// Quarters of the next place where the song may change by what was played in; infinite if it cannot.
    double next_bar() const;

    /// Events that were handed over, from the start on.
    uint64_t count() const { return count_; }

private:
    Segment& segment_;
    uint64_t count_ = 0;
    bool playing_ = false;
    int64_t bar_ = 0;
    int recent_bars_ = 0;   // that end before keys which move now are forgotten
    bool anything_ = false; // was played in since all was forgotten

    void write(uint32_t kind, double quarters, const uint8_t* message = nullptr);
};

}  // namespace musika
