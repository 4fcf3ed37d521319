// What an editor shows of a plug-in that plays: written by the audio thread, read by the editor's.
#pragma once

#include <array>
#include <atomic>
#include <cmath>
#include <cstdint>

#include "parameters.hpp"

namespace musika {

class Glance {
public:
    /// Takes note of what a block brings out: peaks of the stems, and what was missing of it.
    void look(const float* const* outputs, uint32_t frames, double rate, bool playing, bool whole) {
        for (unsigned stem = 0; stem < STEM_COUNT; ++stem) {
            float peak = peaks_[stem].load(std::memory_order_relaxed);
            for (unsigned channel = 2 * (stem + 1); channel < 2 * (stem + 2); ++channel)
                for (uint32_t i = 0; i < frames; ++i)
                    peak = std::fmax(peak, std::fabs(outputs[channel][i]));
            peaks_[stem].store(peak, std::memory_order_relaxed);
        }
        late_ = whole ? std::fmax(0.0, late_ - frames / rate) : LATE_SECONDS;
        is_late_.store(playing && late_ > 0.0, std::memory_order_relaxed);
        is_playing_.store(playing, std::memory_order_relaxed);
    }

    /// The highest since the last time that it was asked for.
    float take_peak(unsigned stem) { return peaks_[stem].exchange(0.0f, std::memory_order_relaxed); }
    /// Something was not there in time a moment ago.
    bool late() const { return is_late_.load(std::memory_order_relaxed); }
    bool playing() const { return is_playing_.load(std::memory_order_relaxed); }

private:
    static constexpr double LATE_SECONDS = 1.0;

    std::array<std::atomic<float>, STEM_COUNT> peaks_{};
    std::atomic<bool> is_late_{false}, is_playing_{false};
    double late_ = 0.0;  // seconds for which it is still said
};

}  // namespace musika
