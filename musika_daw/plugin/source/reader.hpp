// Plays a segment by song position. Everything here runs in the audio thread: no lock, no allocation, no system call.
#pragma once

#include <array>
#include <cstdint>

#include "notes_out.hpp"
#include "segment.hpp"

namespace musika {

/// What the host asks for, for one block of its.
struct Wanted {
    bool playing;
    double quarters;  // at the first frame
    double bpm;
    double made_bpm;  // in which the song is made: within a ramp, one that is near
    double rate;
    uint64_t serial;  // of the settings that hold
};

class Reader {
public:
    explicit Reader(Segment& segment) : segment_(segment) {}

    /// Whether all that a block needs is there, as a bounce needs it.
    bool complete(const Wanted& wanted, uint32_t frames);

    /// Writes `frames` of each of `CHANNELS` outputs, as those of the host's block from `at` on, and says their notes;
    /// false if something of it was not there.
    bool play(const Wanted& wanted, float* const* outputs, uint32_t at, uint32_t frames, NotesOut& notes);

private:
    static constexpr uint32_t FADE = 256;

    /// How one sound gives way to another.
    enum class Change {
        CROSS,  // two versions of one place
        OVER,   // a jump: the new sound is whole at once, so that its first stroke is, and the old one falls under it
    };

    /// A place in one version of the song that is being read.
    struct Voice {
        uint64_t version = 0;  // 0: silence
        int64_t position = 0;
        uint32_t quality = 0;
    };

    struct Found {
        int64_t slot = -1;
        uint32_t sequence = 0;
        uint32_t quality = 0;
    };

    Segment& segment_;
    std::array<Version, RECENT> known_{};  // versions that may be played, the wanted one first
    uint32_t known_count_ = 0;
    uint32_t known_first_ = 0;   // those before it wait for their place
    bool known_wanted_ = false;  // whether the first of the others is made of the settings that hold
    std::array<SlotNote, NOTES> notes_{};  // of the slot that was copied last
    uint32_t note_count_ = 0;
    Voice voice_;
    Voice fading_;
    uint32_t fade_left_ = 0;
    Change change_ = Change::CROSS;
    bool was_playing_ = false;
    double expected_ = 0.0;               // song position that follows, in quarters
    std::array<float, CHANNELS> last_{};  // samples that were played last
    std::array<float, CHANNELS> held_{};  // where a sound broke off of which nothing more is there

    void learn_versions(uint64_t serial);
    Found find(uint64_t version, int64_t position) const;
    Voice choose(const Wanted& wanted, double quarters, Found& found) const;
    uint32_t piece(const Voice& voice, const Found& found, float* const* outputs, uint32_t at, uint32_t frames);
    void begin_change(const Voice& voice, double quarters, const Wanted& wanted);
    void blend(float* const* outputs, uint32_t at, uint32_t frames);
};

/// The sample at which a song position lies.
int64_t sample_at(double quarters, double bpm, double rate);

}  // namespace musika
